import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from directory.errors import BadInput
from seed.rows import Row
from seed.sources.own_records import MAX_LINE_SIZE, read_record_file, read_record_lines


def read_rows(folder: Path, name: str, content: str | bytes) -> list[Row]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_record_file(path))


def test_one_organization_a_file(tmp_path: Path) -> None:
    assert read_rows(tmp_path, "a.toml", 'name = "Union"') == [Row("a.toml", 1, {"name": "Union"})]
    assert read_rows(tmp_path, "A.JSON", '\ufeff{"name": "Unión"}') == [Row("A.JSON", 1, {"name": "Unión"})]


def test_several_organizations_a_file_are_counted_from_one(tmp_path: Path) -> None:
    rows = read_rows(tmp_path, "a.json", '{"organizations": [{"name": "A"}, {"name": "B"}]}')
    assert [(row.number, row.fields["name"]) for row in rows] == [(1, "A"), (2, "B")]
    assert read_rows(tmp_path, "none.json", '{"organizations": []}') == []


def test_a_list_and_an_export_with_its_head_hold_several(tmp_path: Path) -> None:
    assert [row.fields["name"] for row in read_rows(tmp_path, "a.json", '[{"name": "A"}, {"name": "B"}]')] == ["A", "B"]
    assert read_rows(tmp_path, "a.json", "[]") == []
    (row,) = read_rows(tmp_path, "a.json", '{"about": {"title": "T"}, "organizations": [{"name": "A"}]}')
    assert row.fields == {"name": "A"}


def test_one_organization_a_line(tmp_path: Path) -> None:
    rows = read_rows(tmp_path, "a.ndjson", b'\xef\xbb\xbf{"name": "A"}\r\n\r\n{"name": "Uni\xc3\xb3n"}')
    assert [(row.number, row.fields) for row in rows] == [(1, {"name": "A"}), (3, {"name": "Unión"})]


def test_data_for_other_programs_is_ignored(tmp_path: Path) -> None:
    beside = '"published": {"updated_at": "2024-05-01T00:00:00Z"}, "why it came back": "It is doubtful."'
    (row,) = read_rows(tmp_path, "a.ndjson", f'{{"name": "A", "same_as": "a-union", {beside}}}')
    assert row.fields == {"name": "A", "same_as": "a-union"}
    assert row.as_of == dt.date(2024, 5, 1)


@pytest.mark.parametrize("published", ["7", '{"updated_at": 7}', '{"updated_at": "soon"}', "[]", "{}"])
def test_a_record_without_a_date_has_none(tmp_path: Path, published: str) -> None:
    (row,) = read_rows(tmp_path, "a.ndjson", f'{{"name": "A", "published": {published}}}')
    assert (row.as_of, row.problems) == (None, ())


@pytest.mark.parametrize(
    "line", [b'{"name": ', b"[1]", b'"A"', b"7", b'{"name": "\xff"}', b"[" * 100_000, b"null", b'{"a": NaN}', b"\x00"]
)
def test_an_invalid_line_is_a_row_with_a_problem(tmp_path: Path, line: bytes) -> None:
    broken, sound = read_rows(tmp_path, "a.ndjson", line + b'\n{"name": "A"}\n')
    assert [len(broken.problems), broken.fields, broken.number] == [1, {}, 1]
    assert (sound.problems, sound.fields, sound.number) == ((), {"name": "A"}, 2)


def test_a_line_that_is_too_long_is_one_row_with_a_problem() -> None:
    lines = b'{"name": "' + b"A" * 3 * MAX_LINE_SIZE + b'"}\n{"name": "A"}\n'
    broken, sound = read_record_lines("a.ndjson", io.BytesIO(lines))
    assert "bytes" in broken.problems[0].message
    assert len(broken.cells["line"]) < 1_000
    assert (sound.fields, sound.number) == ({"name": "A"}, 2)


def test_an_invalid_record_is_a_row_with_a_problem(tmp_path: Path) -> None:
    broken, sound = read_rows(tmp_path, "a.json", '{"organizations": ["A", {"name": "B"}]}')
    assert "braces" in broken.problems[0].message
    assert (sound.number, sound.fields) == (2, {"name": "B"})


def test_a_source_of_several_fields_is_one_for_each(tmp_path: Path) -> None:
    (row,) = read_rows(
        tmp_path, "a.toml", '[[sources]]\nfields = ["name", "kind"]\ntitle = "A letter"\n[[sources]]\nfield = "names"'
    )
    assert row.fields["sources"] == [
        {"title": "A letter", "field": "name"},
        {"title": "A letter", "field": "kind"},
        {"field": "names"},
    ]


@pytest.mark.parametrize("sources", ["a letter", [3], [{"fields": "name"}], {"field": "name"}])
def test_invalid_sources_are_left_for_the_draft_to_reject(tmp_path: Path, sources: Any) -> None:
    import json

    (row,) = read_rows(tmp_path, "a.json", json.dumps({"sources": sources}))
    assert row.fields["sources"] == sources


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "name\nUnion"),
        ("a.toml", "name = "),
        ("a.json", "{"),
        ("a.json", '"name"'),
        ("a.json", b'{"name": "\xff"}'),
        ("a.json", "[" * 100_000),
        ("a.json", '{"organizations": {"name": "A"}}'),
        ("a.json", '{"organizations": [], "name": "A"}'),
    ],
)
def test_another_file_is_rejected_by_its_name(tmp_path: Path, name: str, content: str | bytes) -> None:
    with pytest.raises(BadInput, match=name):
        read_rows(tmp_path, name, content)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.toml"):
        list(read_record_file(tmp_path / "gone.toml"))
