"""The result of a search for coalitions, events, instruments or provisions: a page of records and their number."""

from collections.abc import Iterator
from itertools import islice, takewhile

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.cursors import encode_cursor
from directory.question.record_question import RecordQuestion
from directory.records import PublishedRecord, RecordKind
from directory.search.conditions import FilterMatcher
from directory.search.pagination import POSITION_FORMAT, ResultOrder, decode_position, select_page_rows
from directory.search.row_sets import to_row_set
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import to_timestamp
from directory.search.text.text_match import TextMatch, TextTier

_NAME_TIERS = (TextTier.EXACT_NAME, TextTier.NAMES)


class RecordHit(Struct, frozen=True):
    """One record of a page, and the cursor of its position."""

    cursor: str
    node: PublishedRecord


class RecordPage(Struct, frozen=True):
    """One page of the list, the number of records on all pages, and whether there are records after and before it."""

    edges: tuple[RecordHit, ...]
    total_count: int
    has_next_page: bool
    has_previous_page: bool

    @property
    def nodes(self) -> list[PublishedRecord]:
        return [edge.node for edge in self.edges]

    @property
    def page_info(self) -> "RecordPage":
        """The page itself, which has the fields of PageInfo."""
        return self

    @property
    def start_cursor(self) -> str | None:
        return self.edges[0].cursor if self.edges else None

    @property
    def end_cursor(self) -> str | None:
        return self.edges[-1].cursor if self.edges else None


def find_page(question: RecordQuestion, index: SearchIndex[PublishedRecord], taken_up: BitMap | None = None) -> RecordPage:
    """Return the page of a question. `taken_up` are the rows on which a member works, if the question asks for them.

    Raises BadInput for a text that is too long, and BadCursor for a cursor of a different question.
    """
    start = decode_position(question)
    order = ResultOrder(question, index, *_match(question, index, taken_up))
    page = select_page_rows(order, question.page, start)
    edges = (RecordHit(_build_cursor(order, row), index.rows[row]) for row in page.rows)
    return RecordPage(tuple(edges), len(order.rows), page.has_next, page.has_previous)


def find_event_rows(question: RecordQuestion, index: SearchIndex[PublishedRecord]) -> BitMap:
    """Return the rows of all events that a question finds, whatever its page. Raises BadInput for a text that is too long."""
    return _match(question, index, None)[0]


def _match(
    question: RecordQuestion, index: SearchIndex[PublishedRecord], taken_up: BitMap | None
) -> tuple[BitMap, TextMatch | None]:
    """Return the rows that meet all conditions, and how they match the text if there is one."""
    text_match = index.words.match(question.text, index.find_rows_with_term) if question.text else None
    matcher = FilterMatcher(index, None)
    conditions = [*matcher.build_conditions(question.conditions).values(), *_iter_conditions(question, index, taken_up)]
    if text_match is not None:
        conditions.append(text_match.rows)
    return matcher.intersect(conditions), text_match


def find_named(index: SearchIndex[PublishedRecord], words: str, first: int) -> list[tuple[PublishedRecord, TextTier]]:
    """Return at most `first` records with all words in their names, exact names first, each with its tier.

    Raises BadInput for a text that is too long.
    """
    text_match = index.words.match(words, index.find_rows_with_term) if words.strip() else None
    if text_match is None:
        return []
    order = ResultOrder(RecordQuestion(kind=RecordKind.COALITION, text=words), index, text_match.rows, text_match)
    rows = takewhile(lambda row: text_match.find_tier(row) in _NAME_TIERS, order.iter_rows(None, backward=False))
    return [(index.rows[row], text_match.find_tier(row)) for row in islice(rows, first)]


def _iter_conditions(question: RecordQuestion, index: SearchIndex[PublishedRecord], taken_up: BitMap | None) -> Iterator[BitMap]:
    for one in question.keys:
        yield index.sets[one.set_name].match_any(one.any_of)
    yield from _iter_time_conditions(question, index)
    if question.taken_up is not None and taken_up is not None:
        yield taken_up if question.taken_up else index.rows.live_rows - taken_up


def _iter_time_conditions(question: RecordQuestion, index: SearchIndex[PublishedRecord]) -> Iterator[BitMap]:
    """Yield the rows that meet each condition on time. The index has the columns STARTS and ENDS if there is one."""
    for column, moment, compare in (
        ("ENDS", question.from_, np.greater_equal),
        ("STARTS", question.until, np.less_equal),
        ("ENDS", question.over_by, np.less_equal),
        ("STARTS", question.starts_after, np.greater),
    ):
        if moment is not None:
            yield to_row_set(np.flatnonzero(compare(index.columns[column], to_timestamp(moment))))


def _build_cursor(order: ResultOrder, row: int) -> str:
    return encode_cursor(order.fingerprint, order.find_position(row), POSITION_FORMAT)
