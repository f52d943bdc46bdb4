"""Relaxations: questions to suggest when nothing was found, and how many organizations each would find."""

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
DROP_TRIAL_LIMIT = 20  # questions tried by dropping parts: a question of many parts costs no more than one of six
WORD_DROP_LIMIT = 8  # words; a longer text is only dropped as a whole
SINGLE_PART_TRIAL_LIMIT = 6  # questions tried by keeping a single part

DroppedParts: TypeAlias = tuple[FilterPart, ...]

MEMBERS_PART = FilterPart("membership", MembershipStatus.ACTIVE.value)  # the default of a question
_ALTERNATIVE_FIELDS = (
    "kinds",
    "membership",
    "regions",
    "issueAreas",
    "communities",
    "workAreas",
    "languages",
)  # a record needs only one of the values of such a field
_NON_FILTER_FIELDS = ("orderBy",)


class Relaxation(Struct, frozen=True):
    """A question without some parts, or with `instead` in their place, and the number of organizations it finds.

    Questions ask for members only by default. `without` names that part too when a relaxation removes it.
    """

    without: tuple[FilterPart, ...]
    question: Question
    count: int
    instead: tuple[FilterPart, ...] = ()


def find_relaxations(question: Question, count: Callable[[Question], int]) -> list[Relaxation]:
    """Return at most five questions that find something; [] if there are none.

    Alternatives come first: all organizations instead of members only, or Georgia for "GA", which is the code of Gabon. Then come
    questions with fewer parts, those that drop least and find most first. Parts are dropped one by one, then in pairs of which
    neither helps alone. If nothing has helped, all parts but one are dropped. `count` is called at most 28 times.
    """
    tried_questions = {question}
    alternatives = [relaxation for relaxation in _iter_alternatives(question, count) if relaxation.count]
    drops = _list_drops(question)
    smaller = _try_choices(question, [(drop,) for drop in drops], count, tried_questions)
    if len(smaller) < RELAXATION_LIMIT:
        helpful = {relaxation.without for relaxation in smaller}
        others = [drop for drop in drops if drop not in helpful]
        smaller += _try_choices(question, combinations(others, 2), count, tried_questions, DROP_TRIAL_LIMIT - len(drops))
    if not smaller:
        all_but_one = (tuple(drop for drop in drops if drop is not part) for part in islice(drops, SINGLE_PART_TRIAL_LIMIT))
        smaller = _try_choices(question, all_but_one, count, tried_questions)
    return [*alternatives, *smaller][:RELAXATION_LIMIT]


def _iter_alternatives(question: Question, count: Callable[[Question], int]) -> Iterator[Relaxation]:
    if question.membership == (MembershipStatus.ACTIVE,):
        yield _build_alternative(question, replace(question, membership=tuple(MembershipStatus)), count, MEMBERS_PART)
    codes = {code: _find_state_for_country_code(code) for code in question.regions.any_of}
    if any(codes.values()):
        regions = replace(question.regions, any_of=tuple(state or code for code, state in codes.items()))
        yield _build_alternative(question, replace(question, regions=regions), count)


def _find_state_for_country_code(code: str) -> str | None:
    """Return the state whose abbreviation is this country code, such as "US-GA" for "GA"; None if there is none."""
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
    relaxations = []
    for choice in islice(choices, max(trial_limit, 0)):
        dropped = tuple(dict.fromkeys(part for drop in choice for part in drop))
        smaller = remove_filter_parts(question, dropped)
        if smaller not in tried_questions:
            tried_questions.add(smaller)
            relaxations.append(Relaxation(dropped, smaller, count(smaller)))
    return sorted((relaxation for relaxation in relaxations if relaxation.count), key=lambda relaxation: -relaxation.count)


def _list_drops(question: Question) -> list[DroppedParts]:
    """List what can be dropped in one step.

    Alternative values of one field are dropped together. A text is dropped as a whole, and word by word.
    """
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
