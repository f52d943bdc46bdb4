import json
from typing import Any

import pytest
from msgspec.structs import replace

from cli.fictional.organizations import generate_fictional_organizations
from directory.drafts.organization_draft import OrganizationDraft
from directory.publish import publish
from directory.records import Audience, Organization, Source, StoredOrganization
from seed.export.draft_fields import to_draft_fields
from seed.network_records import load_network_dataset
from tests.builders import NOW, an_id, an_organization
from tests.seed.export.difficult_records import build_difficult_organizations, build_stored_record

audiences = pytest.mark.parametrize("audience", Audience)


def published(entry: StoredOrganization, audience: Audience) -> Organization:
    organization = publish(entry, audience, NOW, lambda _: True)
    assert organization is not None
    return organization


@pytest.mark.slow
@audiences
def test_what_is_stated_makes_the_very_same_published_record(audience: Audience) -> None:
    for one in build_difficult_organizations(300, audience):
        assert published(build_stored_record(to_draft_fields(one, audience), one.id), audience) == one


@audiences
def test_and_states_the_very_same_again(audience: Audience) -> None:
    for one in build_difficult_organizations(60, audience):
        again = published(build_stored_record(to_draft_fields(one, audience), one.id), audience)
        assert to_draft_fields(again, audience) == to_draft_fields(one, audience)


def test_fictional_and_shipped_records_too() -> None:
    entries = [
        *generate_fictional_organizations(300),
        *(build_stored_record(dict(row.fields), an_id(str(row.number))) for row in load_network_dataset().rows),
    ]
    for entry in entries:
        one = published(entry, Audience.STAFF)
        assert published(build_stored_record(to_draft_fields(one, Audience.STAFF), one.id), Audience.STAFF) == one


def test_all_of_it_is_json_as_it_stands() -> None:
    for one in build_difficult_organizations(60):
        stated = to_draft_fields(one)
        assert json.loads(json.dumps(stated)) == stated


def test_every_field_of_a_record_is_stated_but_when_it_was_updated() -> None:
    stated: set[str] = set()
    for one in build_difficult_organizations(100):
        stated |= to_draft_fields(one).keys()
    assert set(Organization.__struct_fields__) - stated == {"updated_at"}
    assert stated - {"id"} <= OrganizationDraft.model_fields.keys()


def test_what_is_not_there_is_not_stated_so_that_it_clears_nothing() -> None:
    stated = to_draft_fields(an_organization("Union"))
    assert stated == {"id": an_id("Union"), "slug": "union", "name": "Union", "kind": "OTHER", "membership": {"status": "ACTIVE"}}


def test_contacts_and_the_record_are_shown_no_wider_than_the_export() -> None:
    one = published(
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
    entry = build_stored_record({"name": "Union", "locations": [{**SHELTER, **location}]}, an_id("u"))
    (stated,) = to_draft_fields(published(entry, Audience.STAFF), Audience.STAFF)["locations"]
    return dict(stated)


@pytest.mark.parametrize(
    ("disclosure", "stated"),
    [
        ("HIDDEN", {"state": "AL"}),
        ("STATE", {"state": "AL"}),
        ("COUNTY", {"state": "AL", "county": "Dallas County"}),
        ("CITY", {"state": "AL", "county": "Dallas County", "city": "Selma"}),
        ("POSTAL_CODE", {"state": "AL", "county": "Dallas County", "city": "Selma", "postal_code": "36701"}),
    ],
)
def test_a_withheld_street_and_point_are_never_stated(disclosure: str, stated: dict[str, str]) -> None:
    assert place(disclosure=disclosure, **POINT) == {**stated, "country": "US", "disclosure": disclosure}


def test_an_exact_place_is_stated_with_its_point_only_where_that_is_the_true_one() -> None:
    told = {**SHELTER, "county": "Dallas County", "country": "US", "disclosure": "EXACT"}
    assert place(disclosure="EXACT", **POINT) == {**told, **POINT}
    assert place(disclosure="EXACT", **POINT, known="STREET") == {**told, **POINT, "known": "STREET"}
    assert place(disclosure="EXACT") == told


def test_the_default_of_a_place_is_stated_as_what_it_came_to() -> None:
    assert place()["disclosure"] == "COUNTY"  # Selma has fewer than five ZIP codes
    entry = build_stored_record({"name": "U", "issue_areas": ["gender-violence"], "locations": [SHELTER]}, an_id("u"))
    assert to_draft_fields(published(entry, Audience.STAFF))["locations"] == [
        {"state": "AL", "country": "US", "disclosure": "HIDDEN"}
    ]


def test_of_several_places_the_primary_one_says_so() -> None:
    entry = build_stored_record({"name": "U", "locations": [{"state": "GA"}, {"state": "AL", "is_primary": True}]}, an_id("u"))
    one, other = to_draft_fields(published(entry, Audience.PUBLIC))["locations"]
    assert ("is_primary" in one, other["is_primary"]) == (False, True)


def test_a_source_of_places_tells_them_no_more_exactly_than_they_are_told() -> None:
    one = an_organization(sources=(Source("locations", "A list"), Source("name", "A list")))
    assert [source.get("tells") for source in to_draft_fields(one)["sources"]] == ["HIDDEN", None]
    entry = build_stored_record({"name": "U", "locations": [{**SHELTER, "disclosure": "CITY"}]}, an_id("u"))
    located = replace(published(entry, Audience.PUBLIC), sources=one.sources)
    assert [source.get("tells") for source in to_draft_fields(located)["sources"]] == ["CITY", None]
