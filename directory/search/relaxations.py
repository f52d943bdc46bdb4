"""Nothing found: what to drop or to ask instead, and how many that would give."""

from collections.abc import Callable, Iterator
from itertools import combinations, islice
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from directory.filters.filter_parts import FilterPart, list_filter_parts, remove_filter_parts, split_words
from directory.question import Page, Question
from directory.records import MembershipStatus
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS

RELAXATION_LIMIT = 5
DROP_TRIAL_LIMIT = 20  # questions tried by dropping, so that a question of many parts costs no more than one of six
WORD_DROP_LIMIT = 8  # a text of more is dropped as a whole only
SINGLE_PART_TRIAL_LIMIT = 6  # questions tried by keeping a single part

DroppedParts: TypeAlias = tuple[FilterPart, ...]

MEMBERS_PART = FilterPart("membership", MembershipStatus.ACTIVE.value)  # what a question asks unless it says otherwise
_ALTERNATIVE_FIELDS = (
    "kinds",
    "membership",
    "regions",
    "issueAreas",
    "communities",
    "workAreas",
    "languages",
)  # any one of these suffices
_NON_FILTER_FIELDS = ("orderBy",)


class Relaxation(Struct, frozen=True):
    """Without these parts, or with `instead` in their place, it is that question, which finds so many.

    A question that asks for members alone, which nobody has to say, is relaxed without that part to everybody.
    """

    without: tuple[FilterPart, ...]
    question: Question
    count: int
    instead: tuple[FilterPart, ...] = ()


def find_relaxations(question: Question, count: Callable[[Question], int]) -> list[Relaxation]:
    """At most five questions that find something: what may be meant instead, then smaller ones; of these those that drop least
    come first, then those that find most.

    Who asks for members may mean anybody; who asks for "GA", the code of Gabon, may mean Georgia. Parts are dropped one by one,
    then in pairs of which neither helps alone; where that does not help, all but one. [] when nothing helps. `count` is asked
    at most 28 times.
    """
    asked = {question}
    meant = [one for one in _iter_alternatives(question, count) if one.count]
    drops = _list_drops(question)
    found = _try_choices(question, [(drop,) for drop in drops], count, asked)
    if len(found) < RELAXATION_LIMIT:
        helpful = {relaxation.without for relaxation in found}
        others = [drop for drop in drops if drop not in helpful]
        found += _try_choices(question, combinations(others, 2), count, asked, DROP_TRIAL_LIMIT - len(drops))
    if not found:
        alone = (tuple(other for other in drops if other is not kept) for kept in islice(drops, SINGLE_PART_TRIAL_LIMIT))
        found = _try_choices(question, alone, count, asked)
    return [*meant, *found][:RELAXATION_LIMIT]


def _iter_alternatives(question: Question, count: Callable[[Question], int]) -> Iterator[Relaxation]:
    if question.membership == (MembershipStatus.ACTIVE,):
        yield _build_alternative(question, replace(question, membership=tuple(MembershipStatus)), count, MEMBERS_PART)
    codes = {code: _find_state_for_country_code(code) for code in question.regions.any_of}
    if any(codes.values()):
        regions = replace(question.regions, any_of=tuple(state or code for code, state in codes.items()))
        yield _build_alternative(question, replace(question, regions=regions), count)


def _find_state_for_country_code(code: str) -> str | None:
    """The state whose letters are this country's code: "US-GA" for "GA"."""
    state = f"{HOME_COUNTRY}-{code}"
    return state if state in REGIONS and REGIONS.require(code).kind is RegionKind.COUNTRY else None


def _build_alternative(
    question: Question, other: Question, count: Callable[[Question], int], *implicit_parts: FilterPart
) -> Relaxation:
    other = replace(other, page=Page())
    before, after = list_filter_parts(question), list_filter_parts(other)
    dropped = implicit_parts or tuple(part for part in before if part not in after)
    return Relaxation(dropped, other, count(other), tuple(part for part in after if part not in before))


def _try_choices(
    question: Question,
    choices: list[tuple[DroppedParts]] | Iterator[tuple[DroppedParts, ...]],
    count: Callable[[Question], int],
    tried_questions: set[Question],
    trial_limit: int = DROP_TRIAL_LIMIT,
) -> list[Relaxation]:
    found = []
    for choice in islice(choices, max(trial_limit, 0)):
        dropped = tuple(dict.fromkeys(part for drop in choice for part in drop))
        smaller = remove_filter_parts(question, dropped)
        if smaller not in tried_questions:
            tried_questions.add(smaller)
            found.append(Relaxation(dropped, smaller, count(smaller)))
    return sorted((one for one in found if one.count), key=lambda one: -one.count)


def _list_drops(question: Question) -> list[DroppedParts]:
    """What can be dropped at once: values of which any one suffices go together, a text as a whole and word by word."""
    groups: dict[str, list[FilterPart]] = {}
    for part in list_filter_parts(question):
        if part.field not in _NON_FILTER_FIELDS and (part.near is None or part.near.radius_km is not None):
            groups.setdefault(_get_group_key(part), []).append(replace(part, is_additional_term=False))
    drops = [tuple(group) for group in groups.values()]
    if 1 < len(split_words(question.text)) <= WORD_DROP_LIMIT:
        drops += [(FilterPart("query", word),) for word in dict.fromkeys(split_words(question.text))]
    drops += [(part,) for group in groups.values() for part in group if part.field in ("regions.by", "regions.nationwide")]
    return drops[:DROP_TRIAL_LIMIT]


def _get_group_key(part: FilterPart) -> str:
    if part.field.partition(".")[0] == "regions":
        return "regions"
    return part.field if part.field in _ALTERNATIVE_FIELDS else f"{part.field}={part.value}"
