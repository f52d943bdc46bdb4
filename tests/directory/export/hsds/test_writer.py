import csv
import io
import json
import re
import zipfile
from pathlib import Path

import frictionless
import pytest

from directory.records import Audience
from seed.sources.hsds.linked_tables import find_table_by_file_name
from tests.builders import a_location_at, an_id, an_organization
from tests.directory.export.difficult_records import build_difficult_organizations
from tests.directory.export.exported_tables import export_bytes

FORMULAS = ("=", "+", "-", "@")


def read_tables(audience: Audience = Audience.PUBLIC, count: int = 100) -> dict[str, list[dict[str, str]]]:
    data = io.BytesIO(export_bytes("hsds", build_difficult_organizations(count, audience), audience))
    with zipfile.ZipFile(data) as content:
        return {name: read_rows(content.read(name)) for name in content.namelist() if name.endswith(".csv")}


def read_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def find_frictionless_errors(content: bytes, folder: Path) -> list[str]:
    """Validate the package with Frictionless: columns, types, formats, required cells, primary and foreign keys."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        package.extractall(folder)
    limit = csv.field_size_limit()
    try:
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
    finally:
        csv.field_size_limit(limit)  # Frictionless raises this limit, which belongs to the whole process
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    return [error.message for error in errors]


@pytest.mark.slow
@pytest.mark.parametrize("audience", Audience)
def test_the_package_is_valid_for_frictionless(audience: Audience, tmp_path: Path) -> None:
    content = export_bytes("hsds", build_difficult_organizations(100, audience), audience)
    assert find_frictionless_errors(content, tmp_path) == []


def test_a_small_package_and_an_empty_one_are_valid_for_frictionless(tmp_path: Path) -> None:
    assert find_frictionless_errors(export_bytes("hsds", build_difficult_organizations(10)), tmp_path / "some") == []
    assert find_frictionless_errors(export_bytes("hsds", []), tmp_path / "none") == []


def test_frictionless_notices_a_dangling_key_a_missing_cell_and_a_wrong_number(tmp_path: Path) -> None:
    """The validation above would be worthless if it accepted anything."""
    content = export_bytes("hsds", [an_organization("Union", locations=(a_location_at(33.7, -84.4),))])
    for table, valid, invalid in (
        ("locations.csv", an_id("Union"), an_id("Nobody")),
        ("organizations.csv", "Union", ""),
        ("locations.csv", "33.7", "north"),
    ):
        folder = tmp_path / f"{table}-{valid}"
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            package.extractall(folder)
        (folder / table).write_text((folder / table).read_text().replace(valid, invalid))
        limit = csv.field_size_limit()
    try:
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
    finally:
        csv.field_size_limit(limit)  # Frictionless raises this limit, which belongs to the whole process
        assert not report.valid, (table, invalid)


def test_the_package_has_exactly_the_tables_in_its_descriptor() -> None:
    with zipfile.ZipFile(io.BytesIO(export_bytes("hsds", build_difficult_organizations(2)))) as content:
        resources = json.loads(content.read("datapackage.json"))["resources"]
        assert {resource["path"] for resource in resources} | {"datapackage.json"} == set(content.namelist())


def test_attributes_and_metadata_refer_to_rows() -> None:
    tables = read_tables()
    known = {row["id"] for rows in tables.values() for row in rows}
    assert {row["link_id"] for row in tables["attributes.csv"]} <= known
    assert {row["resource_id"] for row in tables["metadata.csv"]} <= known


def is_formula(cell: str) -> bool:
    return cell.startswith(FORMULAS) and not re.fullmatch(r"\+\d+|-\d+(\.\d+)?", cell)


@pytest.mark.slow
def test_no_cell_is_a_formula() -> None:
    for rows in read_tables(Audience.STAFF, 300).values():
        assert [cell for row in rows for cell in row.values() if is_formula(cell)] == []


def test_tables_have_the_names_of_hsds() -> None:
    assert all(find_table_by_file_name(name) == name.removesuffix(".csv") for name in read_tables())


def test_the_same_records_give_the_same_bytes() -> None:
    organizations = [an_organization("Union")]
    assert export_bytes("hsds", organizations) == export_bytes("hsds", organizations)


def test_an_empty_package_contains_only_the_terms() -> None:
    with zipfile.ZipFile(io.BytesIO(export_bytes("hsds", []))) as content:
        assert read_rows(content.read("organizations.csv")) == []
        assert read_rows(content.read("taxonomy_terms.csv"))


@pytest.mark.parametrize("count", [0, 2])
def test_json_is_one_page_with_everything(count: int) -> None:
    page = json.loads(export_bytes("hsds-json", [an_organization(f"Union {number}") for number in range(count)]))
    del page["about"]
    assert len(page.pop("contents")) == count
    assert page == {
        "total_items": count,
        "total_pages": 1,
        "page_number": 1,
        "size": count,
        "first_page": True,
        "last_page": True,
        "empty": count == 0,
    }
