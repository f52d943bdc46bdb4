"""The members of a plan as the page and the file show them: what each covers, who could stand in, and the table of all cells."""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from web.pages.browse.organization_lists import OrganizationRow, build_organization_row
from web.pages.kinds.list_choices import link_organization, list_labels, list_states
from web.pages.page import PageRequest
from web.pages.plan.plan_names import describe_cells

SQUARE, STEP = 10, 12  # the side of a square, and from one to the next
FEW_COLUMNS = 4
MAX_SQUARE_COLUMNS = 20  # of the small squares of a member; more would be too small to see

Cell = tuple[str, str]  # the slug of a theme and the code of a region


class MemberRow(Struct, frozen=True):
    """A member. `alone` and `shared` are its cells in words: those that need it, and those that others cover too.

    `squares` are the paths of its squares in a drawing: of cells that need it, and of the others.
    """

    row: OrganizationRow
    slug: str
    kind: str
    is_included: bool
    is_new: bool
    alone: list[str]
    shared: list[str]
    stand_ins: list[tuple[str, str]]
    squares: tuple[str, str]


class TableCell(Struct, frozen=True):
    """A cell of the table: the numbers of the members who cover it, and how many it lacks."""

    numbers: tuple[int, ...]
    missing: int


class PlanAxes(Struct, frozen=True):
    """The rows and columns of a plan."""

    themes: tuple[str, ...]
    places: tuple[str, ...]

    def draw(self, cells: Collection[Cell], path: str) -> str:
        """Return the path of these squares, each of which begins at its upper left corner."""
        columns = {code: STEP * number for number, code in enumerate(self.places)}
        lines = {slug: STEP * number for number, slug in enumerate(self.themes)}
        return "".join(f"M{columns[code]} {lines[slug]}{path}" for slug, code in cells)

    @property
    def size(self) -> tuple[int, int]:
        """The width and height of the drawing; (0, 0) if its squares would be too small to see."""
        if len(self.places) > MAX_SQUARE_COLUMNS:
            return 0, 0
        return STEP * len(self.places) - STEP + SQUARE, STEP * len(self.themes) - STEP + SQUARE

    @property
    def scale(self) -> int:
        """How much larger the drawing of few squares is shown."""
        return 2 if len(self.places) <= FEW_COLUMNS else 1

    def draw_grid(self) -> str:
        return self.draw([(slug, code) for slug in self.themes for code in self.places], f"h{SQUARE}v{SQUARE}h-{SQUARE}z")


def build_members(request: PageRequest, plan: Mapping[str, Any], axes: PlanAxes, new: Collection[str] = ()) -> list[MemberRow]:
    """Return the members in the order of the plan. `new` are the slugs of those that take the place of others."""
    kinds, states = dict(list_labels(request, "kinds")), dict(list_states(request))
    members = [(member, build_organization_row(request, member["organization"], states)) for member in plan["members"]]
    return [_build_member(request, member, row, axes, kinds, new) for member, row in members]


def _build_member(
    request: PageRequest,
    member: Mapping[str, Any],
    row: OrganizationRow,
    axes: PlanAxes,
    kinds: Mapping[str, str],
    new: Collection[str],
) -> MemberRow:
    node, alone = member["organization"], member["coversAlone"]
    shared = [cell for cell in member["covers"] if cell not in alone]
    return MemberRow(
        row=row,
        slug=node["slug"],
        kind=kinds[node["kind"]],
        is_included=member["included"],
        is_new=node["slug"] in new,
        alone=describe_cells(request, alone),
        shared=describe_cells(request, shared),
        stand_ins=[link_organization(request, each) for each in member["alternatives"]],
        squares=_draw_squares(axes, alone, shared),
    )


def _draw_squares(axes: PlanAxes, alone: list[Any], shared: list[Any]) -> tuple[str, str]:
    if not axes.size[0]:
        return "", ""
    whole, half = f"h{SQUARE}v{SQUARE}h-{SQUARE}z", f"h{SQUARE}l-{SQUARE} {SQUARE}z"
    return axes.draw(list(map(get_cell, alone)), whole), axes.draw(list(map(get_cell, shared)), half)


def build_table(plan: Mapping[str, Any], axes: PlanAxes) -> dict[str, list[TableCell]]:
    """Return the cells of each theme, in the order of the places."""
    numbers: dict[Cell, list[int]] = {}
    for number, member in enumerate(plan["members"], 1):
        for cell in member["covers"]:
            numbers.setdefault(get_cell(cell), []).append(number)
    missing = {get_cell(gap["cell"]): gap["missing"] for gap in plan["uncovered"]}
    return {
        slug: [TableCell(tuple(numbers.get((slug, code), ())), missing.get((slug, code), 0)) for code in axes.places]
        for slug in axes.themes
    }


def get_cell(cell: Mapping[str, Any]) -> Cell:
    return cell["issueArea"]["slug"], cell["region"]["code"]
