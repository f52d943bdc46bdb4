"""A plan in the terminal: what wants a decision first, every row counted, and no more than a person reads."""

from cli.terminal_report import MAX_LINE_LENGTH, _truncate, format_counts, format_plan
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import Plan
from seed.rows import Repair, Row
from tests.seed.plan_builders import EIN, NOW, a_dataset


def made(store: Store, *rows: Row, key: str = "a-list") -> Plan:
    return plan_import(a_dataset(rows, key=key), store, today=NOW.date())


def a_row(number: int, **stated: object) -> Row:
    return Row("list.csv", number, stated)


def test_every_row_is_counted_in_one_line(store: Store) -> None:
    assert format_counts(made(store)) == "0 rows: 0 created, 0 changed, 0 unchanged, 0 doubtful, 0 refused."
    assert format_counts(made(store, a_row(2, name="A"))) == "1 row: 1 created, 0 changed, 0 unchanged, 0 doubtful, 0 refused."
    many = made(store, *(a_row(number, name=f"Union {number}") for number in range(1200)))
    assert format_counts(many).startswith("1,200 rows: 1,200 created")


def test_what_wants_a_decision_comes_first(store: Store) -> None:
    first = made(store, a_row(2, name="Tenants Union", identifiers=[EIN], founded=1986), a_row(3, name="Gone"), key="known")
    apply_plan(first, store, now=NOW, reason="test")
    text = "\n".join(
        format_plan(
            made(
                store,
                a_row(2, name="New One"),
                a_row(3, identifiers=[EIN], founded=1987),
                a_row(4, name="Gone"),
                a_row(5, name="", founded="soon"),
            )
        )
    )
    sections = ["Refused (1)", "Doubtful: may be here already (1)", "Changed (1)", "Created (1)"]
    places = [text.index(section) for section in sections]
    assert places == sorted(places)
    assert "  list.csv, row 5: no name" in text
    assert "    founded: 1986 → 1987" in text
    assert "    because US-EIN 52-1633883" in text
    assert "    Gone (gone): doubtful, " in text


def test_of_each_kind_so_many_rows_are_told_and_how_many_more_there_are(store: Store) -> None:
    planned = made(store, *(a_row(number, name=f"Union {number}") for number in range(30)))
    told = list(format_plan(planned, 3))
    assert sum(line.startswith("  list.csv, row") for line in told) == 3
    assert any("and 27 more; --show 30 or --report FILE tells all" in line for line in told)
    assert sum(line.startswith("  list.csv, row") for line in format_plan(planned, 30)) == 30
    assert not [line for line in format_plan(planned, 0) if line.startswith("  list.csv, row")]


def test_tags_that_nobody_knows_are_counted_with_what_is_near(store: Store) -> None:
    rows = [Row("f", number, {"name": f"A {number}"}, unknown_terms={"huertos": (), "housng": ("housing",)}) for number in (2, 3)]
    text = "\n".join(format_plan(made(store, *rows, Row("f", 4, {"name": "B"}, unknown_terms={"huertos": ()}))))
    assert "Tags that no vocabulary knows (2)" in text
    assert "  huertos (3)\n" in text
    assert "  housng (2); nearest: housing" in text


def test_repairs_are_counted_by_their_reason(store: Store) -> None:
    rows = [Row("f", number, {"name": f"A {number}"}, repairs=(Repair("Name", "A", "a", "ALL CAPS"),)) for number in (2, 3)]
    text = "\n".join(format_plan(made(store, *rows, Row("f", 4, {"name": "B"}, repairs=(Repair("ZIP", "1", "01"),)))))
    assert "Put right on the way: ALL CAPS (2), put right (1)." in text


def test_what_is_missing_says_whether_it_would_go(store: Store) -> None:
    apply_plan(made(store, a_row(2, name="Mine")), store, now=NOW, reason="test")
    apply_plan(made(store, a_row(3, name="Shared", identifiers=[EIN])), store, now=NOW, reason="test")
    apply_plan(made(store, a_row(2, identifiers=[EIN], founded=1986), key="other"), store, now=NOW, reason="test")
    planned = made(store)
    text = "\n".join(format_plan(planned))
    assert format_counts(planned).endswith("; 2 missing.")
    assert "  Mine (mine)\n" in f"{text}\n"
    assert "  Shared (shared) (others state it too, or refer to it: stays)" in text


def test_nothing_is_told_of_nothing(store: Store) -> None:
    assert list(format_plan(made(store))) == []


def test_a_line_is_cut_after_the_longest_that_is_shown() -> None:
    assert _truncate("x" * MAX_LINE_LENGTH) == "x" * MAX_LINE_LENGTH
    assert _truncate("x" * (MAX_LINE_LENGTH + 1)) == "x" * MAX_LINE_LENGTH + " …"
