"""The plan as a table with filters and pages of rows, and the decisions about doubtful rows."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from seed.mapping.questions import MAX_ANSWER_LENGTH
from seed.plan.planned_row import PlannedRow
from seed.plan_report import display_name
from web.pages.languages import Language, mark
from web.pages.page import Page
from web.review.labels import label_field, label_visibility
from web.review.plan_index import PlanIndex, RowFilter, RowKey
from web.review.result_pages import build_start_page
from web.review.review_request import Answer, ReviewRequest, Step
from web.review.review_session import ReviewSession
from web.review.row_view import build_row_view, load_candidates, parse_row_field

ROWS_ON_PAGE = 25
MAX_WORDS_LENGTH = 100  # characters of a name to look for
MAX_DIGITS = 7  # of the number of a page
MAX_MISSING = 200  # records that are no longer in the list and are shown
MAX_PERSONAL_CONTACTS = 20  # shown of those in texts
MISSING = "missing"
NOTHING_NEW = mark("You have not changed any answer, so the plan is the same.")


def build_plan_page(request: ReviewRequest) -> Answer:
    """Return the page of the rows that the address asks for: `show`, `words` and `page`."""
    index = request.session.index
    if index is None:
        return build_start_page(request)
    show = request.parameters.get("show", "")
    words = request.parameters.get("words", "")[:MAX_WORDS_LENGTH]
    row_filter = RowFilter(show) if show in list(RowFilter) else _choose_filter(index)
    positions = _list_positions(request.session, index, row_filter, words)
    pages = max(1, -(-len(positions) // ROWS_ON_PAGE))
    number = min(_parse_number(request.parameters.get("page", "")), pages)
    shown = positions[(number - 1) * ROWS_ON_PAGE : number * ROWS_ON_PAGE]
    values = {
        "show": MISSING if show == MISSING else row_filter.value,
        "words": words,
        "counts": _count_rows(request.session, index),
        "rows": [] if show == MISSING else _build_rows(request, index, shown),
        "row_count": len(positions),
        "first_row": (number - 1) * ROWS_ON_PAGE + 1,
        "page_number": number,
        "page_count": pages,
        "link_page": lambda page: request.link("/", urlencode({"show": row_filter, "words": words, "page": page})),
        "missing": index.plan.missing_records[:MAX_MISSING] if show == MISSING else (),
        "left_out_count": index.plan.left_out_count,
        "file_notes": (*request.session.dataset.notes, *request.session.dataset.list_final_notes()),
        "personal_contacts": _list_personal_contacts(index, request.language),
        "personal_count": len(index.personal_contacts),
        "visibility": _list_visibility(index, request.language),
    }
    return Page("review_plan.html", values)


def take_decisions(request: ReviewRequest) -> Answer:
    """Take the answers to doubtful rows and plan again. Raises what `ReviewSession.decide` raises."""
    answers = {
        key: answer[:MAX_ANSWER_LENGTH] for name, answer in request.form.items() if (key := parse_row_field(name)) is not None
    }
    is_new = request.session.decide(answers)
    return Step("/working") if is_new else Step("/", urlencode({"show": RowFilter.DOUBTFUL}), NOTHING_NEW)


def _list_visibility(index: PlanIndex, language: Language) -> list[tuple[str, str, int]]:
    """Return who may see what is new, why, and of how many values this is true; the most frequent first."""
    return [
        (label_visibility(seen_by, language), label_visibility(reason, language), count)
        for (seen_by, reason), count in index.visibility_counts.most_common()
    ]


def _list_personal_contacts(index: PlanIndex, language: Language) -> list[tuple[int, str, str, str]]:
    """Return the row, the name of the organization, the field, and the number or mailbox in its text."""
    return [
        (item.row.number, display_name(item), label_field(contact.field, language), contact.text)
        for item, contact in index.personal_contacts[:MAX_PERSONAL_CONTACTS]
    ]


def _choose_filter(index: PlanIndex) -> RowFilter:
    """Return what a person should look at first."""
    counts = index.counts
    return next((each for each in (RowFilter.DOUBTFUL, RowFilter.REJECTED) if counts[each]), RowFilter.ALL)


def _list_positions(session: ReviewSession, index: PlanIndex, row_filter: RowFilter, words: str) -> Sequence[int]:
    if row_filter is not RowFilter.DECIDED:
        return index.list_positions(row_filter, words)
    positions = (index.position_by_key.get(key) for key in session.decisions)
    decided = {position for position in positions if position is not None}
    return [position for position in index.list_positions(RowFilter.ALL, words) if position in decided]


def _count_rows(session: ReviewSession, index: PlanIndex) -> dict[str, int]:
    counts = {each.value: count for each, count in index.counts.items()}
    return {**counts, RowFilter.DECIDED.value: len(session.decisions), MISSING: len(index.plan.missing_records)}


def _build_rows(request: ReviewRequest, index: PlanIndex, positions: Sequence[int]) -> list[dict[str, Any]]:
    session = request.session
    items: list[PlannedRow] = [index.plan.items[position] for position in positions]
    questions = session.questions
    keys = [RowKey.of(item.row) for item in items]
    asked = [questions[key].item for key in keys if key in questions]
    candidates = load_candidates(session.directory.store, asked, index.plan.items)
    return [
        build_row_view(item, request.language, questions.get(key), session.decisions.get(key), candidates)
        for item, key in zip(items, keys, strict=True)
    ]


def _parse_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 1
