"""Turn a person's words into a search for events: dates, issue areas, places, coalitions and other words."""

from msgspec.structs import replace

from directory.question import Filter
from directory.question.record_question import RecordQuestion
from directory.understanding.dates import drop_event_words, find_dates
from directory.understanding.spelling import DirectoryWords
from directory.understanding.understand import understand

_KNOWN_FIELDS = frozenset(("issue_areas", "regions", "near"))  # conditions that events can meet


def understand_events(words: str, directory_words: DirectoryWords, question: RecordQuestion) -> RecordQuestion:
    """Return a question about events with the conditions that the words add to it.

    A date that the words name limits the times of the question further. Conditions that no event can meet, such as communities,
    are left out; if nothing else remains, the words must occur. Raises BadInput for a text that is too long.
    """
    dates = find_dates(words)
    first, last = (dates.first, dates.last) if dates else (None, None)
    rest = drop_event_words(dates.rest if dates else words)
    asked = understand(rest, directory_words).question if rest else None
    named = _keep_known(asked) if asked is not None else Filter()
    text = " ".join(part for part in (question.text, asked.text if asked and named.list_set_fields() else rest) if part)
    return replace(
        question,
        text=text,
        conditions=Filter(clauses=((question.conditions,), (named,))),
        from_=max((moment for moment in (question.from_, first) if moment), default=None),
        until=min((moment for moment in (question.until, last) if moment), default=None),
    )


def _keep_known(condition: Filter) -> Filter:
    """Return the conditions on issue areas and places."""
    own = {name: getattr(condition, name) for name in condition.list_set_fields() if name in _KNOWN_FIELDS}
    clauses = tuple(clause for clause in condition.clauses if all(_is_known(alternative) for alternative in clause))
    return Filter(**own, clauses=clauses)


def _is_known(alternative: Filter) -> bool:
    return all(name in _KNOWN_FIELDS for one in alternative.list_filters() for name in one.list_set_fields() if name != "clauses")
