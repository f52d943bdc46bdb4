"""Map codes of the National Taxonomy of Exempt Entities (NTEE) to issue areas and kinds of organization.

The crosswalk is part of the vocabulary: each issue area lists the codes that suggest it
(directory/vocabulary/data/issue_areas.toml). In the other direction, a code says only what all its terms have in common:

- the term that is broader than all others: R30, race relations, is racial justice and none of its narrower terms;
- for terms that have nothing in common, the value in OVERRIDES; nothing for a code as wide as legal services.

A code is a letter, two characters and sometimes a third. The numbers 01 to 19 mean the same after every letter, such as advocacy
or fund-raising. Such a code gives the letter's field, and with a fourth character the part of that field: L032 means L20.
"""

from collections.abc import Collection
from functools import cache, lru_cache

from directory.records import OrganizationKind
from directory.vocabulary.terms import ISSUE_AREAS

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
