"""Nothing found: what to drop or to ask instead, and how many that would give."""

from collections.abc import Callable, Iterator
from itertools import combinations, islice
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from directory.parts import FilterPart, parts, without, words
from directory.question import Page, Question
from directory.records import MembershipStatus
from directory.regions import HOME, REGIONS, RegionKind

SHOWN = 5
COUNTED = 20  # questions tried by dropping, so that a question of many parts costs no more than one of six
WORDS = 8  # a text of more is dropped as a whole only
KEPT = 6  # questions tried by keeping a single part

Dropped: TypeAlias = tuple[FilterPart, ...]

MEMBERS = FilterPart("membership", MembershipStatus.ACTIVE.value)  # what a question asks unless it says otherwise
_TOGETHER = ("kinds", "membership", "regions", "issueAreas", "communities", "workAreas", "languages")  # any one of these suffices
_NO_FILTER = ("orderBy",)


class Relaxation(Struct, frozen=True):
    """Without these parts, or with `instead` in their place, it is that question, which finds so many.

    A question that asks for members alone, which nobody has to say, is relaxed without that part to everybody.
    """

    without: tuple[FilterPart, ...]
    question: Question
    count: int
    instead: tuple[FilterPart, ...] = ()


def relaxations(question: Question, count: Callable[[Question], int]) -> list[Relaxation]:
    """At most five questions that find something: what may be meant instead, then smaller ones; of these those that drop least
    come first, then those that find most.

    Who asks for members may mean anybody; who asks for "GA", the code of Gabon, may mean Georgia. Parts are dropped one by one,
    then in pairs of which neither helps alone; where that does not help, all but one. [] when nothing helps. `count` is asked
    at most 28 times.
    """
    asked = {question}
    meant = [one for one in _meant(question, count) if one.count]
    drops = _drops(question)
    found = _helpful(question, [(drop,) for drop in drops], count, asked)
    if len(found) < SHOWN:
        helpful = {relaxation.without for relaxation in found}
        others = [drop for drop in drops if drop not in helpful]
        found += _helpful(question, combinations(others, 2), count, asked, COUNTED - len(drops))
    if not found:
        alone = (tuple(other for other in drops if other is not kept) for kept in islice(drops, KEPT))
        found = _helpful(question, alone, count, asked)
    return [*meant, *found][:SHOWN]


def _meant(question: Question, count: Callable[[Question], int]) -> Iterator[Relaxation]:
    if question.membership == (MembershipStatus.ACTIVE,):
        yield _instead(question, replace(question, membership=tuple(MembershipStatus)), count, MEMBERS)
    codes = {code: _state_of_letters(code) for code in question.regions.any_of}
    if any(codes.values()):
        regions = replace(question.regions, any_of=tuple(state or code for code, state in codes.items()))
        yield _instead(question, replace(question, regions=regions), count)


def _state_of_letters(code: str) -> str | None:
    """The state whose letters are this country's code: "US-GA" for "GA"."""
    state = f"{HOME}-{code}"
    return state if state in REGIONS and REGIONS.require(code).kind is RegionKind.COUNTRY else None


def _instead(question: Question, other: Question, count: Callable[[Question], int], *unsaid: FilterPart) -> Relaxation:
    other = replace(other, page=Page())
    before, after = parts(question), parts(other)
    dropped = unsaid or tuple(part for part in before if part not in after)
    return Relaxation(dropped, other, count(other), tuple(part for part in after if part not in before))


def _helpful(
    question: Question,
    choices: "list[tuple[Dropped]] | Iterator[tuple[Dropped, ...]]",
    count: Callable[[Question], int],
    asked: set[Question],
    most: int = COUNTED,
) -> list[Relaxation]:
    found = []
    for choice in islice(choices, max(most, 0)):
        dropped = tuple(dict.fromkeys(part for drop in choice for part in drop))
        smaller = without(question, dropped)
        if smaller not in asked:
            asked.add(smaller)
            found.append(Relaxation(dropped, smaller, count(smaller)))
    return sorted((one for one in found if one.count), key=lambda one: -one.count)


def _drops(question: Question) -> list[Dropped]:
    """What can be dropped at once: values of which any one suffices go together, a text as a whole and word by word."""
    groups: dict[str, list[FilterPart]] = {}
    for part in parts(question):
        if part.field not in _NO_FILTER and (part.near is None or part.near.radius_km is not None):
            groups.setdefault(_group(part), []).append(replace(part, also=False))
    drops = [tuple(group) for group in groups.values()]
    if 1 < len(words(question.text)) <= WORDS:
        drops += [(FilterPart("query", word),) for word in dict.fromkeys(words(question.text))]
    drops += [(part,) for group in groups.values() for part in group if part.field in ("regions.by", "regions.nationwide")]
    return drops[:COUNTED]


def _group(part: FilterPart) -> str:
    if part.field.partition(".")[0] == "regions":
        return "regions"
    return part.field if part.field in _TOGETHER else f"{part.field}={part.value}"
