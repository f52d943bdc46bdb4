"""The values that a profile gives a meaning, and its mistakes."""

from pathlib import Path

import pytest

from directory.errors import BadInput
from seed.mapping.column_mapping import map_rows
from seed.mapping.profile import apply_profile, load_profile
from seed.rows import Table


def write_profile(folder: Path, text: str) -> Path:
    path = folder / "list.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_values_of_a_profile_replace_cells(tmp_path: Path) -> None:
    text = """
        [columns]
        Group = "name"
        Dues = "membership.status"
        Town = "location2.city"
        Tags = "tags"
        [values.membership]
        "Paid" = "active"
        "comp'd" = "ACTIVE"
        "?" = ""
        [values."location.city"]
        "N.O." = "New Orleans"
        [values.tags]
        "misc" = ""
    """
    profile = load_profile(write_profile(tmp_path, text))
    headings = ("Group", "Dues", "Town", "Tags")
    mapping, _ = apply_profile(profile, headings)
    cells = [("A", "PAID", "n.o.", "Housing; Misc"), ("B", "?", "Tucson", "misc"), ("C", "Comp’d", "", ""), ("D", "!", "", "")]
    rows = list(map_rows(Table("f", headings, list(enumerate(cells, start=2))), mapping))
    assert rows[0].fields == {
        "name": "A", "membership.status": "active", "location2.city": "New Orleans", "tags": ["Housing"]
    }  # fmt: skip
    assert rows[1].fields == {"name": "B", "location2.city": "Tucson"}
    assert [row.fields.get("membership.status") for row in rows[2:]] == ["ACTIVE", "!"]
    assert [(repair.column, repair.before, repair.after) for repair in rows[0].repairs] == [
        ("Dues", "PAID", "active"), ("Town", "n.o.", "New Orleans"), ("Tags", "Misc", "")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[values.membership]\n"Paid" = "paying"', '"paying" is not a value of membership.status. A membership is active'),
        ('[values.membership]\n"Paid" = 1', "this must be text in quotation marks"),
        ('[values.nonsense]\n"Paid" = "x"', 'there is no field "nonsense"'),
        ("[values]\nmembership = 'x'", "this must be a table"),
        ('[terms]\n"green" = "sustainability"', "Did you mean environment"),
        ("header = 0", "header: this must be true, false or the number of the line"),
    ],
)
def test_mistakes_in_values_are_named(tmp_path: Path, text: str, message: str) -> None:
    parts = text.partition("[") if text.startswith("header") else ("", "", "")
    content = f'{text}\n[columns]\nA = "name"' if parts[0] else f'[columns]\nA = "name"\n{text}'
    with pytest.raises(BadInput, match=r"list\.toml") as refusal:
        load_profile(write_profile(tmp_path, content))
    assert message in refusal.value.user_message
