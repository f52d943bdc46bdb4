"""Relaxations: questions to suggest when nothing was found, and how many organizations each would find."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import combinations, islice
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.filters.filter_parts import FilterPart, list_filter_parts, remove_filter_parts, split_words
from directory.question import Page, Question
from directory.records import MembershipStatus
from directory.search import replacements

RELAXATION_LIMIT = 5
TRIAL_LIMIT = 28  # questions tried: a question of many parts costs no more than one of six
DROP_TRIAL_LIMIT = 20  # of them, by dropping parts
SINGLE_PART_TRIAL_LIMIT = 6  # of them, by keeping a single part
WORD_DROP_LIMIT = 8  # words; a longer text is only dropped as a whole

DroppedParts: TypeAlias = tuple[FilterPart, ...]

MEMBERS_PART = FilterPart("membership", MembershipStatus.ACTIVE.value)  # the default of a question
_REGION_MODIFIERS = ("regions.by", "regions.nationwide")
_ALTERNATIVE_FIELDS = (
    "kinds",
    "membership",
    "regions",
    "issueAreas",
    "communities",
    "workAreas",
    "languages",
)  # a record needs only one of the values of such a field
_NON_FILTER_FIELDS = ("orderBy", "optionalWords")


class RelaxationKind(StrEnum):
    """What a relaxation changes, closest in meaning first; those that drop the least come first among the drops."""

    INSTEAD = "INSTEAD"  # something likelier in place of a part: Georgia for Gabon, or all organizations for members
    SERVES_THE_PLACE = "SERVES_THE_PLACE"  # also those who serve the place without being there
    WIDER_CIRCLE = "WIDER_CIRCLE"
    BROADER_THEME = "BROADER_THEME"
    NATIONWIDE = "NATIONWIDE"  # those who serve the whole country
    DROP = "DROP"


class Relaxation(Struct, frozen=True):
    """A question without some parts, or with `instead` in their place, and the number of organizations it finds.

    Questions ask for members only by default. `without` names that part too when a relaxation removes it. Labels of the parts do
    not say "also": each stands in a sentence of its own, not after other terms.
    """

    kind: RelaxationKind
    without: tuple[FilterPart, ...]
    question: Question
    count: int
    instead: tuple[FilterPart, ...] = ()


_REPLACEMENTS: tuple[tuple[RelaxationKind, Callable[[Question], list[Question]]], ...] = (
    (RelaxationKind.INSTEAD, replacements.list_likelier_codes),
    (RelaxationKind.SERVES_THE_PLACE, replacements.list_serving),
    (RelaxationKind.WIDER_CIRCLE, replacements.list_wider_circles),
    (RelaxationKind.BROADER_THEME, replacements.list_broader_themes),
    (RelaxationKind.NATIONWIDE, replacements.list_nationwide),
    (RelaxationKind.INSTEAD, replacements.list_all_memberships),
)


def find_relaxations(question: Question, count: Callable[[Question], int]) -> list[Relaxation]:
    """Return at most five questions that find something; [] if there are none.

    First come questions that replace a part, closest in meaning first, and of several wider circles the smallest. Then come
    questions with fewer parts: without a word of the text, without a part, without two of which neither helps alone, each of them
    sorted by count. If nothing has helped, all parts but one are dropped. `count` is called at most TRIAL_LIMIT times.
    """
    trials = _Trials(question, count)
    found = list(_iter_replacements(question, trials))
    if len(found) < RELAXATION_LIMIT:
        found += _drop_parts(question, trials)
    return found[:RELAXATION_LIMIT]


def _drop_parts(question: Question, trials: "_Trials") -> list[Relaxation]:
    drops = _list_drops(question)
    room = min(DROP_TRIAL_LIMIT, TRIAL_LIMIT - trials.made - min(SINGLE_PART_TRIAL_LIMIT, len(drops)))
    drops = drops[:room]
    words = _list_word_drops(question)[: room - len(drops)]
    smaller = trials.drop([(drop,) for drop in words]) + trials.drop([(drop,) for drop in drops])
    if len(smaller) < RELAXATION_LIMIT:
        helpful = {relaxation.without for relaxation in smaller}
        others = [drop for drop in (*drops, *words) if drop not in helpful]
        smaller += trials.drop(islice(combinations(others, 2), room - len(drops) - len(words)))
    if not smaller:
        all_but_one = (tuple(drop for drop in drops if drop is not part) for part in drops)
        smaller = trials.drop(islice(all_but_one, SINGLE_PART_TRIAL_LIMIT))
    return smaller


class _Trials:
    """Counts what changed questions find, each question once."""

    def __init__(self, question: Question, count: Callable[[Question], int]) -> None:
        self._question, self._count = replace(question, page=Page()), count
        self._tried_questions = {self._question}
        self.made = 0

    def count(self, question: Question) -> int:
        """Return how many organizations a question finds; 0 for a question that was tried before."""
        if question in self._tried_questions:
            return 0
        self._tried_questions.add(question)
        self.made += 1
        return self._count(question)

    def drop(self, choices: Iterable[tuple[DroppedParts, ...]]) -> list[Relaxation]:
        """Return the questions without these parts that find something, the largest count first."""
        relaxations = []
        for choice in choices:
            dropped = tuple(dict.fromkeys(part for drop in choice for part in drop))
            smaller = remove_filter_parts(self._question, dropped)
            if count := self.count(smaller):
                relaxations.append(Relaxation(RelaxationKind.DROP, dropped, smaller, count))
        return sorted(relaxations, key=lambda relaxation: -relaxation.count)


def _iter_replacements(question: Question, trials: _Trials) -> Iterator[Relaxation]:
    before = list_filter_parts(question)
    for kind, list_questions in _REPLACEMENTS:
        for other in _list_valid(list_questions, replace(question, page=Page())):
            if count := trials.count(other):
                after = list_filter_parts(other)
                without = tuple(part for part in before if part not in after)
                instead = tuple(part for part in after if part not in before)
                is_membership = list_questions is replacements.list_all_memberships
                removed = (MEMBERS_PART,) if is_membership else _detach(without)
                yield Relaxation(kind, removed, other, count, _detach(instead))
                if kind is not RelaxationKind.BROADER_THEME:
                    break


def _detach(parts: Iterable[FilterPart]) -> tuple[FilterPart, ...]:
    return tuple(replace(part, is_additional_term=False) for part in parts)


def _list_valid(list_questions: Callable[[Question], list[Question]], question: Question) -> list[Question]:
    try:
        return list_questions(question)
    except BadInput:  # the question has as many clauses or values as it may have
        return []


def _list_word_drops(question: Question) -> list[DroppedParts]:
    """List the words and quoted phrases of a text of a few, which can be dropped one by one."""
    words = list(dict.fromkeys(split_words(question.text)))
    return [(FilterPart("query", word),) for word in words] if 1 < len(words) <= WORD_DROP_LIMIT else []


def _list_drops(question: Question) -> list[DroppedParts]:
    """List what can be dropped in one step. Alternative values of one field are dropped together, clauses as a whole."""
    groups: dict[str, list[FilterPart]] = {}
    modifiers: list[FilterPart] = []
    for part in list_filter_parts(question):
        if part.field in _REGION_MODIFIERS:
            modifiers.append(part)
        elif part.field not in _NON_FILTER_FIELDS and (part.near is None or part.near.radius_km is not None):
            groups.setdefault(_get_group_key(part), []).append(replace(part, is_additional_term=False))
    if "regions" in groups:  # excluded regions still need to know what they exclude
        groups["regions"] += [part for part in modifiers if part.field != "regions.by" or not question.regions.none_of]
    return list(dict.fromkeys([*map(tuple, groups.values()), *((part,) for part in modifiers)]))


def _get_group_key(part: FilterPart) -> str:
    return part.field if part.field in _ALTERNATIVE_FIELDS else f"{part.field}={part.value}"
