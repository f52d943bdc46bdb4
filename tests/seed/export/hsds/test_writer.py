import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest

from directory.records import Audience
from seed.sources.hsds.layout import find_table_by_file_name
from tests.builders import an_organization
from tests.seed.export.difficult_records import build_difficult_organizations
from tests.seed.export.exported_tables import export_bytes

FORMULAS = ("=", "+", "-", "@")


def package(audience: Audience = Audience.PUBLIC, count: int = 100) -> dict[str, list[dict[str, str]]]:
    data = io.BytesIO(export_bytes("hsds", build_difficult_organizations(count, audience), audience))
    with zipfile.ZipFile(data) as content:
        return {name: _rows(content.read(name)) for name in content.namelist() if name.endswith(".csv")}


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def descriptor(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as content:
        return json.loads(content.read("datapackage.json"))


@pytest.mark.slow
@pytest.mark.parametrize("audience", Audience)
def test_tables_are_as_the_descriptor_says(audience: Audience) -> None:
    tables = package(audience)
    described = descriptor(export_bytes("hsds", build_difficult_organizations(2)))
    assert {one["path"] for one in described["resources"]} == tables.keys()
    for resource in described["resources"]:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        for row in tables[resource["path"]]:
            assert list(row) == list(fields)
            missing = [name for name, field in fields.items() if field.get("constraints", {}).get("required") and not row[name]]
            assert missing == []


@pytest.mark.parametrize("audience", Audience)
def test_every_key_leads_to_a_row_and_every_id_is_there_once(audience: Audience) -> None:
    tables = package(audience)
    described = descriptor(export_bytes("hsds", build_difficult_organizations(2)))
    paths = {resource["name"]: resource["path"] for resource in described["resources"]}
    for resource in described["resources"]:
        rows = tables[resource["path"]]
        assert len({row["id"] for row in rows}) == len(rows)
        for key in resource["schema"].get("foreignKeys", ()):
            known = {row["id"] for row in tables[paths[key["reference"]["resource"]]]}
            assert {row[key["fields"]] for row in rows} - {""} <= known


def test_attributes_and_metadata_lead_to_rows_too() -> None:
    tables = package()
    known = {row["id"] for rows in tables.values() for row in rows}
    assert {row["link_id"] for row in tables["attributes.csv"]} <= known
    assert {row["resource_id"] for row in tables["metadata.csv"]} <= known


def is_formula(cell: str) -> bool:
    return cell.startswith(FORMULAS) and not re.fullmatch(r"\+\d+|-\d+(\.\d+)?", cell)


@pytest.mark.slow
def test_no_cell_is_a_formula() -> None:
    for rows in package(Audience.STAFF, 300).values():
        assert [cell for row in rows for cell in row.values() if is_formula(cell)] == []


def test_tables_have_the_names_of_hsds() -> None:
    assert all(find_table_by_file_name(name) == name.removesuffix(".csv") for name in package())


def test_the_same_records_give_the_same_bytes() -> None:
    organizations = [an_organization("Union")]
    assert export_bytes("hsds", organizations) == export_bytes("hsds", organizations)


def test_nothing_gives_a_package_with_the_terms_alone() -> None:
    with zipfile.ZipFile(io.BytesIO(export_bytes("hsds", []))) as content:
        assert _rows(content.read("organizations.csv")) == []
        assert _rows(content.read("taxonomy_terms.csv"))
