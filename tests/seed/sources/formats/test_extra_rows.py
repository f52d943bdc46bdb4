"""Rows that are not records: headings within the list, totals, notes and headings that come again."""

from collections.abc import Sequence

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from directory.text import fold
from seed.sources.formats.extra_rows import MAX_SHOWN_ROWS, ExtraKind, ExtraRow, ExtraRowFinder, describe_extra_rows

HEADINGS = ("No", "Group", "City", "State")
FULL = (("1", "Harbor Tenants Union", "Tucson", "AZ"), ("2", "Casa Abierta", "Mesa", "AZ"), ("3", "Mijente Norte", "Yuma", "AZ"))


def find_kinds(*rows: Sequence[str], headings: Sequence[str] | None = HEADINGS, start: int = 2) -> dict[int, ExtraKind]:
    """Return the kinds of extra rows by number. A row without text is an empty line."""
    numbered = [(number, cells) for number, cells in enumerate(rows, start=start) if any(cells)]
    finder = ExtraRowFinder(headings, [cells for _, cells in numbered])
    for number, cells in numbered:
        finder.add(number, cells)
    return {row.number: row.kind for row in finder.finish()}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ALLIES / NON-VOTING", ExtraKind.SECTION),
        ("Former members", ExtraKind.SECTION),
        ("Georgia", ExtraKind.SECTION),
        ("Region 4", ExtraKind.SECTION),
        ("Northern chapters:", ExtraKind.SECTION),
        ("Miembros nuevos", ExtraKind.SECTION),
        ("TOTAL", ExtraKind.TOTAL),
        ("Total members: 12", ExtraKind.TOTAL),
        ("2 groups in AZ", ExtraKind.TOTAL),
        ("14 miembros", ExtraKind.TOTAL),
        ("* Dues of chapters are paid by the parent", ExtraKind.NOTE),
        ("Note: call before you visit", ExtraKind.NOTE),
        ("Prepared by the office", ExtraKind.NOTE),
        (
            "We thank all groups that sent us their new addresses after the floods, and ask the others to do so.",
            ExtraKind.NOTE,
        ),
    ],
)
@pytest.mark.parametrize("column", [0, 1])
def test_a_text_alone_in_its_row_is_left_out_if_it_shows_what_it_is(text: str, kind: ExtraKind, column: int) -> None:
    cells = ["", "", "", ""]
    cells[column] = text
    assert find_kinds(*FULL[:2], cells, *FULL[2:]) == {4: kind}


@pytest.mark.parametrize(
    "name", ["Sunrise Kitchen", "Total Liberation", "Mijente", "Friends of the River", "ACLU", "9 to 5", "3 Groups Bakery"]
)
def test_a_name_alone_in_its_row_stays(name: str) -> None:
    assert find_kinds(*FULL[:2], ("", name, "", ""), *FULL[2:]) == {}


def test_a_text_among_numbers_and_capitals_among_names_stand_out() -> None:
    assert find_kinds(*FULL[:2], ("Friends from afar", "", "", ""), *FULL[2:]) == {4: ExtraKind.SECTION}
    assert find_kinds(*FULL[:2], ("", "FRIENDS FROM AFAR", "", ""), *FULL[2:]) == {4: ExtraKind.SECTION}
    capitals = [(number, name.upper(), *rest) for number, name, *rest in FULL]
    assert find_kinds(*capitals[:2], ("", "FRIENDS FROM AFAR", "", ""), *capitals[2:]) == {}


def test_rows_below_an_empty_line_at_the_end_are_notes() -> None:
    assert find_kinds(*FULL, (), ("Sent by Ana", "", "", ""), ("with love", "", "", "")) == {6: ExtraKind.NOTE, 7: ExtraKind.NOTE}
    named = [("", *cells[1:], cells[0]) for cells in FULL]
    footer = ((), ("", "Sent by Ana", "", ""), ("", "with love", "", ""))
    assert find_kinds(*named, *footer) == {6: ExtraKind.NOTE, 7: ExtraKind.NOTE}
    assert find_kinds(*named, ("", "Sunrise Kitchen", "", "")) == {}
    assert find_kinds(*named[:2], (), ("", "Sunrise Kitchen", "", ""), *named[2:]) == {}


def test_totals_have_only_numbers_beside_them() -> None:
    assert find_kinds(*FULL, ("Total", "", "12", "$ 400.00")) == {5: ExtraKind.TOTAL}
    assert find_kinds(*FULL, ("Total", "Members", "Tucson", "AZ")) == {}


def test_headings_come_again_in_joined_lists() -> None:
    again = tuple(map(str.upper, HEADINGS))
    assert fold(again[1]) == fold(HEADINGS[1])
    assert find_kinds(*FULL, again, *FULL) == {5: ExtraKind.HEADINGS}
    assert find_kinds(*FULL, again, *FULL, headings=None) == {}


def test_in_a_narrow_table_every_row_stays() -> None:
    assert find_kinds(("Harbor Union", "AZ"), ("Georgia", ""), ("TOTAL", ""), headings=("Name", "State")) == {}


def test_notes_name_the_first_rows_of_each_kind() -> None:
    rows = [ExtraRow(number, "TOTAL", ExtraKind.TOTAL) for number in range(1, MAX_SHOWN_ROWS + 3)]
    rows.append(ExtraRow(3, "Allies  and\nfriends " * 9, ExtraKind.SECTION))
    section, total = describe_extra_rows(rows)
    assert section.startswith('Left out as a heading within the list: row 3 "Allies and friends Allies')
    assert "\n" not in section
    assert total.endswith(" and 2 more.")
    assert list(describe_extra_rows([])) == []


WORDS = st.sampled_from(
    ["Casa", "TOTAL", "Union", "GEORGIA", "Members", "12", "* note", "Notes:", "ALLIES / NON-VOTING", "Mijente"]
)


@given(st.lists(st.lists(st.one_of(st.just(""), WORDS), min_size=4, max_size=4), min_size=4, max_size=30))
def test_only_rows_of_one_cell_totals_and_headings_are_left_out(rows: list[list[str]]) -> None:
    kinds = find_kinds(*rows)
    for number, cells in enumerate(rows, start=2):
        filled = [cell for cell in cells if cell]
        if number in kinds and len(filled) > 1:
            assert kinds[number] is ExtraKind.TOTAL
            assert filled[0] == "TOTAL"
            assert set(filled[1:]) == {"12"}
        event("left out" if number in kinds else "kept")
    assert all(kinds[number] is not ExtraKind.SECTION for number in kinds if number > _find_last_full_row(rows))


def _find_last_full_row(rows: Sequence[Sequence[str]]) -> int:
    return max((number for number, cells in enumerate(rows, start=2) if sum(map(bool, cells)) > 1), default=0)
