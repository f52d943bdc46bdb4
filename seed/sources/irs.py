"""The IRS's Exempt Organizations Business Master File: a line for each organization that is exempt from federal tax.

What the columns mean is told in the IRS's "EO BMF Information Sheet". They are read like this:

    EIN          the identifier US-EIN, by which a second import finds the record again
    NAME         the name, in capitals where people set them
    SORT_NAME    another name where it surely is one (irs_names.py)
    ICO          "in care of": a private person, who is left out and repeated nowhere
    STREET ...   the only place (irs_places.py); nobody decided how much of it may be told
    NTEE_CD      issue areas by the crosswalk (ntee.py) and a kind, by default
    RULING       the month of the exemption, which is not when an organization began: not used

A record that comes from here alone is a PROSPECT; nothing is said of the membership of a record that is kept already.
"""

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from directory.drafts.normalize import EIN_DIGITS, EIN_SCHEME, parse_ein
from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.records import MembershipStatus, OrganizationKind
from seed.clean.values.letter_case import recase_name
from seed.rows import Repair, Row, Table
from seed.sources import irs_fields
from seed.sources import ntee_codes as taxonomy

REQUIRED_HEADINGS = frozenset({"EIN", "NAME", "ICO", "STREET", "CITY", "STATE", "ZIP", "SUBSECTION", "RULING", "NTEE_CD"})
MIN_EIN_DIGITS = 5  # the file loses the zeros at the start
NO_GROUP_CODES = ("", "0", "0000")
KINDS_BY_FOUNDATION = {
    "04": OrganizationKind.FUNDER,
    "4": OrganizationKind.FUNDER,
    "10": OrganizationKind.FAITH_ORGANIZATION,
}  # by FOUNDATION
COLUMNS_BY_FIELD: Mapping[str, str] = {
    "name": "NAME",
    "names": "SORT_NAME",
    "identifiers": "EIN",
    "issue_areas": "NTEE_CD",
    "locations": "STREET",
    "location.street": "STREET",
    "location.city": "CITY",
    "location.state": "STATE",
    "location.postal_code": "ZIP",
}

_PROSPECT_MEMBERSHIP = {"status": MembershipStatus.PROSPECT.value}


class FilterCounts(Struct):
    """Counts the rows that filters leave out, while the others are read."""

    by_ntee: int = 0
    by_state: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what was left out; () where nothing was. Complete when all rows have been read."""
        counted = ((self.by_ntee, "of other NTEE codes, or without one"), (self.by_state, "in other states"))
        return tuple(f"{count:,} rows {why} were left out, as the filter says." for count, why in counted if count)


def is_irs_table(headings: Collection[str] | None) -> bool:
    """Whether a table with these headings is such a file."""
    return headings is not None and {heading.strip().upper() for heading in headings} >= REQUIRED_HEADINGS


def read_irs_rows(
    table: Table, *, ntee: Collection[str] = (), states: Collection[str] = (), filter_counts: FilterCounts | None = None
) -> Iterator[Row]:
    """The rows of the table, each stating an OrganizationDraft's fields; one without a name or an EIN carries a problem.

    `ntee` are beginnings of codes (R, L2, I80) and `states` letters (GA): with them only rows that have one of these come out,
    and `filtered` counts the others. A file that names an EIN twice gives both rows. The table has to be one of those `is_irs`.
    """
    counted = filter_counts or FilterCounts()
    headings = tuple(heading.strip().upper() for heading in table.headings or ())
    beginnings, chosen = taxonomy.normalize_prefixes(ntee), {state.strip().upper().removeprefix("US-") for state in states}
    for number, texts in table.rows:
        cells = {heading: text.strip() for heading, text in zip(headings, texts, strict=False)}
        if chosen and cells["STATE"].upper() not in chosen:
            counted.by_state += 1
        elif beginnings and not cells["NTEE_CD"].upper().startswith(beginnings):
            counted.by_ntee += 1
        else:
            yield _build_row(table.file, number, cells)


def _build_row(file: str, number: int, cells: dict[str, str]) -> Row:
    repairs = _remove_care_of(cells)
    problems: list[Problem] = []
    stated: dict[str, object] = {
        "name": _clean_name(cells, repairs, problems),
        "identifiers": _build_identifiers(cells["EIN"], repairs, problems),
    }
    _add_sort_name(cells, stated, repairs)
    found = irs_fields.parse_irs_address(cells["STREET"], cells["CITY"], cells["STATE"], cells["ZIP"])
    stated["locations"] = [found.place] if found.place else []
    return Row(
        file=file,
        number=number,
        fields={field: value for field, value in stated.items() if value},
        cells=cells,
        repairs=(*repairs, *found.repairs),
        problems=tuple(problems),
        columns=COLUMNS_BY_FIELD,
        fallback_fields=_build_fallback_fields(cells),
    )


def _remove_care_of(cells: dict[str, str]) -> list[Repair]:
    """Takes out of the cells in whose care the organization is: nothing that is built on them can tell it."""
    said = {
        "ICO": "",
        "NAME": irs_fields.remove_care_of_from_name(cells["NAME"]),
        "STREET": irs_fields.remove_care_of_from_street(cells["STREET"]),
    }
    changed = {column: text for column, text in said.items() if text != cells[column]}
    cells.update(changed)
    return [Repair(column, "", text, "care-of line left out") for column, text in changed.items()]


def _clean_name(cells: dict[str, str], repairs: list[Repair], problems: list[Problem]) -> str | None:
    written = cells["NAME"]
    if not written:
        problems.append(Problem(("name",), ErrorCode.BAD_INPUT, "This row has no name; write it, or take the row out."))
        return None
    name = recase_name(written)
    if name != written:
        repairs.append(Repair("NAME", written, name, "ALL CAPS"))
    return name


def _build_identifiers(written: str, repairs: list[Repair], problems: list[Problem]) -> list[dict[str, str]]:
    ein = parse_ein(written, min_digits=MIN_EIN_DIGITS)
    if ein is None or not ein.strip("0-"):
        sentence = "This row has no EIN of nine digits, as in 12-3456789; without it the next import could not find its record."
        problems.append(Problem(("identifiers",), ErrorCode.BAD_INPUT, sentence))
        return []
    if len(written) < EIN_DIGITS:
        repairs.append(Repair("EIN", written, ein.replace("-", ""), "zero in front restored"))
    return [{"scheme": EIN_SCHEME, "value": ein}]


def _add_sort_name(cells: dict[str, str], draft_fields: dict[str, object], repairs: list[Repair]) -> None:
    written = cells.get("SORT_NAME", "")
    if not written:
        return
    line = irs_fields.parse_sort_name(written, cells["NAME"], in_group=cells.get("GROUP", "") not in NO_GROUP_CODES)
    if line.omission_reason:
        repairs.append(Repair("SORT_NAME", "", "", line.omission_reason.value))
    if line.name is None:
        cells["SORT_NAME"] = ""
        return
    draft_fields["names"] = [{"name": line.name, "kind": line.kind.value}]
    if line.name != written:
        repairs.append(Repair("SORT_NAME", written, line.name, "ALL CAPS"))


def _build_fallback_fields(cells: Mapping[str, str]) -> dict[str, object]:
    """What a code of the register says counts only where nobody who knows the organization has said it."""
    kind = taxonomy.find_kind(cells["NTEE_CD"]) or KINDS_BY_FOUNDATION.get(cells.get("FOUNDATION", ""))
    areas = taxonomy.find_issue_areas(cells["NTEE_CD"])
    found = {"membership": _PROSPECT_MEMBERSHIP, "kind": kind.value if kind else None, "issue_areas": areas or None}
    return {field: value for field, value in found.items() if value}
