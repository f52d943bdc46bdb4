"""An import plan in the terminal: every row is counted, and what needs a decision comes first."""

from cli.terminal_report import format_counts, format_plan
from cli.value_report import MAX_LINE_LENGTH, truncate
from directory.live import Directory
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import Plan
from seed.rows import Repair, Row
from tests.seed.plan_builders import EIN, NOW, a_dataset


def plan_rows(store: Store, *rows: Row, key: str = "a-list") -> Plan:
    return plan_import(a_dataset(rows, key=key), store, today=NOW.date())


def a_row(number: int, **fields: object) -> Row:
    return Row("list.csv", number, fields)


def test_every_row_is_counted_in_one_line(store: Store) -> None:
    assert format_counts(plan_rows(store)) == "0 rows: 0 created, 0 changed, 0 unchanged, 0 doubtful, 0 rejected."
    assert (
        format_counts(plan_rows(store, a_row(2, name="A"))) == "1 row: 1 created, 0 changed, 0 unchanged, 0 doubtful, 0 rejected."
    )
    many = plan_rows(store, *(a_row(number, name=f"Union {number}") for number in range(1200)))
    assert format_counts(many).startswith("1,200 rows: 1,200 created")


def test_rows_that_need_a_decision_come_first(store: Store) -> None:
    first = plan_rows(store, a_row(2, name="Tenants Union", identifiers=[EIN], founded=1986), a_row(3, name="Gone"), key="known")
    apply_plan(first, Directory(store), now=NOW, reason="test")
    text = "\n".join(
        format_plan(
            plan_rows(
                store,
                a_row(2, name="New One"),
                a_row(3, identifiers=[EIN], founded=1987),
                a_row(4, name="Gone"),
                a_row(5, name="", founded="soon"),
            )
        )
    )
    sections = ["Rejected (1)", "Doubtful: may already exist (1)", "Changed (1)", "Created (1)"]
    positions = [text.index(section) for section in sections]
    assert positions == sorted(positions)
    assert "  list.csv, row 5: no name" in text
    assert "    founded: 1986 → 1987" in text
    assert "    because US-EIN 52-1633883" in text
    assert "    Gone (gone): perhaps the same, " in text


def test_each_section_shows_a_limited_number_of_rows_and_counts_the_rest(store: Store) -> None:
    planned = plan_rows(store, *(a_row(number, name=f"Union {number}") for number in range(30)))
    lines = list(format_plan(planned, 3))
    assert sum(line.startswith("  list.csv, row") for line in lines) == 3
    assert any("and 27 more. To see all of them: --show 30 or --report FILE" in line for line in lines)
    assert sum(line.startswith("  list.csv, row") for line in format_plan(planned, 30)) == 30
    assert not [line for line in format_plan(planned, 0) if line.startswith("  list.csv, row")]


def test_equal_problems_are_one_group_with_three_examples(store: Store) -> None:
    wrong = [a_row(number, name=f"Union {number}", founded=2999, website="x", colour="red") for number in range(2, 8)]
    text = "\n".join(format_plan(plan_rows(store, *wrong, a_row(9, name="Other", founded=2999))))
    assert "Rejected (6)" in text
    assert "  6 rows: colour: There is no such field. Check its spelling or leave it out." in text
    assert text.count("There is no such field") == 1
    assert "    list.csv, row 4: Union 4\n    … and 3 more" in text


def test_values_of_one_column_that_differ_are_one_group(store: Store) -> None:
    rows = [
        Row(
            "list.csv",
            number,
            {"name": f"Union {number}", "locations": [{"city": "Omaha", "state": state}]},
            cells={"State": state},
            columns={"locations[0].state": "State"},
        )
        for number, state in enumerate(("Nebrasca", "Nebrascka", "Georgai"), start=2)
    ]
    text = "\n".join(format_plan(plan_rows(store, *rows)))
    assert "Values left out (3)" in text
    assert "  3 rows: State: Write its name or abbreviation, for example GA." in text
    assert '    list.csv, row 2: Union 2: "Nebrasca": "Nebrasca" is not a US state.' in text
    assert format_counts(plan_rows(store, *rows)).endswith("0 rejected. Imported with 3 values left out.")


def test_messages_have_no_codes(store: Store) -> None:
    text = "\n".join(format_plan(plan_rows(store, a_row(2, name="A", founded=2999), a_row(3, name="", id="x"))))
    assert "BAD_INPUT" not in text


def test_unknown_tags_are_counted_with_their_nearest_terms(store: Store) -> None:
    rows = [Row("f", number, {"name": f"A {number}"}, unknown_terms={"huertos": (), "housng": ("housing",)}) for number in (2, 3)]
    text = "\n".join(format_plan(plan_rows(store, *rows, Row("f", 4, {"name": "B"}, unknown_terms={"huertos": ()}))))
    assert "Unknown tags, not imported (2)" in text
    assert "  huertos (3)\n" in text
    assert "  housng (2); nearest: housing" in text


def test_repairs_are_grouped_by_their_reason_with_examples(store: Store) -> None:
    """Equal repairs are one example, and no line has more than one."""
    capitals = [Repair("Name", name, name.lower(), "ALL CAPS") for name in ("A", "B", "B", "C", "D")]
    others = [Repair("Zip", "1", "01"), Repair("E-mail", "", "", "left out"), Repair("About", "x" * 50, "", "too long")]
    rows = [Row("f", number, {"name": f"A {number}"}, repairs=(one,)) for number, one in enumerate((*capitals, *others), start=2)]
    lines = list(format_plan(plan_rows(store, *rows)))
    first = lines.index("\nRepaired (8). To see every repair: --report FILE")
    assert lines[first + 1 :] == [
        "  ALL CAPS (5)",
        '    Name: "B" → "b" (2)',
        '    Name: "A" → "a"',
        '    Name: "C" → "c"',
        "  other (1)",
        '    Zip: "1" → "01"',
        "  left out (1)",
        "  too long (1)",
        f'    About: "{"x" * 40} …"',
    ]
    assert list(format_plan(plan_rows(store, *rows), limit=1))[-1] == "  … and 3 other kinds of repairs"


def test_numbers_in_texts_are_shown_before_they_are_public(store: Store) -> None:
    rows = [a_row(number, name=f"Casa {number}", description="Call Ana at 404-555-0199.") for number in range(2, 5)]
    text = "\n".join(format_plan(plan_rows(store, *rows), limit=2))
    assert "Would be public in texts: telephone numbers and personal mailboxes (3). Check each of them" in text
    assert '  list.csv, row 2: Casa 2: description: "404-555-0199"\n' in text
    assert "  … and 1 more. To see all of them: --show 3" in text


def test_missing_records_state_whether_they_can_be_removed(store: Store) -> None:
    apply_plan(plan_rows(store, a_row(2, name="Mine")), Directory(store), now=NOW, reason="test")
    apply_plan(plan_rows(store, a_row(3, name="Shared", identifiers=[EIN])), Directory(store), now=NOW, reason="test")
    apply_plan(plan_rows(store, a_row(2, identifiers=[EIN], founded=1986), key="other"), Directory(store), now=NOW, reason="test")
    planned = plan_rows(store)
    text = "\n".join(format_plan(planned))
    assert format_counts(planned).endswith("; 2 missing.")
    assert "  Mine (mine)\n" in f"{text}\n"
    assert "  Shared (shared) (cannot be removed: other sources state it, or other records refer to it)" in text


def test_an_empty_plan_has_no_lines(store: Store) -> None:
    assert list(format_plan(plan_rows(store))) == []


def test_long_lines_are_cut() -> None:
    assert truncate("x" * MAX_LINE_LENGTH) == "x" * MAX_LINE_LENGTH
    assert truncate("x" * (MAX_LINE_LENGTH + 1)) == "x" * MAX_LINE_LENGTH + " …"
