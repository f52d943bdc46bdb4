import pytest

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.store.store import Store
from seed.plan.planned_row import PlannedRow, RowAction
from seed.plan_report import build_plan_report, build_problem_report, build_row_report, display_name
from seed.rows import Row
from tests.seed.plan_builders import plan_rows, seed_rows

COLUMNS = {
    "name": "Organización",
    "location.state": "Estado",
    "location2.state": "Estado 2",
    "locations[0].city": "Ciudad",
    "contacts": "Contacto",
    "tags": "Temas",
}
CELLS = {"Organización": "X", "Estado": "Georgai", "Estado 2": "Alabma", "Ciudad": "?", "Contacto": "Ana", "founded": "soon"}


@pytest.mark.parametrize(
    ("path", "column", "value"),
    [
        (("name",), "Organización", "X"),
        (("locations", 0, "state"), "Estado", "Georgai"),
        (("locations", 1, "state"), "Estado 2", "Alabma"),
        (("locations", 0, "city"), "Ciudad", "?"),
        (("contacts", 3, "email"), "Contacto", "Ana"),
        (("founded",), "founded", "soon"),  # a file whose headings are fields
        (("tags",), "Temas", None),
        (("locations", 2, "state"), None, None),
        (("website",), None, None),
        ((), None, None),
    ],
)
def test_a_problem_has_its_column(path: tuple[str | int, ...], column: str | None, value: str | None) -> None:
    row = Row("list.csv", 2, {}, cells=CELLS, columns=COLUMNS)
    report = build_problem_report(Problem(path, ErrorCode.BAD_INPUT, "Write it."), row)
    assert (report.column, report.value, report.message) == (column, value, "Write it.")


def test_a_row_has_its_own_name_or_that_of_its_record(store: Store) -> None:
    seed_rows(store, {"slug": "tu", "name": "Tenants Union"})
    by_slug, renamed, nameless, odd = plan_rows(
        store, {"slug": "tu", "founded": 1986}, {"name": "New"}, {"founded": 1986}, {"name": 7}
    ).items
    assert [display_name(item) for item in (by_slug, renamed, nameless, odd)] == ["Tenants Union", "New", "", ""]


def test_an_empty_plan_has_a_report(store: Store) -> None:
    nothing = build_plan_report(plan_rows(store))
    assert (nothing.rows, nothing.items, nothing.missing_organizations) == (0, (), ())


def test_a_refused_row_has_no_record() -> None:
    item = build_row_report(
        PlannedRow(row=Row("f", 1, {"name": "A"}), action=RowAction.REJECT, problems=(Problem((), ErrorCode.BAD_INPUT, "No."),))
    )
    assert (item.organization, item.changes, item.evidence) == (None, (), ())
