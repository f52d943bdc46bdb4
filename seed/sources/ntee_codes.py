"""What the codes of the National Taxonomy of Exempt Entities say of an organization: its issue areas, and what kind it is.

The crosswalk is the vocabulary's: each issue area lists the codes that suggest it (directory/vocabulary/data/issue_areas.toml). Read the
other way, a code says no more than what all its terms have in common:

- of several terms, the one that is broader than all others: R30, race relations, is racial justice, no narrower term of it;
- of terms that have nothing in common, what is settled below, and nothing for a code as wide as legal services.

A code is a letter, two signs and perhaps one more. The numbers 01 to 19 mean the same under every letter, advocacy or
fund-raising: such a code tells the letter's field, and with a fourth sign the part of it: L032 stands for L20.
"""

from collections.abc import Collection
from functools import cache, lru_cache

from directory.records import OrganizationKind
from directory.vocabulary.terms import ISSUE_AREAS

COMMON_CODES = frozenset(f"{number:02}" for number in range(1, 20))

# Terms without a broader one among them, and codes wider than the terms that list them.
OVERRIDES: dict[str, tuple[str, ...]] = {
    "A23": ("cultural-rights",),  # cultural and ethnic awareness: of which people is not said
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
ISSUE_AREA_BY_LETTER: dict[str, str] = {  # of letters whose whole field is one issue area's
    "B": "education-hre",
    "C": "environment",
    "E": "health",
    "J": "workers",
    "K": "food-water",
    "L": "housing",
}
KINDS_BY_PREFIX: tuple[tuple[str, OrganizationKind], ...] = (  # by how the code begins
    ("I80", OrganizationKind.LEGAL_ORGANIZATION),
    ("I83", OrganizationKind.LEGAL_ORGANIZATION),
    ("J40", OrganizationKind.UNION),
    ("T2", OrganizationKind.FUNDER),
    ("T3", OrganizationKind.FUNDER),
    ("X", OrganizationKind.FAITH_ORGANIZATION),
)


@lru_cache(maxsize=4096)
def find_issue_areas(code: str) -> tuple[str, ...]:
    """The slugs of the issue areas that the code tells; () for none, and for what is no code."""
    code = code.strip().upper()
    found = _find_slugs(code[:3])
    if found or code[1:3] not in COMMON_CODES or code[:3] in OVERRIDES:
        return found
    part = _find_slugs(f"{code[0]}{code[3]}0") if len(code) > 3 and code[3] in "23456789" else ()
    return part or ((ISSUE_AREA_BY_LETTER[code[0]],) if code[0] in ISSUE_AREA_BY_LETTER else ())


def find_kind(code: str) -> OrganizationKind | None:
    """What kind of organization the code tells; None where it leaves that open."""
    code = code.strip().upper()
    return next((kind for beginning, kind in KINDS_BY_PREFIX if code.startswith(beginning)), None)


def normalize_prefixes(codes: Collection[str]) -> tuple[str, ...]:
    """Codes and beginnings of codes (R, L2, I80) as they are compared: a fourth sign is left off."""
    return tuple(dict.fromkeys(code.strip().upper()[:3] for code in codes if code.strip()))


def _find_slugs(code: str) -> tuple[str, ...]:
    if code in OVERRIDES:
        return OVERRIDES[code]
    slugs = _index_terms().get(code, ())
    foremost = tuple(slug for slug in slugs if ISSUE_AREAS.ancestors(slug).isdisjoint(slugs))
    return foremost if len(foremost) == 1 else ()


@cache
def _index_terms() -> dict[str, tuple[str, ...]]:
    """By code: the terms that list it, in the vocabulary's order."""
    found: dict[str, tuple[str, ...]] = {}
    for term in ISSUE_AREAS:
        for code in term.ntee:
            found[code] = (*found.get(code, ()), term.slug)
    return found
