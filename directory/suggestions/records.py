"""Suggest coalitions, events, instruments and provisions by their names, by number ("article 25") and by date."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from directory.kinds.coalition import Coalition
from directory.kinds.event import Event
from directory.kinds.instrument import Provision
from directory.question import WORD_LIMIT, Page, Question, TermFilter
from directory.question.record_question import RecordQuestion
from directory.records import MembershipStatus, PublishedRecord, RecordKind
from directory.search.snapshot import Snapshot
from directory.search.text.text_match import TextTier
from directory.suggestions.suggestion import Suggestion, SuggestionKind
from directory.text import fold
from directory.understanding.dates import drop_event_words, find_dates

_KINDS = {
    RecordKind.COALITION: SuggestionKind.COALITION,
    RecordKind.EVENT: SuggestionKind.EVENT,
    RecordKind.INSTRUMENT: SuggestionKind.INSTRUMENT,
}
ARTICLE_PREFIXES = ("article ", "articulo ", "art ")


def suggest_records(snapshot: Snapshot, typed: str, first: int) -> list[list[Suggestion]]:
    """Return at most `first` suggestions of each kind: names with these words, the events of a date, the articles of a number."""
    words = fold(typed)  # names are not searched as phrases
    if len(words.split()) > WORD_LIMIT:
        return []
    named = [list(_suggest_named(snapshot, kind, words, first)) for kind in _KINDS]
    return [*named, list(_suggest_events_of_date(snapshot, typed, first)), list(_suggest_articles(snapshot, words, first))]


def _suggest_named(snapshot: Snapshot, kind: RecordKind, words: str, first: int) -> Iterator[Suggestion]:
    for record, tier in snapshot.find_named(kind, words, first):
        yield replace(_suggest(_KINDS[kind], record), is_exact=tier is TextTier.EXACT_NAME)


def _suggest_events_of_date(snapshot: Snapshot, words: str, first: int) -> Iterator[Suggestion]:
    """Suggest the events of "events in March 2021": the words must be nothing else."""
    dates = find_dates(words)
    if dates is None or fold(drop_event_words(dates.rest)):
        return
    question = RecordQuestion(kind=RecordKind.EVENT, from_=dates.first, until=dates.last, page=Page(first=first))
    for event in snapshot.find_records(question).nodes:
        yield _suggest(SuggestionKind.EVENT, event)


def _suggest_articles(snapshot: Snapshot, words: str, first: int) -> Iterator[Suggestion]:
    """Suggest the provisions that "article 25", "UDHR 25" or a recommendation's number names."""
    folded = fold(words)
    numbers = _list_number_passages(folded)
    if not any(character.isdigit() for character in folded):
        return
    question = RecordQuestion(kind=RecordKind.PROVISION, text=f'"{folded}"', page=Page(first=first))
    for provision in snapshot.find_records(question).nodes:
        assert isinstance(provision, Provision)  # noqa: S101 - the kind of the question
        if fold(provision.number) in numbers or fold(provision.slug) == folded:
            yield _suggest(SuggestionKind.INSTRUMENT, provision)


def _list_number_passages(folded: str) -> Sequence[str]:
    """Return the words, and without "article" before them."""
    return [folded, *(folded.removeprefix(prefix) for prefix in ARTICLE_PREFIXES if folded.startswith(prefix))]


def _suggest(kind: SuggestionKind, record: PublishedRecord) -> Suggestion:
    return Suggestion(kind=kind, is_exact=True, whole_question=_ask_about(record), record=record)


def _ask_about(record: PublishedRecord) -> Question:
    """Return the search for the organizations that a record leads to: members, hosts, or those who work on its issue areas."""
    if isinstance(record, Coalition):
        return Question(coalition=record.slug)
    if isinstance(record, Event) and record.host_ids:
        return Question(ids=record.host_ids, membership=tuple(MembershipStatus))
    if issue_areas := getattr(record, "issue_areas", ()):
        return Question(issue_areas=TermFilter(issue_areas))
    return Question(text=record.name)
