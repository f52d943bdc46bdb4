"""Read the IRS's Exempt Organizations Business Master File: one line for each organization exempt from federal tax.

The columns are described in the IRS's "EO BMF Information Sheet". They are read like this:

    EIN          the identifier US-EIN; the next import finds the record by it
    NAME         the name, recased where it is in capitals
    SORT_NAME    another name, if it certainly is one (irs_fields.py)
    ICO          "in care of": a private person, who is left out everywhere
    STREET ...   the only location (irs_fields.py); its disclosure is left to the directory's defaults
    NTEE_CD      issue areas by the crosswalk (see OVERRIDES) and a kind, as fallbacks
    RULING       the month of the exemption, which is not when the organization began: not used

A new record from this file is a PROSPECT. The membership of an existing record does not change.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache

from msgspec import Struct

from directory.drafts.normalize import EIN_DIGITS, EIN_SCHEME, parse_ein
from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.records import MembershipStatus, OrganizationKind
from directory.vocabulary.terms import ISSUE_AREAS
from seed.clean.values.addresses import remove_care_of_from_name, remove_care_of_from_street
from seed.clean.values.letter_case import recase_name
from seed.rows import Repair, Row, Table
from seed.sources import irs_fields

# The crosswalk of NTEE codes (National Taxonomy of Exempt Entities) is part of the vocabulary: each issue area lists the codes
# that suggest it (directory/vocabulary/data/issue_areas.toml). In the other direction, a code says only what all its terms have
# in common: the term that is broader than all others (R30, race relations, is racial justice and none of its narrower terms),
# or the value in OVERRIDES; nothing for a code as wide as legal services. A code is a letter, two characters and sometimes a
# third. The numbers 01 to 19 mean the same after every letter, such as advocacy or fund-raising. Such a code gives the letter's
# field, and with a fourth character the part of that field: L032 means L20.

COMMON_CODES = frozenset(f"{number:02}" for number in range(1, 20))

# For codes whose terms have no broader one among them, and codes that are wider than the terms that list them.
OVERRIDES: dict[str, tuple[str, ...]] = {
    "A23": ("cultural-rights",),  # cultural and ethnic awareness, without saying of which people
    "I01": ("criminal-legal-system",),  # alliances and advocacy in crime and law
    "I80": (),  # legal services, whatever the case
    "I83": (),  # public interest law
    "J22": ("unemployment",),  # job training
    "Q70": ("accountability",),  # international human rights
    "R05": ("accountability",),  # research and policy on rights
    "R20": ("racial-justice",),  # civil rights
    "R22": ("racial-justice",),  # minority rights
    "R60": ("democracy",),  # civil liberties
    "R99": (),  # civil rights and advocacy, not elsewhere classified
}
ISSUE_AREA_BY_LETTER: dict[str, str] = {  # for letters whose whole field is one issue area
    "B": "education-hre",
    "C": "environment",
    "E": "health",
    "J": "workers",
    "K": "food-water",
    "L": "housing",
}
KINDS_BY_PREFIX: tuple[tuple[str, OrganizationKind], ...] = (
    ("I80", OrganizationKind.LEGAL_ORGANIZATION),
    ("I83", OrganizationKind.LEGAL_ORGANIZATION),
    ("J40", OrganizationKind.UNION),
    ("T2", OrganizationKind.FUNDER),
    ("T3", OrganizationKind.FUNDER),
    ("X", OrganizationKind.FAITH_ORGANIZATION),
)


@lru_cache(maxsize=4096)
def find_issue_areas(code: str) -> tuple[str, ...]:
    """Return the slugs of the issue areas that the code implies; () for none and for invalid codes."""
    code = code.strip().upper()
    slugs = _find_slugs(code[:3])
    if slugs or code[1:3] not in COMMON_CODES or code[:3] in OVERRIDES:
        return slugs
    part = _find_slugs(f"{code[0]}{code[3]}0") if len(code) > 3 and code[3] in "23456789" else ()
    return part or ((ISSUE_AREA_BY_LETTER[code[0]],) if code[0] in ISSUE_AREA_BY_LETTER else ())


def find_kind(code: str) -> OrganizationKind | None:
    """Return the kind of organization that the code implies; None when it implies none."""
    code = code.strip().upper()
    return next((kind for prefix, kind in KINDS_BY_PREFIX if code.startswith(prefix)), None)


def normalize_prefixes(codes: Collection[str]) -> tuple[str, ...]:
    """Return codes and beginnings of codes (R, L2, I80) in the form in which they are compared, without a fourth character."""
    return tuple(dict.fromkeys(code.strip().upper()[:3] for code in codes if code.strip()))


def _find_slugs(code: str) -> tuple[str, ...]:
    if code in OVERRIDES:
        return OVERRIDES[code]
    slugs = _index_terms().get(code, ())
    broadest = tuple(slug for slug in slugs if ISSUE_AREAS.ancestors(slug).isdisjoint(slugs))
    return broadest if len(broadest) == 1 else ()


@cache
def _index_terms() -> dict[str, tuple[str, ...]]:
    """Return the slugs of the terms that list each code, in the vocabulary's order."""
    slugs: dict[str, tuple[str, ...]] = {}
    for term in ISSUE_AREAS:
        for code in term.ntee:
            slugs[code] = (*slugs.get(code, ()), term.slug)
    return slugs


REQUIRED_HEADINGS = frozenset({"EIN", "NAME", "ICO", "STREET", "CITY", "STATE", "ZIP", "SUBSECTION", "RULING", "NTEE_CD"})
MIN_EIN_DIGITS = 5  # leading zeros may be missing
NO_GROUP_CODES = ("", "0", "0000")
KINDS_BY_FOUNDATION = {  # by the code in FOUNDATION
    "04": OrganizationKind.FUNDER,
    "4": OrganizationKind.FUNDER,
    "10": OrganizationKind.FAITH_ORGANIZATION,
}
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
    """Counts the rows that the filters leave out while the others are read."""

    by_ntee: int = 0
    by_state: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Return sentences on the rows that were left out; () when there are none. Complete after all rows have been read."""
        counts = ((self.by_ntee, "with other NTEE codes or none"), (self.by_state, "in other states"))
        return tuple(f"Left out by the filter: {count:,} rows {description}." for count, description in counts if count)


def is_irs_table(headings: Collection[str] | None) -> bool:
    """Return whether a table with these headings is a Business Master File."""
    return headings is not None and {heading.strip().upper() for heading in headings} >= REQUIRED_HEADINGS


def read_irs_rows(
    table: Table, *, ntee: Collection[str] = (), states: Collection[str] = (), filter_counts: FilterCounts | None = None
) -> Iterator[Row]:
    """Yield the rows as fields of an OrganizationDraft. A row without a name or an EIN carries a problem.

    `ntee` are codes or beginnings of codes (R, L2, I80) and `states` are state codes (GA). When they are given, only rows that
    match are yielded, and `filter_counts` counts the others. Two rows with one EIN are both yielded. `is_irs_table` must hold.
    """
    counts = filter_counts or FilterCounts()
    headings = tuple(heading.strip().upper() for heading in table.headings or ())
    prefixes, state_codes = normalize_prefixes(ntee), {state.strip().upper().removeprefix("US-") for state in states}
    for number, texts in table.rows:
        cells = {heading: text.strip() for heading, text in zip(headings, texts, strict=False)}
        if state_codes and cells["STATE"].upper() not in state_codes:
            counts.by_state += 1
        elif prefixes and not cells["NTEE_CD"].upper().startswith(prefixes):
            counts.by_ntee += 1
        else:
            yield _build_row(table.file, number, cells)


def _build_row(file: str, number: int, cells: dict[str, str]) -> Row:
    repairs = _remove_care_of(cells)
    problems: list[Problem] = []
    fields: dict[str, object] = {
        "name": _clean_name(cells, repairs, problems),
        "identifiers": _build_identifiers(cells["EIN"], repairs, problems),
    }
    _add_sort_name(cells, fields, repairs)
    address = irs_fields.parse_irs_address(cells["STREET"], cells["CITY"], cells["STATE"], cells["ZIP"])
    fields["locations"] = [address.location] if address.location else []
    return Row(
        file=file,
        number=number,
        fields={field: value for field, value in fields.items() if value},
        cells=cells,
        repairs=(*repairs, *address.repairs),
        problems=tuple(problems),
        columns=COLUMNS_BY_FIELD,
        fallback_fields=_build_fallback_fields(cells),
    )


def _remove_care_of(cells: dict[str, str]) -> list[Repair]:
    """Remove private persons from the cells, so that nothing built from the cells can disclose them."""
    cleaned = {
        "ICO": "",
        "NAME": remove_care_of_from_name(cells["NAME"]),
        "STREET": remove_care_of_from_street(cells["STREET"]),
    }
    changed = {column: text for column, text in cleaned.items() if text != cells[column]}
    cells.update(changed)
    return [Repair(column, "", text, "care-of line left out") for column, text in changed.items()]


def _clean_name(cells: dict[str, str], repairs: list[Repair], problems: list[Problem]) -> str | None:
    written = cells["NAME"]
    if not written:
        problems.append(Problem(("name",), ErrorCode.BAD_INPUT, "This row has no name. Add one, or delete the row."))
        return None
    name = recase_name(written)
    if name != written:
        repairs.append(Repair("NAME", written, name, "ALL CAPS"))
    return name


def _build_identifiers(written: str, repairs: list[Repair], problems: list[Problem]) -> list[dict[str, str]]:
    ein = parse_ein(written, min_digits=MIN_EIN_DIGITS)
    if ein is None or not ein.strip("0-"):
        sentence = "This row has no nine-digit EIN, such as 12-3456789. Without one, the next import could not find its record."
        problems.append(Problem(("identifiers",), ErrorCode.BAD_INPUT, sentence))
        return []
    if len(written) < EIN_DIGITS:
        repairs.append(Repair("EIN", written, ein.replace("-", ""), "leading zero restored"))
    return [{"scheme": EIN_SCHEME, "value": ein}]


def _add_sort_name(cells: dict[str, str], draft_fields: dict[str, object], repairs: list[Repair]) -> None:
    written = cells.get("SORT_NAME", "")
    if not written:
        return
    sort_name = irs_fields.parse_sort_name(written, cells["NAME"], in_group=cells.get("GROUP", "") not in NO_GROUP_CODES)
    if sort_name.omission_reason:
        repairs.append(Repair("SORT_NAME", "", "", sort_name.omission_reason.value))
    if sort_name.name is None:
        cells["SORT_NAME"] = ""
        return
    draft_fields["names"] = [{"name": sort_name.name, "kind": sort_name.kind.value}]
    if sort_name.name != written:
        repairs.append(Repair("SORT_NAME", written, sort_name.name, "ALL CAPS"))


def _build_fallback_fields(cells: Mapping[str, str]) -> dict[str, object]:
    """Return what the codes imply, which counts only if no better source states it."""
    kind = find_kind(cells["NTEE_CD"]) or KINDS_BY_FOUNDATION.get(cells.get("FOUNDATION", ""))
    areas = find_issue_areas(cells["NTEE_CD"])
    fields = {"membership": _PROSPECT_MEMBERSHIP, "kind": kind.value if kind else None, "issue_areas": areas or None}
    return {field: value for field, value in fields.items() if value}
