"""Highlights: the texts of a record, split into segments that match the words of the question or not."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from directory.fields import FIELDS, TEXT_FIELDS, ValueForm
from directory.question import FACETS
from directory.records import Address, Organization
from directory.search.text.analysis import tokenize
from directory.search.text.concepts import Concept
from directory.search.text.indexed_fields import build_place_lines, list_addresses
from directory.search.text.parsed_text import Word
from directory.text import fold

WINDOW_LENGTH = 200  # characters of a description that are shown around its first match
MAX_LEAD_LENGTH = 60  # characters, at most, before the first match
ELLIPSIS = "…"
MAX_CACHED_LENGTH = 100  # characters between blanks; the words of longer strings are not cached
TERM_FIELDS = {"issueAreas": "issue_areas", "workAreas": "work_areas", "communities": "communities", "languages": "languages"}
_TEXTS = tuple(  # name, name in GraphQL, and the characters that are shown of a long text
    (name, FIELDS[name].graphql_name, WINDOW_LENGTH if FIELDS[name].form is ValueForm.PARAGRAPHS else None)
    for name in TEXT_FIELDS
)

_NON_BLANK = re.compile(r"\S+")
_PLAIN_WORD = re.compile(r"([A-Za-z0-9]+)[.,;:!?)]*")  # most words; lowercasing is enough to fold them


class TextSegment(Struct, frozen=True):
    text: str
    matched: bool


class Highlight(Struct, frozen=True):
    """A text of a record with at least one match. `field` is the name of the field in GraphQL.

    The segments add up to the text as written, or to a part of a long description with "…" where it was cut.
    """

    field: str
    segments: tuple[TextSegment, ...]


class WordSpan(Struct, frozen=True):
    """A part of a text and its folded words: one word, or several that cannot be separated, as in "R&B"."""

    start: int
    end: int
    words: tuple[str, ...]


class WordsToHighlight(Struct, frozen=True):
    """Words, phrases of folded words, and the vocabulary terms of the words."""

    words: tuple[Word, ...]
    phrases: tuple[tuple[str, ...], ...]
    concepts: set[Concept]


class Highlighter:
    """Highlights records for one question."""

    def __init__(self, parts: Iterable[WordsToHighlight]) -> None:
        listed = list(parts)
        self._words = [word for part in listed for word in part.words]
        self._phrases = [phrase for part in listed for phrase in part.phrases]
        self._concepts = set[Concept]().union(*(part.concepts for part in listed))
        self._accept_cache: dict[str, bool] = {}

    def highlight(self, organization: Organization) -> tuple[Highlight, ...]:
        """Return one highlight for each text with a match: names, terms, places, and the texts of plain fields."""
        if not (self._words or self._phrases):
            return ()
        highlights = [self._highlight_text("name", organization.name)]
        highlights += [self._highlight_text("names", other.name) for other in organization.names]
        for field, facet in TERM_FIELDS.items():
            highlights += [self._highlight_term(field, facet, slug) for slug in getattr(organization, facet)]
        highlights += list(dict.fromkeys(self._highlight_place(address) for address in list_addresses(organization)))
        highlights += [self._highlight_text(field, getattr(organization, name), window) for name, field, window in _TEXTS]
        return tuple(highlight for highlight in highlights if highlight is not None)

    def _highlight_text(self, field: str, text: str | None, window: int | None = None) -> Highlight | None:
        if not text or not any(self._mark_words(tokenize(text))):
            return None
        spans = list(iter_spans(text))
        owners = [span for span in spans for _ in span.words]
        marks = self._mark_words([word for span in spans for word in span.words])
        matched = list(dict.fromkeys(span for span, marked in zip(owners, marks, strict=True) if marked))
        start, end = (0, len(text)) if window is None else _choose_window(text, spans, matched[0], window)
        return Highlight(field, tuple(_iter_segments(text, matched, start, end)))

    def _highlight_term(self, field: str, facet: str, slug: str) -> Highlight | None:
        vocabulary = FACETS[facet]
        term = vocabulary.get(slug)
        if term is None:
            return None
        literal = self._highlight_text(field, term.label())
        is_concept = any((facet, ancestor) in self._concepts for ancestor in (slug, *vocabulary.ancestors(slug)))
        return literal or (Highlight(field, (TextSegment(term.label(), True),)) if is_concept else None)

    def _highlight_place(self, address: Address) -> Highlight | None:
        """Highlight the line of the address with the most matching words; the first of several."""
        lines = build_place_lines(address)
        return self._highlight_text("locations", max(lines, key=lambda line: sum(self._mark_words(tokenize(line))), default=None))

    def _mark_words(self, words: Sequence[str]) -> list[bool]:
        marks = [self._accepts(word) for word in words]
        for phrase in self._phrases:
            for start in range(len(words) - len(phrase) + 1):
                if tuple(words[start : start + len(phrase)]) == phrase:
                    marks[start : start + len(phrase)] = [True] * len(phrase)
        return marks

    def _accepts(self, token: str) -> bool:
        if token not in self._accept_cache:
            self._accept_cache[token] = any(word.accepts(token) for word in self._words)
        return self._accept_cache[token]


def iter_spans(text: str) -> Iterator[WordSpan]:
    """Yield the words of a text with their positions, in order."""
    for unbroken in _NON_BLANK.finditer(text):
        offset = unbroken.start()
        for start, end, words in (_find_spans_cached if len(unbroken[0]) <= MAX_CACHED_LENGTH else _find_spans)(unbroken[0]):
            yield WordSpan(offset + start, offset + end, words)


@lru_cache(maxsize=8192)
def _find_spans_cached(unbroken: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    return _find_spans(unbroken)


def _find_spans(unbroken: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    if plain := _PLAIN_WORD.fullmatch(unbroken):
        return ((0, plain.end(1), (plain[1].lower(),)),)
    words = tokenize(unbroken)
    pieces = [(start, end, tuple(tokenize(unbroken[start:end]))) for start, end in _iter_pieces(unbroken)]
    if [piece for _, _, piece in pieces] == [(word,) for word in words]:
        return tuple(pieces)
    start, end = (pieces[0][0], pieces[-1][1]) if pieces else (0, len(unbroken))
    return ((start, end, tuple(words)),) if words else ()


def _iter_pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of the parts without punctuation."""
    joined = "".join("x" if _is_joining_character(character) else " " for character in text)
    return (piece.span() for piece in _NON_BLANK.finditer(joined))


@lru_cache(maxsize=4096)
def _is_joining_character(character: str) -> bool:
    """Return whether a word continues across this character: a letter, digit, accent or apostrophe."""
    return " " not in fold(f"xx{character}xx")


def _choose_window(text: str, spans: Sequence[WordSpan], first: WordSpan, window: int) -> tuple[int, int]:
    if len(text) <= window:
        return 0, len(text)
    start = min(span.start for span in spans if span.start >= first.start - MAX_LEAD_LENGTH)
    start = 0 if start == spans[0].start else start
    end = max([first.end, *(span.end for span in spans if span.end <= start + window)])
    return start, len(text) if end == spans[-1].end else end


def _iter_segments(text: str, matched: Sequence[WordSpan], start: int, end: int) -> Iterator[TextSegment]:
    position, prefix = start, ELLIPSIS if start else ""
    for span in matched:
        if start <= span.start and span.end <= end:
            if unmatched := prefix + text[position : span.start]:
                yield TextSegment(unmatched, False)
            yield TextSegment(text[span.start : span.end], True)
            position, prefix = span.end, ""
    if rest := prefix + text[position:end] + (ELLIPSIS if end < len(text) else ""):
        yield TextSegment(rest, False)
