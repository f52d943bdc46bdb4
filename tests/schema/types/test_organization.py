"""Every field of an organization, as a client reads it."""

from msgspec.structs import fields

from directory.records import Audience, Organization
from directory.search.snapshot import Snapshot, SnapshotState
from schema.context import Context
from schema.execution.execute import answer_document
from schema.fields import to_camel_case
from schema.schema import SCHEMA
from schema.types.global_ids import GlobalId
from tests.builders import NOW, an_id, an_organization
from tests.schema.conftest import Ask

ELSEWHERE: set[str] = set()  # fields of the record that GraphQL does not have under the same name


def test_no_field_of_the_record_is_forgotten() -> None:
    shown = SCHEMA.type_map["Organization"].fields  # type: ignore[attr-defined]
    assert {to_camel_case(field.name) for field in fields(Organization)} - shown.keys() == ELSEWHERE


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
    found = body["data"]["organization"]
    assert found["names"] == [{"name": "HTU", "kind": "ACRONYM", "language": None}]
    assert found["languages"] == [{"tag": "en", "label": "Inglés"}, {"tag": "es", "label": "Español"}]
    assert found["locations"][0]["precision"] == "CITY"
    assert {"code": "US-GA"} in found["locations"][0]["regions"]
    assert found["serviceAreas"] == [{"name": "Fulton County"}]
    assert found["nationwide"] is False
    assert found["contacts"][0]["languages"] == [{"tag": "es"}]
    assert found["membership"] == {"status": "ACTIVE", "joinedOn": "2020-05-01", "endedOn": None}
    assert found["parent"] == {"name": "Fair Roof Network", "branches": [{"name": "Harbor Tenants Union"}]}
    assert found["relations"][0] == {
        "kind": "PARTNER", "organization": None, "actor": "City of Atlanta", "note": None, "url": None,
    }  # fmt: skip
    assert found["sources"][0]["field"] == "issueAreas"
    assert found["sources"][0]["date"] == "2026-01-02"
    assert found["updatedAt"] == "2026-06-01T12:00:00Z"
    assert found["description"] is None
    assert found["links"] == []


def test_a_record_is_due_after_a_year_and_when_nobody_ever_confirmed_it(ask: Ask) -> None:
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
        Audience.PUBLIC, SnapshotState(1, "v"), [survivor], {"alder": survivor.id}, [], {loser: survivor.id}
    )
    document = "query ($id: ID!) { node(id: $id) { ... on Organization { slug } } organization(by: {id: $id}) { slug } }"
    for key, found in ((loser, {"slug": "alder"}), (an_id("Nobody"), None)):
        asked = {"id": str(GlobalId("Organization", key))}
        body = answer_document(document, asked, None, Context(snapshot, NOW)).body
        assert body["data"] == {"node": found, "organization": found}
