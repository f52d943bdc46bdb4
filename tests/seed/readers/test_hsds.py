import copy
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from directory.errors import BadInput, TooLarge
from directory.records import Audience
from seed.dataset import Dataset
from seed.readers import hsds
from seed.readers.hsds_untaken import UNTAKEN
from seed.rows import Row
from seed.statement import statement
from seed.tables import Table
from seed.writers.stated import as_stated
from tests.builders import NOW
from tests.seed.readers.hsds_samples import FULL, ORGANIZATION_ID, SERVICE, TABLES
from tests.seed.writers.nasty import nasty_organizations
from tests.seed.writers.tables import written

STRUCTURE = {"id", "location_type", "address_type", "type", "identifier_type", "taxonomy_term"}  # say how parts hang together


def only(dataset: Dataset) -> Row:
    (row,) = dataset.rows
    return row


def full(**changes: Any) -> Row:
    return only(hsds.document([{**copy.deepcopy(FULL), **changes}], "full.json"))


def a_folder(tmp_path: Path, **files: str) -> Path:
    for name, text in {**TABLES, **files}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def a_zip(folder: str = "", **files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {**TABLES, **files}.items():
            package.writestr(folder + name, text)
    return out.getvalue()


# ---------------------------------------------------------------- one organization in full


def test_all_that_the_model_holds_is_taken() -> None:
    row = full()
    assert row.problems == ()
    assert row.stated["name"] == "Harbor Tenants Union"
    assert row.stated["names"] == [{"name": "Harbor Tenants", "kind": "ALSO_KNOWN_AS"}]
    assert row.stated["description"] == "Tenants who organize.\n\nSince the flood."
    assert row.stated["website"] == "https://tenants.example.org/"
    assert row.stated["founded"] == 1987
    assert row.stated["links"] == [
        {"kind": "uri", "url": "https://register.example.org/77"},
        {"kind": "donate", "url": "https://give.example.org/tenants"},
    ]
    assert row.stated["identifiers"] == [{"scheme": "US-EIN", "value": "52-1633883"}]
    assert row.stated["languages"] == ["es", "ht"]
    assert row.stated["service_areas"] == ["US-GA-121"]
    assert row.stated["issue_areas"] == ["tenants"]
    assert row.stated["verified_at"] == dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    assert row.stated["verification_method"] == "OTHER"
    assert row.as_of == dt.date(2025, 2, 3)


def test_a_place_is_taken_whole_and_nobody_says_how_much_of_it_is_told() -> None:
    assert full().stated["locations"] == [
        {
            "name": "Harbor House",
            "street": "100 Peachtree St, Suite 5",
            "city": "Atlanta",
            "state": "GA",
            "postal_code": "30303",
            "country": "US",
            "latitude": 33.749,
            "longitude": -84.388,
        }
    ]


def test_contacts_say_who_they_are_and_nobody_says_whom_they_are_shown_to() -> None:
    assert full().stated["contacts"] == [
        {"role": "Office", "email": "info@tenants.example.org", "phone": "+14045889761", "phone_extension": "12"},
        {
            "name": "Ana Ejemplo",
            "role": "Coordinator, Intake",
            "email": "ana@tenants.example.org",
            "phone": "+14045889761",
            "phone_extension": "12",
            "languages": ["ht"],
        },
        {"role": "Hotline", "phone": "+14045880000"},
        {"email": "hotline@tenants.example.org"},
    ]


def test_a_named_person_is_for_members() -> None:
    said = statement(full(), key="hsds", today=NOW.date()).said
    assert {contact.audience for contact in said.contacts if contact.name} == {Audience.MEMBERS}


def test_its_id_is_the_sources_number_and_not_ours() -> None:
    row = full()
    assert row.source_id == ORGANIZATION_ID
    assert "id" not in row.stated
    assert "parent" not in row.stated


def test_every_word_is_taken_or_listed() -> None:
    row = full()
    told = "\n".join([*row.cells.values(), *row.unknown_terms, *(repair.before for repair in row.repairs)])
    missing = {path for path, text in leaves(FULL) if text not in told}
    assert missing <= {
        "services.last_modified",  # is as_of
        "additional_websites.label",  # is the kind of the link
        "organization_identifiers.identifier_scheme",
        *("services.languages.name", "locations.languages.name"),  # their codes are taken
        *(f"{where}phones.languages.name" for where in ("", "contacts.", "locations.", "locations.contacts.")),
        *(f"services.service_at_locations.location.{where}languages.name" for where in ("", "phones.", "contacts.phones.")),
    }


def leaves(record: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for field, value in record.items():
        if isinstance(value, list | dict) and field not in STRUCTURE:
            for one in value if isinstance(value, list) else [value]:
                yield from leaves(one, f"{path}{field}.")
        elif field not in STRUCTURE:
            yield f"{path}{field}", str(value)


def test_what_is_not_taken_is_listed_by_row_and_in_sum() -> None:
    dataset = hsds.document(copy.deepcopy(FULL), "full.json")
    cells = only(dataset).cells
    assert cells[f"{UNTAKEN}legal_status"] == "Nonprofit corporation"
    assert cells[f"{UNTAKEN}funding[0].source"] == "Dues and a fish fry"
    assert cells[f"{UNTAKEN}locations[0].addresses[0].attention"] == "Front desk"
    (note,) = dataset.notes
    for told in ("funding (1)", "schedules (1)", "service fees_description (1)", "programs (1)", "parent_organization_id (1)"):
        assert told in note


def test_an_unknown_term_and_an_area_that_is_no_region_are_told() -> None:
    service = {**SERVICE, "service_areas": [{"name": "Wherever the bus goes, and beyond"}]}
    assert set(full(services=[service]).unknown_terms) == {"Basket weaving", "Wherever the bus goes, and beyond"}


# ---------------------------------------------------------------- what files say that cannot be


@pytest.mark.parametrize("point", [(100, 101), (0, 0), ("x", "y"), (33.7, None), (float("nan"), 1), (-84.388, 33.749)])
def test_a_point_that_cannot_be_is_left_out_and_told(point: tuple[Any, Any]) -> None:
    row = full(locations=[{**FULL["locations"][0], "latitude": point[0], "longitude": point[1]}], services=[])
    (place,) = row.stated["locations"]  # type: ignore[attr-defined]
    assert place["city"] == "Atlanta"
    assert "latitude" not in place
    assert any(repair.reason == "no point that can be, left out" for repair in row.repairs)


@pytest.mark.parametrize("kind", ["virtual", "postal"])
def test_a_virtual_or_postal_location_is_no_place(kind: str) -> None:
    row = full(locations=[{**FULL["locations"][0], "location_type": kind}], services=[])
    assert "locations" not in row.stated
    assert any(repair.reason == f"a {kind} location is no place" for repair in row.repairs)


def test_a_postal_address_is_no_place_either() -> None:
    location = {"id": "1", "location_type": "physical", "addresses": [{"city": "Atlanta", "address_type": "postal"}]}
    row = full(locations=[location], services=[])
    assert "locations" not in row.stated
    assert any(repair.before == "Atlanta" and repair.reason == "a postal address is no place" for repair in row.repairs)


def test_an_unknown_state_is_refused_when_the_place_is_located() -> None:
    place = {"location_type": "physical", "addresses": [{"city": "Somewhere", "state_province": "MyState", "country": "US"}]}
    with pytest.raises(BadInput) as refused:
        statement(full(locations=[place], services=[]), key="hsds", today=NOW.date())
    assert [problem.where for problem in refused.value.params["problems"]] == ["locations[0].state"]  # type: ignore[attr-defined]


def test_a_number_that_cannot_be_is_a_problem_at_its_field() -> None:
    row = full(contacts=[], phones=[{"number": "123-456-7890"}], services=[], locations=[])
    assert [problem.where for problem in row.problems] == ["contacts[0].phone"]
    assert row.columns["contacts[0].phone"] == "phone"
    assert row.cells["phone"] == "123-456-7890"


def test_a_fax_number_is_told_and_not_kept() -> None:
    row = full(contacts=[], phones=[{"number": "404-588-9761", "type": "fax"}], services=[], locations=[], email=None)
    assert "contacts" not in row.stated
    assert [repair.reason for repair in row.repairs if repair.column == "phones"] == ["a fax number is not kept"]


@pytest.mark.parametrize("junk", [None, "text", 7, [None, 1, "x"], {"a": 1}, [[{}]], [{"id": {"x": []}}], True])
def test_parts_of_any_shape_break_nothing(junk: Any) -> None:
    for field in FULL.keys() - {"id", "name"}:
        row = full(**{field: junk})
        assert row.stated["name"] == "Harbor Tenants Union"


def test_an_organization_without_a_name_is_refused() -> None:
    row = full(name=" ")
    assert [problem.where for problem in row.problems] == ["name"]


def test_more_tags_and_contacts_than_a_list_takes_are_told() -> None:
    attributes = [{"taxonomy_term": {"name": f"Craft {number}"}} for number in range(150)]
    attributes.append({"taxonomy_term": {"name": "Housing"}})
    people = [{"name": f"Ana {number}"} for number in range(150)]
    row = full(attributes=attributes, contacts=people, services=[])
    assert row.problems == ()
    assert row.stated["issue_areas"] == ["housing"]
    assert {"only 100 tags are taken", "only 99 contacts are taken"} <= {repair.reason for repair in row.repairs}


# ---------------------------------------------------------------- shapes of JSON


def test_a_page_and_lines() -> None:
    page = {"total_items": 1, "contents": [FULL]}
    assert hsds.is_hsds(page)
    assert only(hsds.document(page, "page.json")).stated == full().stated
    data = b"\xef\xbb\xbf" + json.dumps(FULL).encode() + b"\r\n\n{broken\n[]\n"
    assert hsds.is_lines(data)
    good, broken, no_record = hsds.lines(data, "x.ndjson").rows
    assert good.stated == full().stated
    assert [(row.number, len(row.problems)) for row in (broken, no_record)] == [(3, 1), (4, 1)]


def test_services_are_put_together_by_their_organizations() -> None:
    organization = {field: value for field, value in FULL.items() if field != "services"}
    second = {"id": "other", "name": "Rent school", "status": "active", "description": "Classes", "organization": organization}
    listed = [{**SERVICE, "organization": organization}, second, {**SERVICE}]
    assert hsds.is_hsds(listed)
    first, orphan = hsds.document(listed, "services.json").rows
    assert first.stated == full().stated
    assert first.cells[f"{UNTAKEN}services[1].description"] == "Classes"
    assert "whose it is" in orphan.problems[0].message
    assert (first.number, orphan.number) == (1, 3)


def test_tables_in_one_object() -> None:
    tables = {
        "organizations.csv": [{"id": "a", "name": "Harbor", "year_incorporated": 1987}],
        "organization_identifiers.csv": [
            {"id": "b", "organization_id": "a", "identifier_scheme": "GB-COH", "identifier": "01234567"}
        ],
    }
    assert hsds.is_hsds(tables)
    assert only(hsds.document(tables, "tabular.json")).stated["identifiers"] == [{"scheme": "GB-COH", "value": "01234567"}]


@pytest.mark.parametrize(
    "value",
    [
        {"organizations": [{"name": "Union"}]},
        {"id": "1", "slug": "union", "name": "Union", "services": []},
        {"id": "1", "name": "Union"},
        {"type": "FeatureCollection", "features": []},
        {"contents": "page"},
        [{"name": "Union"}],
        [],
        7,
        None,
    ],
)
def test_other_json_is_none_of_it(value: object) -> None:
    assert not hsds.is_hsds(value)
    assert not hsds.is_lines(json.dumps(value).encode())


# ---------------------------------------------------------------- tables


def test_a_folder_of_linked_tables(tmp_path: Path) -> None:
    dataset = hsds.read_folder(a_folder(tmp_path))
    first, second = dataset.rows
    assert [(row.file, row.number, row.source_id) for row in (first, second)] == [
        ("organizations.csv", 2, "1"),
        ("organizations.csv", 3, "2"),
    ]
    assert first.stated["identifiers"] == [{"scheme": "US-EIN", "value": "52-1633883"}]
    assert [place["street"] for place in first.stated["locations"]] == ["100 Peachtree St, Suite 5"]  # type: ignore[attr-defined]
    assert first.stated["contacts"] == [
        {"role": "Office", "email": "info@tenants.example.org"},
        {"name": "Ana Ejemplo", "role": "Coordinator", "phone": "+14045889763", "phone_extension": "7"},
        {"role": "Front desk", "phone": "+14045889761"},
    ]
    assert first.stated["service_areas"] == ["US-GA-121", "US-GA-089"]
    assert first.stated["issue_areas"] == ["housing", "tenants"]
    assert first.stated["communities"] == ["youth"]
    assert set(first.unknown_terms) == {"Basket weaving"}
    assert "locations" not in second.stated


def test_rows_that_lead_to_no_organization_are_told(tmp_path: Path) -> None:
    notes = hsds.read_folder(a_folder(tmp_path)).notes
    assert any(note.startswith("locations.csv: 1 row belongs to none") and note.endswith("(row 4).") for note in notes)
    assert any("mail_addresses (1)" in note for note in notes)


def test_a_zip_is_read_like_a_folder(tmp_path: Path) -> None:
    expected = [row.stated for row in hsds.read_folder(a_folder(tmp_path)).rows]
    assert [row.stated for row in hsds.package(a_zip(), "x.zip").rows] == expected
    assert [row.stated for row in hsds.package(a_zip("data/"), "x.zip").rows] == expected


def test_a_data_package_says_what_it_is_called_and_of_which_day() -> None:
    described = json.dumps({"title": "Harbor directory", "created": "2026-01-02T00:00:00Z"})
    dataset = hsds.package(a_zip(**{"datapackage.json": described}), "x.zip")
    assert (dataset.title, dataset.date, dataset.states_sources) == ("Harbor directory", dt.date(2026, 1, 2), False)
    spoilt = hsds.package(a_zip(**{"datapackage.json": "../../elsewhere"}), "x.zip")
    assert spoilt.notes[0].startswith("datapackage.json cannot be read")


def test_a_package_without_organizations_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("phones.csv", TABLES["phones.csv"])
    with pytest.raises(BadInput, match=r"no organizations\.csv"):
        hsds.package(out.getvalue(), "x.zip")
    with pytest.raises(BadInput, match=r"no organizations\.csv"):
        hsds.read_folder(tmp_path)


def test_the_limits_hold_for_packages() -> None:
    with pytest.raises(TooLarge):
        hsds.package(a_zip(**{"services.csv": "id,name\n1," + "x" * 40_000 + "\n"}), "x.zip")
    with pytest.raises(TooLarge):
        hsds.package(a_zip(**{"organizations.csv": "id,name\n" + "1,x\n" * 50_001}), "x.zip")


@pytest.mark.parametrize("table", [name for name in TABLES if name != "organizations.csv"])
def test_a_linked_table_alone_says_what_to_feed(table: str) -> None:
    sentence = hsds.linked_table(TABLES[table].partition("\n")[0].split(","))
    assert sentence is not None
    assert "organizations.csv" in sentence


def test_organizations_alone_are_read() -> None:
    headings, *rows = [tuple(line.split(",")) for line in TABLES["organizations.csv"].replace('"', "").splitlines()[:2]]
    assert hsds.is_organizations(headings)
    assert hsds.linked_table(headings) is None
    row = only(hsds.organizations(Table("organizations.csv", headings, list(enumerate(rows, start=2)))))
    assert (row.number, row.source_id, row.stated["founded"]) == (2, "1", 1987)


# ---------------------------------------------------------------- our own exports


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", ["hsds", "hsds-json"])
def test_what_we_write_is_read_back_as_it_was_stated(name: str, audience: Audience) -> None:
    organizations = nasty_organizations(120, audience)
    data = written(name, organizations, audience)
    dataset = hsds.package(data, "x.zip") if name == "hsds" else hsds.document(json.loads(data), "x.json")
    rows = list(dataset.rows)
    assert dataset.states_sources
    assert dataset.notes == ()
    assert [row.stated for row in rows] == [as_stated(one, audience) for one in organizations]


def test_a_record_of_ours_that_a_person_has_spoilt_is_refused_and_breaks_nothing() -> None:
    data = json.loads(written("hsds-json", nasty_organizations(40)))
    for one in data["contents"]:
        one["year_incorporated"] = "long ago"
    for row in hsds.document(data, "x.json").rows:
        with pytest.raises(BadInput):
            statement(row, key="own", today=NOW.date())
