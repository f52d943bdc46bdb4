"""The search request: one frozen value that GraphQL, web pages, exports and the command line all build."""

from collections.abc import Sequence
from copy import copy
from hashlib import blake2b

import msgspec

from directory.errors import BadInput
from directory.question.conditions import Near
from directory.question.filter import Filter
from directory.question.list_page import OrderField, Page, SortOrder
from directory.question.text_limits import KEY_LIMIT, check_length
from directory.records import MembershipStatus
from directory.text import fold

MAX_CHOICES = 50  # terms and regions in a question whose answers are kept; pages use no more
MAX_OPTIONAL_WORDS = 32
MAX_CLAUSES = 20  # at all levels
MAX_ALTERNATIVES = 50  # of all clauses
MAX_VALUES = 3_000  # terms, regions and ids


class Question(Filter, frozen=True, kw_only=True):
    """A search request. Raises BadInput, UnknownTerm or UnknownRegion when it is created.

    `membership` is ACTIVE unless the question or one of its clauses names a status.
    """

    text: str = ""  # searched literally, never interpreted
    optional_words: tuple[str, ...] = ()  # folded; records with more of them come first, and those with none match too
    order: SortOrder = SortOrder()
    page: Page = Page()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.text:
            msgspec.structs.force_setattr(self, "text", normalize_text(self.text))
        if self.optional_words:
            self._normalize_optional_words()
        if self.clauses:
            self._check_clauses()
        if not self.membership and not self.names_membership_in_clauses:
            msgspec.structs.force_setattr(self, "membership", (MembershipStatus.ACTIVE,))
        if self.value_count > MAX_VALUES:
            sentence = f"A search can have at most {MAX_VALUES:,} values, and this one has {self.value_count:,}. Name fewer."
            raise BadInput(sentence, argument="filter", limit=MAX_VALUES)
        if self.order.field is OrderField.DISTANCE and self.origin is None:
            raise BadInput("Sorting by distance needs an origin. Set `near`.", argument="orderBy")

    @property
    def origin(self) -> Near | None:
        """The origin of distances, from the question itself or from an alternative; None if there is none."""
        if self.near is not None or not self.clauses:
            return self.near
        return next((one.near for one in self.list_filters() if one.near is not None), None)

    @property
    def names_membership_in_clauses(self) -> bool:
        """Whether an alternative restricts the membership, so that the question itself need not."""
        return any(one.membership for clause in self.clauses for alternative in clause for one in alternative.list_filters())

    @property
    def value_count(self) -> int:
        """The number of terms, regions, ids and alternatives in the question."""
        if not self.clauses:
            return _count_values(self)
        return sum(_count_values(one) + 1 for one in self.list_filters()) - 1

    @property
    def depends_on_day(self) -> bool:
        """Whether the result depends on the day of the search."""
        if not self.clauses:
            return self.verification_due is not None
        return any(one.verification_due is not None for one in self.list_filters())

    @property
    def is_personal(self) -> bool:
        """Whether it has words, an origin or organizations of someone's own, so that a fast answer would tell others of it."""
        if self.text or self.optional_words or self.origin is not None or _names_records(self):
            return True
        return bool(self.clauses) and any(map(_names_records, self.list_filters()))

    @property
    def consists_of_choices(self) -> bool:
        """Whether everything in it was chosen from short lists: no words, no place on the map, no cursor, few values.

        Faster answers to such a question reveal nothing about a person. They do not depend on the day either.
        """
        if self.is_personal or self.page.cursor or self.depends_on_day:
            return False
        return self.value_count <= MAX_CHOICES and all(one.within is None for one in self.list_filters())

    @property
    def fingerprint(self) -> bytes:
        """8 bytes that identify the question apart from its page: equal for the same list in the same order."""
        first_page = copy(self)  # faster than `replace`, which would validate everything again
        msgspec.structs.force_setattr(first_page, "page", Page())
        return blake2b(msgspec.msgpack.encode(first_page), digest_size=8).digest()

    def _normalize_optional_words(self) -> None:
        words = sorted({word for text in self.optional_words for word in fold(text).split()})
        if len(words) > MAX_OPTIONAL_WORDS or any(len(word) > KEY_LIMIT for word in words):
            sentence = f"A search can have at most {MAX_OPTIONAL_WORDS} optional words of {KEY_LIMIT} characters. Keep the best."
            raise BadInput(sentence, argument="optionalWords", limit=MAX_OPTIONAL_WORDS)
        msgspec.structs.force_setattr(self, "optional_words", tuple(words))

    def _check_clauses(self) -> None:
        filters = self.list_filters()
        for name, count, limit in (
            ("clauses", sum(len(one.clauses) for one in filters), MAX_CLAUSES),
            ("alternatives", len(filters) - 1, MAX_ALTERNATIVES),
        ):
            if count > limit:
                sentence = f"A search can have at most {limit} {name}, and this one has {count}. Remove some."
                raise BadInput(sentence, argument="filter", limit=limit)
        if len({one.near.point for one in filters if one.near is not None}) > 1:
            raise BadInput("A search can have one origin for distances. Use the same place everywhere.", argument="near")


def normalize_text(text: str) -> str:
    """Return a search text with single spaces. Raises BadInput if it is too long or contains half a character."""
    normalized = " ".join(text.split())
    if not normalized.isascii() and any("\ud800" <= character <= "\udfff" for character in normalized):
        raise BadInput("The search text contains half a character (a lone surrogate). Remove it.", argument="query")
    check_length("query", normalized)
    return normalized


def combine_questions(questions: Sequence[Question], order: SortOrder, page: Page) -> Question:
    """Return the question all of whose conditions are those of these questions together, in this order and at this page.

    The default membership of one question gives way to a status that another one names. Raises BadInput if the questions have
    different origins, or more conditions than a question can have.
    """
    return Question(
        text=" ".join(one.text for one in questions if one.text),
        optional_words=tuple(word for one in questions for word in one.optional_words),
        clauses=tuple((_to_filter(one),) for one in questions),
        order=order,
        page=page,
    )


def _to_filter(question: Question) -> Filter:
    """Return the conditions of a question, without the default membership."""
    conditions = {field: getattr(question, field) for field in Filter.__struct_fields__}
    if question.membership == (MembershipStatus.ACTIVE,) and not question.names_membership_in_clauses:
        conditions["membership"] = ()
    return Filter(**conditions)


def _names_records(one: Filter) -> bool:
    """Return whether the filter names organizations or a coalition of someone's own."""
    return bool(one.ids) or one.parent is not None or one.coalition is not None


def _count_values(one: Filter) -> int:
    count = len(one.regions.any_of) + len(one.regions.none_of) + len(one.ids)
    for terms in (one.issue_areas, one.communities, one.work_areas, one.languages):
        count += len(terms.any_of) + len(terms.all_of) + len(terms.none_of)
    return count
