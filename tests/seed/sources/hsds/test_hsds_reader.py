"""HSDS in all shapes: pages, lines, services, linked tables in folders and ZIPs, and our own exports."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import pytest

from directory.errors import BadInput, TooLarge
from directory.export.draft_fields import to_draft_fields
from directory.records import Audience
from seed.resolve.row_statement import parse_statement
from seed.rows import Table
from seed.sources.hsds import hsds_reader
from seed.sources.hsds.organization import UNMAPPED_PREFIX
from tests.builders import NOW
from tests.directory.export.difficult_records import build_difficult_organizations
from tests.directory.export.exported_tables import export_bytes
from tests.seed.sources.formats.hsds_samples import FULL, SERVICE, TABLES, a_full_row, list_places, the_only_row


def a_folder(tmp_path: Path, **files: str) -> Path:
    for name, text in {**TABLES, **files}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("../elsewhere.csv", "organizations.csv is a link to a file outside its folder. Put the file itself in the folder."),
        ("..", "organizations.csv is a link to a file outside its folder. Put the file itself in the folder."),
        ("nothing.csv", "organizations.csv is a broken link. Put the file itself in the folder."),
        ("organizations.csv", "organizations.csv is a broken link. Put the file itself in the folder."),
        ("inner/out.csv", "organizations.csv is a link to a file outside its folder. Put the file itself in the folder."),
    ],
)
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, target: str, sentence: str) -> None:
    (tmp_path / "elsewhere.csv").write_text("id,name\n1,Root\n", encoding="utf-8")
    (tmp_path / "list" / "inner").mkdir(parents=True)
    (tmp_path / "list" / "inner" / "out.csv").symlink_to("../../elsewhere.csv")
    folder = a_folder(tmp_path / "list")
    (folder / "organizations.csv").unlink()
    (folder / "organizations.csv").symlink_to(target)
    with pytest.raises(BadInput) as refusal:
        hsds_reader.read_folder(folder)
    assert refusal.value.user_message == sentence


def test_a_link_within_the_folder_and_to_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "list").mkdir()
    folder = a_folder(tmp_path / "list")
    read = [row.fields for row in hsds_reader.read_folder(folder).rows]
    (folder / "organizations.csv").rename(folder / "organizations of May.txt")
    (folder / "organizations.csv").symlink_to("organizations of May.txt")
    (folder / "notes.txt").symlink_to("/")  # not read
    (tmp_path / "linked").symlink_to("list")
    assert [row.fields for row in hsds_reader.read_folder(tmp_path / "linked").rows] == read


def a_zip(folder: str = "", **files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {**TABLES, **files}.items():
            package.writestr(folder + name, text)
    return out.getvalue()


# ---------------------------------------------------------------- shapes of JSON


def test_a_page_and_lines() -> None:
    page = {"total_items": 1, "contents": [FULL]}
    assert hsds_reader.is_hsds(page)
    assert the_only_row(hsds_reader.read_document(page, "page.json")).fields == a_full_row().fields
    data = b"\xef\xbb\xbf" + json.dumps(FULL).encode() + b"\r\n\n{broken\n[]\n"
    assert hsds_reader.is_hsds_lines(data)
    good, broken, no_record = hsds_reader.read_hsds_lines(data, "x.ndjson").rows
    assert good.fields == a_full_row().fields
    assert [(row.number, len(row.problems)) for row in (broken, no_record)] == [(3, 1), (4, 1)]


def test_organizations_with_only_locations_are_recognized() -> None:
    address = {"address_1": "12 Broad St", "city": "Macon", "state_province": "GA", "postal_code": "31201", "country": "US"}
    listed = [
        {"id": f"o{number}", "name": f"Union {number}", "locations": [{"id": "l", "addresses": [address]}]} for number in (1, 2)
    ]
    assert hsds_reader.is_hsds(listed)
    rows = list(hsds_reader.read_document(listed, "list.json").rows)
    assert [row.fields["name"] for row in rows] == ["Union 1", "Union 2"]
    assert rows[0].fields["locations"][0]["city"] == "Macon"  # type: ignore[index]
    assert not hsds_reader.is_hsds([{"id": "1", "name": "Union", "locations": [{"city": "Macon", "state": "GA"}]}])
    assert not hsds_reader.is_hsds([{"id": "1", "name": "Union", "locations": "Macon"}])


def test_services_are_put_together_by_their_organizations() -> None:
    organization = {field: value for field, value in FULL.items() if field != "services"}
    second = {"id": "other", "name": "Rent school", "status": "active", "description": "Classes", "organization": organization}
    listed = [{**SERVICE, "organization": organization}, second, {**SERVICE}]
    assert hsds_reader.is_hsds(listed)
    first, orphan = hsds_reader.read_document(listed, "services.json").rows
    assert first.fields == a_full_row().fields
    assert first.cells[f"{UNMAPPED_PREFIX}services[1].description"] == "Classes"
    assert "does not name its organization" in orphan.problems[0].message
    assert (first.number, orphan.number) == (1, 3)


def test_tables_in_one_object() -> None:
    tables = {
        "organizations.csv": [{"id": "a", "name": "Harbor", "year_incorporated": 1987}],
        "organization_identifiers.csv": [
            {"id": "b", "organization_id": "a", "identifier_scheme": "GB-COH", "identifier": "01234567"}
        ],
    }
    assert hsds_reader.is_hsds(tables)
    assert the_only_row(hsds_reader.read_document(tables, "tabular.json")).fields["identifiers"] == [
        {"scheme": "GB-COH", "value": "01234567"}
    ]


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
def test_other_json_is_not_hsds(value: object) -> None:
    assert not hsds_reader.is_hsds(value)
    assert not hsds_reader.is_hsds_lines(json.dumps(value).encode())


# ---------------------------------------------------------------- tables


def test_a_folder_of_linked_tables(tmp_path: Path) -> None:
    dataset = hsds_reader.read_folder(a_folder(tmp_path))
    first, second = dataset.rows
    assert [(row.file, row.number, row.source_id) for row in (first, second)] == [
        ("organizations.csv", 2, "1"),
        ("organizations.csv", 3, "2"),
    ]
    assert first.fields["identifiers"] == [{"scheme": "US-EIN", "value": "52-1633883"}]
    assert [place["street"] for place in list_places(first)] == ["100 Peachtree St, Suite 5"]
    assert first.fields["contacts"] == [
        {"role": "Office", "email": "info@tenants.example.org"},
        {"name": "Ana Ejemplo", "role": "Coordinator", "phone": "+14045889763", "phone_extension": "7"},
        {"role": "Front desk", "phone": "+14045889761"},
    ]
    assert first.fields["service_areas"] == ["US-GA-121", "US-GA-089"]
    assert first.fields["issue_areas"] == ["housing", "tenants"]
    assert first.fields["communities"] == ["youth"]
    assert set(first.unknown_terms) == {"Basket weaving"}
    assert "locations" not in second.fields


def test_rows_of_no_organization_are_reported(tmp_path: Path) -> None:
    notes = hsds_reader.read_folder(a_folder(tmp_path)).notes
    assert any(note.startswith("locations.csv: 1 row belongs to no organization") and note.endswith("(row 4).") for note in notes)
    assert any("mail_addresses (1)" in note for note in notes)


def test_a_zip_is_read_like_a_folder(tmp_path: Path) -> None:
    expected = [row.fields for row in hsds_reader.read_folder(a_folder(tmp_path)).rows]
    assert [row.fields for row in hsds_reader.read_zip(a_zip(), "x.zip").rows] == expected
    assert [row.fields for row in hsds_reader.read_zip(a_zip("data/"), "x.zip").rows] == expected


def test_a_data_package_states_its_title_and_date() -> None:
    described = json.dumps({"title": "Harbor directory", "created": "2026-01-02T00:00:00Z"})
    dataset = hsds_reader.read_zip(a_zip(**{"datapackage.json": described}), "x.zip")
    assert (dataset.title, dataset.date, dataset.has_provenance) == ("Harbor directory", dt.date(2026, 1, 2), False)
    spoilt = hsds_reader.read_zip(a_zip(**{"datapackage.json": "../../elsewhere"}), "x.zip")
    assert spoilt.notes[0].startswith("datapackage.json cannot be read")


def test_a_package_without_organizations_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("phones.csv", TABLES["phones.csv"])
    with pytest.raises(BadInput, match=r"no organizations\.csv"):
        hsds_reader.read_zip(out.getvalue(), "x.zip")
    with pytest.raises(BadInput, match=r"no organizations\.csv"):
        hsds_reader.read_folder(tmp_path)


def test_the_limits_hold_for_packages() -> None:
    with pytest.raises(TooLarge):
        hsds_reader.read_zip(a_zip(**{"services.csv": "id,name\n1," + "x" * 40_000 + "\n"}), "x.zip")
    with pytest.raises(TooLarge):
        hsds_reader.read_zip(a_zip(**{"organizations.csv": "id,name\n" + "1,x\n" * 50_001}), "x.zip")


@pytest.mark.parametrize("table", [name for name in TABLES if name != "organizations.csv"])
def test_a_linked_table_alone_says_what_to_import(table: str) -> None:
    sentence = hsds_reader.explain_linked_table(TABLES[table].partition("\n")[0].split(","))
    assert sentence is not None
    assert "organizations.csv" in sentence


def test_organizations_alone_are_read() -> None:
    headings, *rows = [tuple(line.split(",")) for line in TABLES["organizations.csv"].replace('"', "").splitlines()[:2]]
    assert hsds_reader.is_organizations_table(headings)
    assert hsds_reader.explain_linked_table(headings) is None
    row = the_only_row(hsds_reader.read_organizations_table(Table("organizations.csv", headings, list(enumerate(rows, start=2)))))
    assert (row.number, row.source_id, row.fields["founded"]) == (2, "1", 1987)


# ---------------------------------------------------------------- our own exports


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("name", ["hsds", "hsds-json"])
def test_what_we_write_is_read_back_as_it_was_stated(name: str, audience: Audience) -> None:
    organizations = build_difficult_organizations(120, audience)
    data = export_bytes(name, organizations, audience)
    dataset = hsds_reader.read_zip(data, "x.zip") if name == "hsds" else hsds_reader.read_document(json.loads(data), "x.json")
    rows = list(dataset.rows)
    assert dataset.has_provenance
    assert dataset.notes == ()
    assert [row.fields for row in rows] == [to_draft_fields(one, audience) for one in organizations]


def test_a_damaged_record_of_ours_is_rejected_without_an_error() -> None:
    data = json.loads(export_bytes("hsds-json", build_difficult_organizations(40)))
    for one in data["contents"]:
        one["year_incorporated"] = "long ago"
    for row in hsds_reader.read_document(data, "x.json").rows:
        with pytest.raises(BadInput):
            parse_statement(row, key="own", today=NOW.date(), is_strict=True)
