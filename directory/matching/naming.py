"""What the names of two parties say: the pair of names that fits best."""

from collections.abc import Iterator

from msgspec import Struct

from directory.matching.evidence import Evidence, EvidenceKind
from directory.matching.likeness import Likeness, likeness
from directory.matching.rarity import Rarity
from directory.matching.traits import Traits
from directory.matching.weights import (
    ACRONYM,
    ACRONYM_ALONE,
    ACRONYM_LONG,
    ALIKE_FROM,
    CONTRADICTED,
    CROSSED,
    CROSSED_MOST,
    DERIVED,
    EXTRA,
    LIKENESS_NONE,
    NAME_BASE,
    NAME_MASS_MOST,
    NAME_PER_MASS,
    SLIGHT,
    UNLIKE,
)
from directory.matching.wording import Wording


class Named(Struct, frozen=True, gc=False):
    """`alike`: the names may be those of one organization; without it nothing else makes two parties the same."""

    evidence: Evidence
    alike: bool


def named(one: Traits, other: Traits, rarity: Rarity) -> Named:
    """The pair of names that speaks most for one organization. Names that neither goes by now are not enough: two may come from
    one, or have one sponsor before their own names."""
    both_written_out = _is_written_out(one) and _is_written_out(other)
    best = _NAMELESS
    for mine in one.names:
        for its in other.names:
            found = _best(mine, its, one, other, rarity, both_written_out)
            if mine is not one.names[0] and its is not other.names[0]:
                found = Named(found.evidence, False)
            best = max(best, found, key=_rank)
    return best


def _rank(found: Named) -> tuple[float, bool]:
    return found.evidence.points, found.alike


_NAMELESS = Named(Evidence(EvidenceKind.NAME, "a name has no letters", CONTRADICTED), False)


def _is_written_out(party: Traits) -> bool:
    return any(len(name.words) > 1 for name in party.names)


def _best(mine: Wording, its: Wording, one: Traits, other: Traits, rarity: Rarity, both_written_out: bool) -> Named:
    for short, long in ((mine, its), (its, mine)):
        if short.is_acronym and short.words[0] == long.initials:
            return _acronym(short, long)
    alike = likeness(mine, its, rarity, one.place_words, other.place_words)
    if both_written_out and mine.is_acronym and mine.words == its.words:
        return Named(_told(f'the acronym is the same: "{mine.text}"', ACRONYM_ALONE), False)
    return Named(_told(_sentence(alike, mine, its), _points(alike)), _may_be_one(alike))


def _acronym(short: Wording, long: Wording) -> Named:
    points = ACRONYM.get(len(short.words[0]), ACRONYM_LONG)
    return Named(_told(f'"{short.text}" is made of the initials of "{long.text}"', points), True)


def _points(alike: Likeness) -> float:
    if alike.contradicts:
        return CONTRADICTED
    if alike.value < LIKENESS_NONE:
        return UNLIKE * (LIKENESS_NONE - alike.value) / LIKENESS_NONE
    crossed = CROSSED * min(alike.left[0], CROSSED_MOST)
    if alike.derives:
        return DERIVED + crossed
    whole = NAME_BASE + NAME_PER_MASS * min(alike.mass, NAME_MASS_MOST)
    return whole * (alike.value - LIKENESS_NONE) / (1 - LIKENESS_NONE) + crossed


def _may_be_one(alike: Likeness) -> bool:
    if alike.derives or alike.contradicts:
        return False
    return alike.value >= ALIKE_FROM and alike.left[0] <= SLIGHT and alike.left[1] <= EXTRA


def _sentence(alike: Likeness, mine: Wording, its: Wording) -> str:
    return f'{"".join(_judged(alike))} {alike.value:.2f}: "{mine.text}" / "{its.text}"'


def _judged(alike: Likeness) -> Iterator[str]:
    if alike.contradicts:
        yield "names with another number or state, otherwise alike"
    elif alike.derives:
        yield "one name says more than the other (a chapter, fund or the like), alike"
    else:
        yield "names alike" if alike.value >= LIKENESS_NONE else "names hardly alike"


def _told(detail: str, points: float) -> Evidence:
    return Evidence(EvidenceKind.NAME, detail, round(points, 1))
