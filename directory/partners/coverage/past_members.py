"""The members that a coverage matrix counts: those of today, or those of a past day.

The past is judged by what the audience may see today, so nothing that was hidden, removed or moved since can be found in it.
"""

import datetime as dt

from msgspec import Struct
from pyroaring import BitMap

from directory.errors import BadInput, Unavailable
from directory.question import Question
from directory.search.past_index import build_past_index, find_first_moment
from directory.search.search_index import SearchIndex
from directory.search.search_result import SearchResult
from directory.search.searched_fields import to_timestamp
from directory.search.snapshot import Snapshot

_UNKNOWN_THEN = {  # fields of a filter of which no past values are kept, and what they are in a sentence
    "coalition": "a coalition",
    "updated_since": "the last change of an organization",
}


class CountedMembers(Struct, frozen=True):
    """The index that members are found in, the rows of those that are counted, and the day by which verifications are judged."""

    index: SearchIndex
    rows: BitMap
    day: dt.date


def find_members(snapshot: Snapshot, question: Question, as_of: dt.date | None, today: dt.date) -> CountedMembers:
    """Return the organizations that match a question now or, with `as_of`, at the start of that day in UTC.

    Raises BadInput for a search that is refused, for a day in the future or before the first record, and for a condition of which
    the past is not known; TooLarge if too much changed since; and Unavailable while the history is being loaded.
    """
    if as_of is None:
        return CountedMembers(snapshot.index, snapshot.find(question, today).rows, today)
    _check_question(question)
    index = _open_past(snapshot, as_of, today)
    return CountedMembers(index, SearchResult(question, index, as_of).rows & index.rows.live_rows, as_of)


def _check_question(question: Question) -> None:
    for field, name in _UNKNOWN_THEN.items():
        if any(getattr(one, field) is not None for one in question.list_filters()):
            sentence = f"A past day cannot be combined with a condition for {name}. Leave out one of them."
            raise BadInput(sentence, argument="asOf", reason="CONDITION")


def _open_past(snapshot: Snapshot, day: dt.date, today: dt.date) -> SearchIndex:
    if day > today:
        sentence = f"{day} is in the future. Choose a day up to today, {today}."
        raise BadInput(sentence, argument="asOf", value=day.isoformat(), reason="FUTURE")
    if snapshot.history is None:
        raise Unavailable("The past of the directory is still being loaded. Try again in a few seconds.")
    index = build_past_index(snapshot.index, snapshot.history, to_timestamp(day))
    if not index.rows.live_rows and snapshot.index.rows.live_rows:
        raise _build_too_early(find_first_moment(snapshot.index, snapshot.history), day, today)
    return index


def _build_too_early(first_moment: float, day: dt.date, today: dt.date) -> BadInput:
    first = dt.datetime.fromtimestamp(first_moment, dt.UTC).date() + dt.timedelta(days=1)
    advice = f"Choose {first} or a later day." if first <= today else f"The first day that can be chosen is {first}."
    sentence = f"On {day} none of these organizations were in the directory yet, so it does not know who worked where. {advice}"
    return BadInput(sentence, argument="asOf", value=day.isoformat(), reason="TOO_EARLY", first=first.isoformat())
