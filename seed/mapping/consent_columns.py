"""Find columns that may say who must not be published: "OK to publish?", "¿Autoriza publicar su dirección?", "Do not share".

Nothing is published or withheld because of them: only a person knows what an answer means. A note shows the answers.
"""

import shlex
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.text import fold
from seed.mapping.column_mapping import TableMapping, parse_filter
from seed.rows import Table

MAX_HEADING_LENGTH = 200  # characters; a longer text is no heading
MAX_SHOWN_ANSWERS = 8
MAX_ANSWER_LENGTH = 40  # characters
CACHE_SIZE = 1 << 10  # headings


class _ConsentWords(Struct, frozen=True, forbid_unknown_fields=True):
    certain: frozenset[str]
    phrases: frozenset[str]
    asking: frozenset[str]
    forbidding: frozenset[str]
    showing: frozenset[str]
    other: frozenset[str]
    negative: frozenset[str]
    place: frozenset[str]
    contact: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]


_WORDS = msgspec.convert(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")), _ConsentWords)


@lru_cache(maxsize=CACHE_SIZE)
def find_limited_field(heading: str) -> str | None:
    """Return the field that could limit what is shown, if the heading may ask for consent; None for other headings."""
    phrase = fold(heading.replace("_", " ")) if len(heading) <= MAX_HEADING_LENGTH else ""
    words = frozenset(phrase.split())
    asks_to_show = bool(words & (_WORDS.asking | _WORDS.forbidding) and words & _WORDS.showing)
    if words & _WORDS.other or not (asks_to_show or phrase in _WORDS.phrases or words & _WORDS.certain):
        return None
    if words & _WORDS.place:
        return "location.disclosure"
    return "contact.audience" if words & _WORDS.contact else "audience"


class ConsentAnswers:
    """The answers in columns of a table that may ask for consent and are not used: neither as a field nor by a filter."""

    def __init__(self, mapping: TableMapping, filters: Iterable[str]) -> None:
        filtered = {fold(parse_filter(text).column) for text in filters}
        unused = (one for one in mapping.columns if one.field is None and not one.is_ignored)
        self._columns = [one for one in unused if fold(one.heading) not in filtered and find_limited_field(one.heading)]
        self._answers = {one.heading: Counter[str]() for one in self._columns}

    def count(self, table: Table) -> Table:
        """Return the table. While it is read, the answers are counted."""
        return replace(table, rows=self._count_rows(table)) if self._columns else table

    def _count_rows(self, table: Table) -> Iterator[tuple[int, tuple[str, ...]]]:
        for number, cells in table.rows:
            for one in self._columns:
                answer = cells[one.column] if one.column < len(cells) else ""
                self._answers[one.heading][" ".join(answer.split())] += 1
            yield number, cells

    def list_notes(self) -> list[str]:
        """Return lines on each column that has answers and how to use it, after the table has been read."""
        return [line for heading, answers in self._answers.items() if any(answers) for line in _describe(heading, answers)]


def _describe(heading: str, answers: Counter[str]) -> Iterator[str]:
    safe = _list_permitting_answers(heading, answers)
    example = shlex.quote(f"{heading} = {' | '.join(safe or ['ANSWER'])}")
    yield f'The column "{heading}" may say who must not be published, but nothing is withheld because of it.'
    yield f"  Its answers: {', '.join(_format_answers(answers))}"
    yield f"  To import only some rows: --where {example}"
    yield f"  To import all, but show less of some: map it to {find_limited_field(heading)} with --interactive or in a profile"


def _list_permitting_answers(heading: str, answers: Counter[str]) -> Sequence[str]:
    """Return the answers that permit it: with "yes" or, under "Do not share", with "no" or nothing."""
    is_negative = not _WORDS.negative.isdisjoint(fold(heading.replace("_", " ")).split())
    permitting = _WORDS.no if is_negative else _WORDS.yes
    return [answer for answer, _ in answers.most_common(MAX_SHOWN_ANSWERS) if fold(answer) in permitting and "|" not in answer]


def _format_answers(answers: Counter[str]) -> Iterator[str]:
    for answer, count in answers.most_common(MAX_SHOWN_ANSWERS):
        shown = answer if len(answer) <= MAX_ANSWER_LENGTH else f"{answer[:MAX_ANSWER_LENGTH]}…"
        yield f'"{shown}" ({count:,})' if answer else f"no answer ({count:,})"
    if len(answers) > MAX_SHOWN_ANSWERS:
        yield f"and {len(answers) - MAX_SHOWN_ANSWERS:,} other answers"
