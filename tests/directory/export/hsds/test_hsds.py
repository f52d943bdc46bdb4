import copy
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from directory.export.draft_fields import to_draft_fields
from directory.export.hsds.organization import build_organization
from directory.export.hsds.profile import ATTRIBUTE_FIELDS, TERM_DEFINITIONS, profile_term, read_profile_attributes
from directory.geo import Disclosure, Point, Precision
from directory.publish import publish
from directory.records import Audience, Organization, PrivatePlace, StoredContact, StoredOrganization
from seed.resolve.row_statement import parse_statement
from seed.sources.hsds import hsds_reader as reader
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id, an_organization
from tests.directory.export.difficult_records import build_difficult_organizations, build_stored_record
from tests.directory.export.exported_tables import build_test_info, export_bytes
from tests.directory.export.hsds_rules import find_violations
from tests.seed.sources.formats.hsds_samples import FULL

audiences = pytest.mark.parametrize("audience", Audience)


def publish_for(entry: StoredOrganization, audience: Audience = Audience.PUBLIC) -> Organization:
    organization = publish(entry, audience, NOW, lambda _: True)
    assert organization is not None
    return organization


def page(organizations: list[Organization], audience: Audience = Audience.PUBLIC) -> Any:
    return json.loads(export_bytes("hsds-json", organizations, audience))


@pytest.mark.slow
@audiences
def test_every_record_follows_the_rules_of_hsds(audience: Audience) -> None:
    for one in build_difficult_organizations(200, audience):
        assert list(find_violations(json.loads(json.dumps(build_organization(one, build_test_info(audience)))))) == []


def list_ids(value: Any) -> list[str]:
    """Return the ids of an object and of its nested objects, without those it refers to."""
    if isinstance(value, list):
        return [found for one in value for found in list_ids(one)]
    if not isinstance(value, dict):
        return []
    within = [one for field, one in value.items() if field not in ("taxonomy_term", "location")]
    return [value["id"], *(found for one in within for found in list_ids(one))]


def test_ids_are_unique() -> None:
    for one in build_difficult_organizations(100):
        found = list_ids(build_organization(one, build_test_info()))
        assert len(set(found)) == len(found)


def test_a_page_has_counts() -> None:
    organizations = build_difficult_organizations(20)
    found = page(organizations)
    assert found["total_items"] == found["size"] == len(found["contents"]) == len(organizations)
    assert page([])["contents"] == []
    assert page([])["empty"] is True


def test_an_organization_has_one_service_with_its_themes_and_areas() -> None:
    themes = {"issue_areas": ("housing",), "work_areas": ("organizing",)}
    one = an_organization("Union", **themes, service_areas=("US-GA",), languages=("es",))
    (service,) = build_organization(one, build_test_info())["services"]
    assert (service["name"], service["status"]) == ("Membership work: Union", "active")
    assert [attribute["taxonomy_term"]["code"] for attribute in service["attributes"]] == ["housing", "organizing"]
    assert [area["name"] for area in service["service_areas"]] == ["Georgia"]
    assert [(language["code"], language["name"]) for language in service["languages"]] == [("es", "Spanish")]


def test_a_required_description_is_not_imported_as_ours() -> None:
    summary, description = {"summary": "In short"}, {"description": "At length"}
    for fields in ({}, summary, description, {**summary, **description}):
        one = an_organization("Union", **fields)
        assert build_organization(one, build_test_info())["description"]
        (row,) = reader.read_document(page([one]), "x.json").rows
        assert {field: row.fields[field] for field in ("summary", "description") if field in row.fields} == fields


# ---------------------------------------------------------------- places


PRIVATE_PLACE = PrivatePlace("12 Hidden Lane", Point(33.7490001, -84.3880001))


def place(disclosure: Disclosure | None, name: str | None = None) -> Any:
    site = replace(
        a_stored_location(postal_code="30303", known=Precision.EXACT, private=PRIVATE_PLACE, disclosure=disclosure), name=name
    )
    (location,) = build_organization(publish_for(a_stored_organization(sites=(site,))), build_test_info())["locations"]
    return location


def test_a_published_address_is_complete() -> None:
    location = place(Disclosure.EXACT)
    (address,) = location["addresses"]
    assert (address["address_1"], address["city"], address["state_province"]) == ("12 Hidden Lane", "Atlanta", "GA")
    assert (location["latitude"], location["longitude"]) == (33.7490001, -84.3880001)
    assert dict(read_profile_attributes(location)) == {"precision": "EXACT", "disclosure": "EXACT"}


@pytest.mark.parametrize("disclosure", [None, *(one for one in Disclosure if one is not Disclosure.EXACT)])
def test_a_withheld_address_is_left_out_with_the_reason_and_never_blank(disclosure: Disclosure | None) -> None:
    location = place(disclosure, name="The shelter on Hidden Lane")
    assert "addresses" not in location
    attributes = dict(read_profile_attributes(location))
    assert attributes["address"] == f"Withheld: the disclosure of this location is {attributes['disclosure']}."
    text = json.dumps(location)
    assert "Hidden Lane" not in text
    assert "33.7490001" not in text


def test_a_point_has_a_precision_and_a_hidden_location_has_no_point() -> None:
    city, hidden = place(Disclosure.CITY), place(Disclosure.HIDDEN)
    assert dict(read_profile_attributes(city))["precision"] == "CITY"
    assert float(dict(read_profile_attributes(city))["radius_km"]) > 0
    assert "latitude" not in hidden
    assert dict(read_profile_attributes(hidden))["precision"] == "UNKNOWN"


def test_an_incomplete_address_names_its_missing_parts() -> None:
    site = a_stored_location(private=PrivatePlace("1 Main St", None), disclosure=Disclosure.EXACT)
    (location,) = build_organization(publish_for(a_stored_organization(sites=(site,))), build_test_info())["locations"]
    assert dict(read_profile_attributes(location))["address"] == "Incomplete: no postal code is stated."
    assert dict(read_profile_attributes(location))["street"] == "1 Main St"


def test_hidden_data_does_not_affect_ids_or_numbers() -> None:
    def contact(audience: Audience, name: str) -> StoredContact:
        return StoredContact(name=name, audience=audience)

    seen = contact(Audience.PUBLIC, "Ana")
    alone = a_stored_organization(contacts=(seen,), sites=(a_stored_location(disclosure=Disclosure.CITY),))
    more = a_stored_organization(
        contacts=(contact(Audience.STAFF, "Eve"), contact(Audience.MEMBERS, "Mia"), seen),
        sites=(a_stored_location(disclosure=Disclosure.CITY, private=PRIVATE_PLACE),),
    )
    for name in ("hsds", "hsds-json", "geojson", "json-ld", "murmurations"):
        assert export_bytes(name, [publish_for(more)]) == export_bytes(name, [publish_for(alone)])


# ---------------------------------------------------------------- in and out


def build_record(fields: dict[str, Any], id: str) -> StoredOrganization:
    return build_stored_record({"slug": "harbor", **fields}, id)


@audiences
def test_a_complete_organization_survives_import_and_export(audience: Audience) -> None:
    (row,) = reader.read_document([copy.deepcopy(FULL)], "full.json").rows
    entry = build_record(dict(row.fields), an_id("harbor"))
    for disclosure in (None, Disclosure.EXACT, Disclosure.HIDDEN):
        record = build_record({**row.fields, "locations": [{**row.fields["locations"][0], "disclosure": disclosure}]}, entry.id)  # type: ignore[index]
        organization = publish_for(record, audience)
        (again,) = reader.read_document(page([organization], audience), "again.json").rows
        assert again.fields == to_draft_fields(organization, audience)
        assert publish_for(build_record(dict(again.fields), entry.id), audience) == organization
    statement = parse_statement(row, key="hsds", today=NOW.date()).record
    for field in ("name", "names", "description", "founded", "website", "links", "identifiers", "contacts", "issue_areas"):
        assert getattr(statement, field), field


def test_other_programs_find_the_usual_fields() -> None:
    (row,) = reader.read_document([copy.deepcopy(FULL)], "full.json").rows
    location = {**row.fields["locations"][0], "disclosure": "EXACT"}  # type: ignore[index]
    entry = build_record({**row.fields, "locations": [location]}, an_id("harbor"))
    found = build_organization(publish_for(entry, Audience.STAFF), build_test_info(Audience.STAFF))
    for field in ("name", "alternate_name", "description", "email", "year_incorporated"):
        assert found[field] == FULL[field]
    assert found["organization_identifiers"][0]["identifier"] == "52-1633883"
    assert found["locations"][0]["addresses"][0]["postal_code"] == "30303"
    assert [service["assured_date"] for service in found["services"]] == ["2024-05-01"]


def test_a_term_of_the_profile_is_recognized_by_its_id() -> None:
    ours = {"taxonomy_term": profile_term("slug"), "value": "harbor"}
    assert read_profile_attributes({"attributes": [ours]}) == [("slug", "harbor")]
    assert (
        read_profile_attributes({"attributes": [{"taxonomy_term": {**profile_term("slug"), "id": "another"}, "value": "x"}]})
        == []
    )
    assert read_profile_attributes({"attributes": "none"}) == []


def test_every_term_of_the_profile_is_in_the_docs() -> None:
    folder = Path(__file__).parents[4] / "docs"
    page = (folder / "hsds.md").read_text(encoding="utf-8")
    table_of_fields = (folder / "exporting.md").read_text(encoding="utf-8")
    for code, meaning in TERM_DEFINITIONS.items():
        if code in ATTRIBUTE_FIELDS:
            assert f"`attribute {code}`" in table_of_fields
        else:
            assert f"| `{code}` | {meaning} |\n" in page
