"""JSON that is not in our own form: a list of plain objects is a table; JSON-LD and Murmurations profiles are rejected."""

import io
import json
from pathlib import Path

import pytest

from directory.errors import BadInput
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.dataset_loader import load_dataset
from tests.builders import a_stored_organization
from tests.seed.sample_files import JSON, NAME, NDJSON, export_bytes

HARBOR = {
    "organization": "Harbor Tenants Union",
    "address": {"street": "12 River St", "city": "Savannah", "state": "GA", "zip": 31401},
    "phone": "912-555-0100",
    "topics": ["housing", "food"],
    "staff": [{"name": "Ana"}, {"name": "Eva"}],
    "active": True,
}
CASA = {"organization": "Casa Abierta", "address": {"city": "Macon", "state": "GA"}, "topics": "immigration"}


def read(folder: Path, content: object, name: str = "list.json") -> Dataset:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (folder / name).write_bytes(data)
    return load_dataset(folder / name, ReadOptions(), io.BytesIO())


@pytest.mark.parametrize(
    "wrap", [lambda rows: rows, lambda rows: {"results": rows, "count": 2}, lambda rows: {"organizations": rows}]
)
def test_a_list_of_plain_objects_is_a_table(tmp_path: Path, wrap: object) -> None:
    dataset = read(tmp_path, wrap([HARBOR, CASA]))  # type: ignore[operator]
    first, second = dataset.rows
    assert (first.fields["name"], second.fields["name"]) == ("Harbor Tenants Union", "Casa Abierta")
    place = first.fields["locations"][0]  # type: ignore[index]
    assert (place["street"], place["city"], place["state"], place["postal_code"]) == ("12 River St", "Savannah", "GA", "31401")
    assert first.fields["issue_areas"] == ["housing", "food-water"]
    assert (first.number, first.problems) == (1, ())
    notes = " ".join(dataset.notes)
    assert "Lists within a record are not imported: staff." in notes
    assert "Ana" not in str(first.fields)
    assert dataset.profile is not None


def test_plain_objects_in_lines_are_a_table(tmp_path: Path) -> None:
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in (HARBOR, CASA))
    assert [row.fields["name"] for row in read(tmp_path, lines, "list.ndjson").rows] == ["Harbor Tenants Union", "Casa Abierta"]


def test_a_profile_maps_plain_objects(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[columns]\n"verein" = "name"\n"sitz.ort" = "location.city"\n')
    (row,) = read(tmp_path, [{"verein": "Harbor", "sitz": {"ort": "Macon"}}]).rows
    assert row.fields["name"] == "Harbor"


def test_our_own_records_stay_records(tmp_path: Path) -> None:
    entry = a_stored_organization(NAME, issue_areas=("housing",))
    files = {"a.json": JSON, "b.ndjson": NDJSON, "c.json": export_bytes("json", [entry]), "d.json": b'[{"name": "A"}]'}
    for name, data in files.items():
        dataset = read(tmp_path, data, name)
        assert dataset.has_provenance, name
        assert all(row.problems == () for row in dataset.rows)
    mistaken = {"name": "A", "locations": [{"city": "Macon", "state": "GA"}], "websit": "a.example"}
    assert read(tmp_path, [mistaken]).has_provenance, "a slip in our own form is reported as one"
    broken = read(tmp_path, b'{"organization": "A"}\n{"organization":\n', "broken.ndjson")
    assert [bool(row.problems) for row in broken.rows] == [False, True]


@pytest.mark.parametrize(
    ("name", "extension", "kind"), [("json-ld", "jsonld", "JSON-LD"), ("murmurations", "ndjson", "Murmurations")]
)
@pytest.mark.parametrize("count", [1, 3])
def test_exports_that_hold_a_part_are_rejected_in_one_sentence(
    tmp_path: Path, name: str, extension: str, kind: str, count: int
) -> None:
    entries = [a_stored_organization(f"{NAME} {number}") for number in range(count)]
    with pytest.raises(BadInput, match=kind) as refusal:
        read(tmp_path, export_bytes(name, entries), f"export.{extension}")
    assert refusal.value.user_message.startswith(f"export.{extension} is")
    assert "Import a table, or an export of a directory" in refusal.value.user_message


def test_a_list_that_is_too_wide_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="columns"):
        read(tmp_path, [{f"field {number}": "x" for number in range(201)}])
