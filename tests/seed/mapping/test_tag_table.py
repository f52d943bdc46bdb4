"""The table of tags: written with the unknown tags of a file, filled in by a person, and read."""

from pathlib import Path

import pytest

from directory.errors import BadInput
from seed.mapping.profile_values import read_tag_table, write_tag_table
from seed.rows import Row

ROWS = [
    Row("f", 2, {}, unknown_terms={"huertos": ("food-water",), "=sum, of": ()}),
    Row("f", 3, {}, unknown_terms={"huertos": ("food-water",)}),
    Row("f", 4, {}, unknown_terms={"misc": ("housing", "communities:youth")}),
]


def test_unknown_tags_are_written_most_frequent_first_and_come_back(tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    assert write_tag_table(ROWS, path) == 3
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[:2] == ["tag,term,nearest,rows", "huertos,,food-water,2"]
    assert read_tag_table(path) == {}
    filled = [line.replace(",,", ",communities:youth,", 1) for line in lines[1:]]
    path.write_text("\n".join([lines[0], *filled]))
    assert read_tag_table(path) == dict.fromkeys(["huertos", "=sum, of", "misc"], "communities:youth")


def test_a_term_is_a_slug_a_label_or_left_out(tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    path.write_text("Tag,Term\na,housing\nb,Vivienda\nc,-\nd,\ne,US-GA\n,housing\n")
    assert read_tag_table(path) == {"a": "housing", "b": "issue_areas:housing", "c": "", "e": "US-GA"}


def test_mistakes_are_named(tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    path.write_text("tag,term\na,housing\nb,sustainability\n")
    with pytest.raises(BadInput, match=r"tags.csv, row 3: there is no term .sustainability.. Did you mean environment"):
        read_tag_table(path)
    path.write_text("word,term\na,housing\n")
    with pytest.raises(BadInput, match="--save-tags"):
        read_tag_table(path)


def test_a_table_that_may_be_filled_in_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    assert write_tag_table([Row("f", 2, {})], path) == 0
    assert not path.exists()
    path.write_text("tag,term\nhuertos,housing\n")
    with pytest.raises(BadInput, match="already exists"):
        write_tag_table(ROWS, path)
    with pytest.raises(BadInput, match="cannot be written"):
        write_tag_table(ROWS, tmp_path / "none" / "tags.csv")
