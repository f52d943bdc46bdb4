"""Words around a number say whose it is: a personal number is left out, and one beside a name is not an office's."""

import pytest

from seed.clean.values.telephones import Telephone, parse_telephones

FIRST, SECOND = "+14045550100", "+14045550101"


@pytest.mark.parametrize(
    "note",
    [
        "personal",
        "Personal cell",
        "private",
        "unlisted",
        "confidential",
        "do not share",
        "home number",
        "Ana's home",
        "residencia",
    ],
)
def test_a_personal_number_is_left_out(note: str) -> None:
    for text in (f"404-555-0100 ({note}); 404-555-0101", f"{note}: 404-555-0100; 404-555-0101"):
        result = parse_telephones(text)
        assert result.value == (Telephone(SECOND),)
        assert "personal number" in result.problems[0]


@pytest.mark.parametrize("text", ["nursing home 404-555-0100", "404-555-0100 (home care)", "homeless line 404-555-0100"])
def test_other_homes_do_not_make_a_number_personal(text: str) -> None:
    assert parse_telephones(text).value == (Telephone(FIRST),)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        *(("Maria 404-555-0100", "Direct line"), ("404-555-0100 ask for Maria", None)),
        *(("404-555-0100 (Maria Ejemplo)", "Direct line"), ("call Maria: 404-555-0100", "Direct line")),
        *(("Maria cell 404-555-0100", "Cell"), ("Maria, fax 404-555-0100", "Fax")),
        *(("May to June: 404-555-0100", None), ("ask for the director 404-555-0100", None), ("Grace period 404-555-0100", None)),
    ],
)
def test_a_number_beside_a_name_is_a_persons(text: str, label: str | None) -> None:
    assert parse_telephones(text).value == (Telephone(FIRST, label=label),)
