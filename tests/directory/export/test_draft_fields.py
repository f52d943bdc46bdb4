import json
from typing import Any

import pytest
from msgspec.structs import replace

from cli.fictional.organizations import generate_fictional_organizations
from directory.drafts.organization_draft import OrganizationDraft
from directory.export.draft_fields import to_draft_fields
from directory.publish import publish
from directory.records import Audience, Organization, Source, StoredOrganization
from seed.network_records import load_network_dataset
from tests.builders import NOW, an_id, an_organization
from tests.directory.export.difficult_records import build_difficult_organizations, build_stored_record

audiences = pytest.mark.parametrize("audience", Audience)


def publish_for(record: StoredOrganization, audience: Audience) -> Organization:
    organization = publish(record, audience, NOW, lambda _: True)
    assert organization is not None
    return organization


@pytest.mark.slow
@audiences
def test_draft_fields_reproduce_the_published_record(audience: Audience) -> None:
    for one in build_difficult_organizations(300, audience):
        assert publish_for(build_stored_record(to_draft_fields(one, audience), one.id), audience) == one


@audiences
def test_reproduced_records_have_the_same_draft_fields(audience: Audience) -> None:
    for one in build_difficult_organizations(60, audience):
        again = publish_for(build_stored_record(to_draft_fields(one, audience), one.id), audience)
        assert to_draft_fields(again, audience) == to_draft_fields(one, audience)


def test_fictional_and_shipped_records_too() -> None:
    entries = [
        *generate_fictional_organizations(300),
        *(build_stored_record(dict(row.fields), an_id(str(row.number))) for row in load_network_dataset().rows),
    ]
    for record in entries:
        one = publish_for(record, Audience.STAFF)
        assert publish_for(build_stored_record(to_draft_fields(one, Audience.STAFF), one.id), Audience.STAFF) == one


def test_draft_fields_are_json_ready() -> None:
    for one in build_difficult_organizations(60):
        fields = to_draft_fields(one)
        assert json.loads(json.dumps(fields)) == fields


def test_every_field_except_updated_at_is_included() -> None:
    fields: set[str] = set()
    for one in build_difficult_organizations(100):
        fields |= to_draft_fields(one).keys()
    assert set(Organization.__struct_fields__) - fields == {"updated_at"}
    assert fields - {"id"} <= OrganizationDraft.model_fields.keys()


def test_empty_fields_are_left_out() -> None:
    fields = to_draft_fields(an_organization("Union"))
    assert fields == {"id": an_id("Union"), "slug": "union", "name": "Union", "kind": "OTHER", "membership": {"status": "ACTIVE"}}


def test_contacts_and_the_record_get_the_audience_of_the_export() -> None:
    one = publish_for(
        build_stored_record({"name": "Union", "contacts": [{"name": "Ana", "audience": "PUBLIC"}]}, an_id("u")), Audience.MEMBERS
    )
    assert to_draft_fields(one)["contacts"] == [{"name": "Ana", "audience": "PUBLIC"}]
    assert "audience" not in to_draft_fields(one)
    of_members = to_draft_fields(one, Audience.MEMBERS)
    assert (of_members["audience"], of_members["contacts"]) == ("MEMBERS", [{"name": "Ana", "audience": "MEMBERS"}])


# ---------------------------------------------------------------- places

SHELTER: dict[str, Any] = {"street": "12 Secret St", "city": "Selma", "state": "AL", "postal_code": "36701", "name": "Safe House"}
POINT = {"latitude": 32.4071, "longitude": -87.0211}


def place(**location: Any) -> dict[str, Any]:
    record = build_stored_record({"name": "Union", "locations": [{**SHELTER, **location}]}, an_id("u"))
    (fields,) = to_draft_fields(publish_for(record, Audience.STAFF), Audience.STAFF)["locations"]
    return dict(fields)


@pytest.mark.parametrize(
    ("disclosure", "fields"),
    [
        ("HIDDEN", {"state": "AL"}),
        ("STATE", {"state": "AL"}),
        ("COUNTY", {"state": "AL", "county": "Dallas County"}),
        ("CITY", {"state": "AL", "county": "Dallas County", "city": "Selma"}),
        ("POSTAL_CODE", {"state": "AL", "county": "Dallas County", "city": "Selma", "postal_code": "36701"}),
    ],
)
def test_a_withheld_street_and_point_are_never_included(disclosure: str, fields: dict[str, str]) -> None:
    assert place(disclosure=disclosure, **POINT) == {**fields, "country": "US", "disclosure": disclosure}


def test_an_exact_location_has_only_a_true_point() -> None:
    expected = {**SHELTER, "county": "Dallas County", "country": "US", "disclosure": "EXACT"}
    assert place(disclosure="EXACT", **POINT) == {**expected, **POINT}
    assert place(disclosure="EXACT", **POINT, known="STREET") == {**expected, **POINT, "known": "STREET"}
    assert place(disclosure="EXACT") == expected


def test_a_default_disclosure_is_included_as_its_result() -> None:
    assert place()["disclosure"] == "COUNTY"  # Selma has fewer than five ZIP codes
    record = build_stored_record({"name": "U", "issue_areas": ["gender-violence"], "locations": [SHELTER]}, an_id("u"))
    assert to_draft_fields(publish_for(record, Audience.STAFF))["locations"] == [
        {"state": "AL", "country": "US", "disclosure": "HIDDEN"}
    ]


def test_one_of_several_locations_is_primary() -> None:
    record = build_stored_record({"name": "U", "locations": [{"state": "GA"}, {"state": "AL", "is_primary": True}]}, an_id("u"))
    one, other = to_draft_fields(publish_for(record, Audience.PUBLIC))["locations"]
    assert ("is_primary" in one, other["is_primary"]) == (False, True)


def test_a_source_of_locations_reveals_no_more_than_the_record() -> None:
    one = an_organization(sources=(Source("locations", "A list"), Source("name", "A list")))
    assert [source.get("tells") for source in to_draft_fields(one)["sources"]] == ["HIDDEN", None]
    record = build_stored_record({"name": "U", "locations": [{**SHELTER, "disclosure": "CITY"}]}, an_id("u"))
    located = replace(publish_for(record, Audience.PUBLIC), sources=one.sources)
    assert [source.get("tells") for source in to_draft_fields(located)["sources"]] == ["CITY", None]
