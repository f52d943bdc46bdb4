"""Read provisions of an instrument, such as the recommendations of a review: from a table, or from our own export.

The columns are recognized by the headings of PROVISION's field registry. Each row becomes the fields of a ProvisionDraft that it
states. It may also state an `id`, and an `instrument` by its slug or id.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import fuzz, process

from directory.drafts.draft_parts import NAME_LIMIT
from directory.errors import BadInput
from directory.export.formula_escaping import unescape_cell
from directory.export.tables import UPDATED_AT_COLUMN
from directory.fields import Field, Headings
from directory.kinds.instrument import PROVISION
from directory.text import fold
from seed.clean.cleaning_log import CleaningLog, ValueCache
from seed.clean.values import terms
from seed.clean.values.plain_text import clean_line, is_empty_value
from seed.clean.values.terms import find_nearest_terms
from seed.mapping.heading_meaning import MIN_LEAD, MIN_LENGTH, MIN_PHRASE_RATIO
from seed.mapping.headings import (
    column_labels,
    expand_phrases,
    index_without_fillers,
    load_heading_vocabulary,
    remove_words,
    split_phrases,
)
from seed.rows import Row, Table
from seed.sources import own_records
from seed.sources.dataset import DEFAULT_TITLE, OWN_TITLE, Dataset, ReadOptions
from seed.sources.dataset_loader import name_dataset, read_input, read_table
from seed.sources.formats.file_format import FileFormat
from seed.sources.own_tables import CORRECTION_COLUMNS, find_source_key, is_corrections_table, restore_table

MAX_HEADING_LENGTH = 100  # characters; a longer text is not a heading

_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PARTS = re.compile(r"[/|\n]| [-–—] ")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class ColumnFields(Struct, frozen=True):
    """The fields of a table's columns by position, from 0. `unmapped_headings` are those of the others."""

    fields: Mapping[int, str]
    unmapped_headings: tuple[str, ...]

    @property
    def known_fields(self) -> frozenset[str]:
        return frozenset(self.fields.values())


class KindHeadings:
    """The phrases of one kind. `own_names` are fields that have only their own name as a heading."""

    def __init__(self, fields: Mapping[str, Field], further: Mapping[str, Headings], own_names: Collection[str] = ()) -> None:
        self._own_names = frozenset((*fields, *further, *own_names))
        self._list_fields = frozenset(name for name, field in fields.items() if field.is_list)
        phrases = {**{name: field.headings for name, field in fields.items()}, **further}
        index = {phrase: (name,) for name, headings in phrases.items() for phrase in _list_phrases(headings)}
        self._fields_by_phrase = index
        self._fields_without_fillers = index_without_fillers(index, load_heading_vocabulary().filler_words)

    def map_columns(self, headings: Sequence[str]) -> ColumnFields:
        """Return the fields of the columns. Of several columns with one field the first counts, unless the field is a list."""
        fields: dict[int, str] = {}
        for position, heading in enumerate(headings):
            field = self.find_field(heading)
            if field and (field in self._list_fields or field not in fields.values()):
                fields[position] = field
        return ColumnFields(fields, tuple(heading for position, heading in enumerate(headings) if position not in fields))

    def find_field(self, heading: str) -> str | None:
        """Return the field that a heading means; None if it means none, or several."""
        name = heading.strip()
        if name in self._own_names:
            return name
        if len(name) > MAX_HEADING_LENGTH:
            return None
        parts = [self._find_phrase(part) for part in _PARTS.split(name) if fold(part)]
        if len(parts) > 1 and None not in parts:
            return parts[0] if len(set(parts)) == 1 else None
        return self._find_phrase(name) or self._find_misspelled_phrase(fold(name))

    def _find_phrase(self, heading: str) -> str | None:
        for words in _list_variants(heading):
            if words in self._fields_without_fillers:
                return self._fields_without_fillers[words][0]
        return None

    def _find_misspelled_phrase(self, words: str) -> str | None:
        if len(words) < MIN_LENGTH:
            return None
        similar = process.extract(
            words, list(self._fields_by_phrase), scorer=fuzz.token_sort_ratio, score_cutoff=MIN_PHRASE_RATIO, limit=None
        )
        best = max((score for _, score, _ in similar), default=0)
        fields = {self._fields_by_phrase[phrase][0] for phrase, score, _ in similar if score > best - MIN_LEAD}
        return fields.pop() if len(fields) == 1 else None


def _list_phrases(headings: Headings) -> Iterator[str]:
    yield from expand_phrases((*split_phrases(headings.en), *split_phrases(headings.es), *split_phrases(headings.vague)))


def _list_variants(heading: str) -> Iterator[str]:
    """Yield the folded heading, then without parentheses, then without fillers."""
    yield fold(heading)
    words = fold(_CAMEL.sub(" ", _PARENTHESES.sub(" ", heading)))
    yield words
    yield remove_words(words, load_heading_vocabulary().filler_words)


SUBJECT_HEADINGS = Headings(
    en="subject, name, title, short title, heading, provision, recommendation title", es="asunto, titulo, materia, nombre"
)
HEADINGS = KindHeadings(PROVISION.fields, {"name": SUBJECT_HEADINGS}, ("id", "slug", "instrument", "audience"))
MAX_CELL_LENGTH = 5_000  # characters, several times the longest text of a provision
MAX_LISTED = 20  # headings or unknown themes in a message

_OWN_COLUMNS = {"id", "slug", "number", UPDATED_AT_COLUMN}  # only our own exports have all of these
_KEY_FIELDS = frozenset({"id", "slug", "instrument", "audience", "number", "cycle", "name"})  # an empty cell never clears these
_TERMS_FIELD = "issue_areas"


def load_provisions(path: Path, options: ReadOptions, standard_input: IO[bytes]) -> Dataset:
    """Return the provisions in a file or in standard input (the path "-"), named and dated by the options.

    Raises BadInput for a file that is not such a list, and TooLarge for one that exceeds the limits.
    """
    file = read_input(path, standard_input)
    if file.format is FileFormat.NDJSON:
        rows = own_records.parse_records(*file)
        return name_dataset(Dataset("", OWN_TITLE, rows, has_provenance=True), path, options)
    if file.format in (FileFormat.JSON, FileFormat.TOML, FileFormat.ZIP):
        sentence = f"{file.name} is not a table. Provisions are read from CSV, TSV, XLSX, XLS, ODS or our own NDJSON."
        raise BadInput(sentence, file=file.name)
    table = read_table(file, replace(options, header=options.header is not False))
    return name_dataset(build_provision_dataset(table, clear_empty=options.clear_empty), path, options)


def build_provision_dataset(table: Table, *, clear_empty: bool = False) -> Dataset:
    """Return the dataset of a table. Raises BadInput if no column is recognized as the number, the summary or the subject."""
    table = restore_table(table)
    if table.headings is None:
        example = "Number, Cycle, Recommending state, Summary, Themes, Response"
        raise BadInput(f"{table.file} has no headings. Add them as the first row: {example}.", file=table.file)
    columns = HEADINGS.map_columns(table.headings)
    _require_columns(table, columns)
    is_own = set(table.headings) >= _OWN_COLUMNS
    is_partial = is_corrections_table(table.headings)
    rows = list(table.rows)
    unknown = Counter[str]()
    read = _TableReader(table, columns, is_own=is_own, clear_empty=clear_empty, unknown_terms=unknown, values=ValueCache())
    return Dataset(
        find_source_key(table.headings, [cells for _, cells in rows]) if is_partial else "",
        OWN_TITLE if is_own else DEFAULT_TITLE,
        (read.read_row(number, cells) for number, cells in rows),
        notes=(*table.notes, *(() if is_own else _describe_columns(table.headings, columns)), *_describe_unmapped(columns)),
        list_final_notes=lambda: tuple(_describe_unknown_terms(unknown)),
        has_provenance=is_own,
        is_partial=is_partial,
        estimated_row_count=len(rows),
        headings=column_labels(table.headings),
    )


def _require_columns(table: Table, columns: ColumnFields) -> None:
    for fields, meaning, example in (
        ({"number"}, "the official number", "Number"),
        ({"name", "summary"}, "the summary or the subject", "Summary"),
    ):
        if not fields & columns.known_fields:
            headings = ", ".join(f'"{heading}"' for heading in (table.headings or ())[:MAX_LISTED])
            raise BadInput(
                f'No column of {table.file} was recognized as {meaning}. Name one "{example}". The headings are {headings}.',
                file=table.file,
            )


def _describe_columns(headings: Sequence[str], columns: ColumnFields) -> Iterator[str]:
    yield "Columns:"
    yield from (f'  "{headings[position]}" is {field}' for position, field in columns.fields.items())


def _describe_unmapped(columns: ColumnFields) -> Iterator[str]:
    unmapped = [heading for heading in columns.unmapped_headings if heading not in (*CORRECTION_COLUMNS, UPDATED_AT_COLUMN)]
    if unmapped:
        yield "Not imported: " + ", ".join(f'"{heading}"' for heading in unmapped) + "."


def _describe_unknown_terms(counts: Counter[str]) -> Iterator[str]:
    for tag, count in counts.most_common(MAX_LISTED):
        nearest = find_nearest_terms(tag, ("issue_areas",))
        advice = f"The nearest is {nearest[0][1]}." if nearest else "No theme has a similar meaning."
        yield f'Unknown theme, not imported: "{tag}", in {count:,} {"row" if count == 1 else "rows"}. {advice}'


class _TableReader(Struct, frozen=True):
    table: Table
    columns: ColumnFields
    is_own: bool  # an export of ours: its cells are read as they are
    clear_empty: bool
    unknown_terms: Counter[str]
    values: ValueCache

    def read_row(self, number: int, cells: Sequence[str]) -> Row:
        headings = self.table.headings or ()
        named = dict(zip(column_labels(headings), cells, strict=False))
        labels = {field: column_labels(headings)[position] for position, field in reversed(list(self.columns.fields.items()))}
        row = Row(self.table.file, number, {}, cells={name: text for name, text in named.items() if text.strip()}, columns=labels)
        log = CleaningLog(row, self.values)
        fields: dict[str, object] = {}
        for position, field in self.columns.fields.items():
            self._add_value(fields, field, cells[position] if position < len(cells) else "", log)
        return log.build_row(row, fields, as_of=self._find_date(named))

    def _add_value(self, fields: dict[str, object], field: str, text: str, log: CleaningLog) -> None:
        value = self._read_text(field, text, log)
        if value and field == _TERMS_FIELD:
            known = self._read_terms(value, log)
            stated = fields.get(field)
            if known:
                fields[field] = list(dict.fromkeys([*(stated if isinstance(stated, list) else ()), *known]))
        elif value:
            fields[field] = value
        elif self.clear_empty and not text.strip() and field not in _KEY_FIELDS:
            fields.setdefault(field, None)

    def _read_text(self, field: str, text: str, log: CleaningLog) -> str | None:
        if self.is_own:
            return unescape_cell(text.strip(" "))
        if len(text) > MAX_CELL_LENGTH:
            error = BadInput(f"This cell has {len(text):,} characters. Shorten it to at most {MAX_CELL_LENGTH:,}.")
            log.add_problem((field,), error)
            return None
        value = log.parse_field(field, (field,), text, clean_line)
        return None if value is None or is_empty_value(value) else value

    def _read_terms(self, text: str, log: CleaningLog) -> list[str]:
        """Return the known themes. Unknown ones are reported and left out."""
        meanings = self.values.try_call(terms.find_terms, text, _TERMS_FIELD, self.values)
        if isinstance(meanings, BadInput):
            log.add_problem((_TERMS_FIELD,), meanings)
            return []
        known = []
        for tag, meaning in meanings:
            slugs = [slug for field, slug in meaning.terms if field == _TERMS_FIELD]
            if not slugs:
                self.unknown_terms[tag] += 1
                log.add_repair(_TERMS_FIELD, tag, "", ("unknown theme left out",))
            known += slugs
        return known

    def _find_date(self, cells: Mapping[str, str]) -> dt.date | None:
        return own_records.parse_date(cells.get(UPDATED_AT_COLUMN)) if self.is_own else None


ELLIPSIS = "…"

# A sign ends a sentence at the end of the text, or after a word and before another sentence. It does not in "U.S. law", after a
# single letter, nor in "art. 5" or "etc. and", before a digit or a lower-case letter.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2})[.!?](?=\s+[^\s\d])|[.!?](?=\s*$)")


def derive_subject(summary: str) -> str:
    """Return the first sentence of a summary without its full stop.

    A sentence that is longer than a name may be is cut after a word and ends in an ellipsis.
    """
    sentence = _find_first_sentence(summary) or summary
    if len(sentence) <= NAME_LIMIT:
        return sentence
    beginning = sentence[: NAME_LIMIT - len(ELLIPSIS) + 1]
    at_word = beginning.rpartition(" ")[0] or beginning[:-1]
    return at_word.rstrip(" ,;:") + ELLIPSIS


def _find_first_sentence(text: str) -> str:
    for end in _SENTENCE_END.finditer(text):
        following = text[end.end() :].lstrip()
        if not following or not following[0].islower():
            return text[: end.start()] if end[0] == "." else text[: end.end()]
    return text
