"""Every field of an organization, as clients read it."""

from msgspec.structs import fields

from directory.records import Audience, Organization, RecordKind
from directory.search.snapshot import Snapshot, SnapshotState
from schema.context import Context
from schema.execution.execute import answer_document
from schema.fields import to_camel_case
from schema.schema import SCHEMA
from schema.types.global_ids import GlobalId
from tests.builders import NOW, an_id, an_organization, decode_body
from tests.schema.conftest import Ask

UNPUBLISHED_FIELDS: set[str] = set()  # fields of the record that GraphQL does not have under the same name


def test_every_field_of_the_record_is_in_the_schema() -> None:
    graphql_fields = SCHEMA.type_map["Organization"].fields  # type: ignore[attr-defined]
    assert {to_camel_case(field.name) for field in fields(Organization)} - graphql_fields.keys() == UNPUBLISHED_FIELDS


def test_all_fields(ask: Ask) -> None:
    body = ask("""{ organization(by: {slug: "harbor-tenants-union"}) {
      slug name names { name kind language } kind summary description founded website links { kind url }
      identifiers { scheme value } languages { tag label(language: "es") } issueAreas { slug }
      communities { slug } workAreas { slug }
      locations { name address { city } point { latitude longitude } precision radiusKm regions { code } isPrimary }
      serviceAreas { name } nationwide contacts { role name email phone phoneExtension languages { tag } }
      membership { status joinedOn endedOn } parent { name branches { name } } branches { name }
      relations { kind organization { name } actor note url } sources { field title url date }
      verifiedAt verificationDue updatedAt
    } }""")
    assert "errors" not in body
    organization = body["data"]["organization"]
    assert organization["names"] == [{"name": "HTU", "kind": "ACRONYM", "language": None}]
    assert organization["languages"] == [{"tag": "en", "label": "Inglés"}, {"tag": "es", "label": "Español"}]
    assert organization["locations"][0]["precision"] == "CITY"
    assert {"code": "US-GA"} in organization["locations"][0]["regions"]
    assert organization["serviceAreas"] == [{"name": "Fulton County"}]
    assert organization["nationwide"] is False
    assert organization["contacts"][0]["languages"] == [{"tag": "es"}]
    assert organization["membership"] == {"status": "ACTIVE", "joinedOn": "2020-05-01", "endedOn": None}
    assert organization["parent"] == {"name": "Fair Roof Network", "branches": [{"name": "Harbor Tenants Union"}]}
    assert organization["relations"][0] == {
        "kind": "PARTNER", "organization": None, "actor": "City of Atlanta", "note": None, "url": None,
    }  # fmt: skip
    assert organization["sources"][0]["field"] == "issueAreas"
    assert organization["sources"][0]["date"] == "2026-01-02"
    assert organization["updatedAt"] == "2026-06-01T12:00:00Z"
    assert organization["description"] is None
    assert organization["links"] == []


def test_verification_is_due_after_a_year_or_if_there_was_none(ask: Ask) -> None:
    body = ask("""query {
      a: organization(by: {slug: "harbor-tenants-union"}) { verificationDue }
      b: organization(by: {slug: "fair-roof-network"}) { verificationDue nationwide }
      c: organization(by: {slug: "quiet-house"}) { verificationDue verifiedAt }
    }""")
    assert body["data"] == {
        "a": {"verificationDue": False},
        "b": {"verificationDue": True, "nationwide": True},
        "c": {"verificationDue": True, "verifiedAt": None},
    }


def test_the_id_of_a_merged_record_leads_to_the_survivor() -> None:
    survivor, loser = an_organization("Alder"), an_id("Birch")
    snapshot = Snapshot.build(
        Audience.PUBLIC,
        SnapshotState(1, "v"),
        [survivor],
        {RecordKind.ORGANIZATION: {"alder": survivor.id}},
        [],
        {loser: survivor.id},
    )
    document = "query ($id: ID!) { node(id: $id) { ... on Organization { slug } } organization(by: {id: $id}) { slug } }"
    for key, expected in ((loser, {"slug": "alder"}), (an_id("Nobody"), None)):
        variables = {"id": str(GlobalId("Organization", key))}
        body = decode_body(answer_document(document, variables, None, Context(snapshot, NOW)))
        assert body["data"] == {"node": expected, "organization": expected}
