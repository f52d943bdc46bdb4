from pathlib import Path
from typing import Any

import pytest

from directory.errors import BadInput
from seed.readers.native import read
from seed.rows import Row


def rows(folder: Path, name: str, content: str | bytes) -> list[Row]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read(path))


def test_one_organization_a_file(tmp_path: Path) -> None:
    assert rows(tmp_path, "a.toml", 'name = "Union"') == [Row("a.toml", 1, {"name": "Union", "sources": []})]
    assert rows(tmp_path, "A.JSON", '\ufeff{"name": "Unión"}') == [Row("A.JSON", 1, {"name": "Unión", "sources": []})]


def test_several_organizations_a_file_are_counted_from_one(tmp_path: Path) -> None:
    found = rows(tmp_path, "a.json", '{"organizations": [{"name": "A"}, {"name": "B"}]}')
    assert [(row.number, row.stated["name"]) for row in found] == [(1, "A"), (2, "B")]
    assert rows(tmp_path, "none.json", '{"organizations": []}') == []


def test_a_source_of_several_fields_is_one_for_each(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "a.toml", '[[sources]]\nfields = ["name", "kind"]\ntitle = "A letter"\n[[sources]]\nfield = "names"')
    assert row.stated["sources"] == [
        {"title": "A letter", "field": "name"},
        {"title": "A letter", "field": "kind"},
        {"field": "names"},
    ]


@pytest.mark.parametrize("sources", ["a letter", [3], [{"fields": "name"}], {"field": "name"}])
def test_what_is_no_list_of_sources_is_left_for_the_draft(tmp_path: Path, sources: Any) -> None:
    import json

    (row,) = rows(tmp_path, "a.json", json.dumps({"sources": sources}))
    assert row.stated["sources"] == sources


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "name\nUnion"),
        ("a.toml", "name = "),
        ("a.json", "{"),
        ("a.json", "[]"),
        ("a.json", '"name"'),
        ("a.json", b'{"name": "\xff"}'),
        ("a.json", "[" * 100_000),
        ("a.json", '{"organizations": {"name": "A"}}'),
        ("a.json", '{"organizations": ["A"]}'),
        ("a.json", '{"organizations": [], "name": "A"}'),
    ],
)
def test_what_is_no_record_file_is_refused_by_its_name(tmp_path: Path, name: str, content: str | bytes) -> None:
    with pytest.raises(BadInput, match=name):
        rows(tmp_path, name, content)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.toml"):
        list(read(tmp_path / "gone.toml"))
