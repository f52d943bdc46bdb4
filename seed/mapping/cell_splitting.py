"""Split one cell into several values: "Housing; Food, water and sanitation" into two, "Atlanta, GA, Macon, GA" into two."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from directory.errors import BadInput
from directory.export.flat_fields import FieldKind, find_field_kind
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS

SEPARATORS = {"newline": "\n", "semicolon": ";", "pipe": "|", "comma": ","}  # by default, the first that occurs in a cell is used
WHOLE_CELL = "whole"  # the rule that never splits
CACHE_SIZE = 4096  # cells of one column; tags repeat
MAX_LABEL_PARTS = 6  # parts of a label that contains commas

CellSplitter = Callable[[str], tuple[str, ...]]
PartJoiner = Callable[[Sequence[str]], Iterator[str]]

_QUOTED_PART = re.compile(r'(?:^|(?<=[,;|\n]))[^\S\n]*+"((?:[^"]++|"")*+)"\s*(?=[,;|\n]|$)')
_STRAY_SIGNS = " \t\r\n\xa0,;|"  # left over between adjacent separators
# Folded words that follow a comma inside a name.
_COMPANY_FORMS = (
    "inc",
    "incorporated",
    "llc",
    "ltd",
    "limited",
    "corp",
    "corporation",
    "co",
    "company",
    "pc",
    "plc",
    "pllc",
    "llp",
)
_LEGAL_FORMS = frozenset({*_COMPANY_FORMS, "lp", "na", "esq", "jr", "sr", "phd", "md", "jd", "the", "sa", "ac", "sc"})


def build_splitter(field: str, rule: str | None = None, labels: Iterable[str] = ()) -> CellSplitter | None:
    """Return a function that splits cells of a field; None for cells that are not split.

    `rule` is a name in SEPARATORS, WHOLE_CELL, or the separator itself. None is the field's default, which splits only lists of
    terms and regions. `labels` are values that contain a comma and stay whole, as labels of the vocabularies do. Empty parts are
    left out; an empty cell gives (). Raises BadInput for an empty rule.
    """
    if rule == "":
        raise BadInput("The separator of a split is empty. Use comma, semicolon, newline, pipe or whole.", argument="split")
    kind = find_field_kind(field)
    if rule == WHOLE_CELL or (rule is None and kind not in (FieldKind.TERMS, FieldKind.REGIONS)):
        return None
    join_parts = (
        _join_regions if kind is FieldKind.REGIONS else _join_names if kind is FieldKind.NAME else _build_label_joiner(labels)
    )
    return lru_cache(CACHE_SIZE)(lambda text: _split_cell(text, rule, join_parts))


def _split_cell(text: str, rule: str | None, join_parts: PartJoiner) -> tuple[str, ...]:
    """Split a cell. Parts in double quotes stay whole, and parts separated by a comma are joined if they are one value."""
    hidden: list[str] = []
    if '"' in text and "\x00" not in text:
        text = _QUOTED_PART.sub(lambda quoted: _hide_quoted(quoted[1].replace('""', '"'), hidden), text)
    separator = SEPARATORS.get(rule, rule) if rule else next((sign for sign in SEPARATORS.values() if sign in text), ",")
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if separator == "\n" else text
    parts = [part for part in (part.strip(_STRAY_SIGNS) for part in lines.split(separator)) if part]
    if separator == ",":
        values = list(join_parts(parts))
    else:
        values = parts if rule else [value for part in parts for value in _split_known_parts(part, join_parts)]
    return tuple(shown for value in values if (shown := _restore_quoted(value, hidden).strip()))


def _split_known_parts(part: str, join_parts: PartJoiner) -> list[str]:
    """Split a part at its commas only if all values are then known terms or regions."""
    if "," not in part:
        return [part]
    values = list(join_parts([piece for piece in (piece.strip() for piece in part.split(",")) if piece]))
    return values if len(values) > 1 and not _is_term_or_region(part) and all(map(_is_term_or_region, values)) else [part]


def _is_term_or_region(words: str) -> bool:
    vocabularies = (ISSUE_AREAS, COMMUNITIES, WORK_AREAS, LANGUAGES)
    return bool(REGIONS.find(words)) or any(vocabulary.find(words) for vocabulary in vocabularies)


def _hide_quoted(text: str, hidden: list[str]) -> str:
    hidden.append(text)
    return f"\x00{len(hidden) - 1}\x00"


def _restore_quoted(value: str, hidden: Sequence[str]) -> str:
    return re.sub("\x00(\\d+)\x00", lambda mark: hidden[int(mark[1])], value) if hidden else value


def _build_label_joiner(labels: Iterable[str]) -> PartJoiner:
    """Return a function that joins the parts of labels that contain commas."""
    known = _list_labels_with_commas() | {fold(label) for label in labels if "," in label}

    def join_labels(parts: Sequence[str]) -> Iterator[str]:
        position = 0
        while position < len(parts):
            ends = _candidate_ends(position, len(parts))
            end = next((end for end in ends if fold(" ".join(parts[position:end])) in known), position + 1)
            yield ", ".join(parts[position:end])
            position = end

    return join_labels


def _candidate_ends(position: int, length: int) -> range:
    return range(min(length, position + MAX_LABEL_PARTS), position + 1, -1)


@lru_cache(maxsize=1)
def _list_labels_with_commas() -> frozenset[str]:
    terms = (term for vocabulary in (ISSUE_AREAS, COMMUNITIES, WORK_AREAS) for term in vocabulary)
    labels = (phrase for term in terms for phrases in (term.labels.values(), *term.synonyms.values()) for phrase in phrases)
    return frozenset(fold(phrase) for phrase in labels if "," in phrase)


def _join_names(parts: Sequence[str]) -> Iterator[str]:
    """Join a legal form to the name before it: "Tenants United, Inc."."""
    name = ""
    for part in parts:
        if name and fold(part) not in _LEGAL_FORMS:
            yield name
            name = part
        else:
            name = f"{name}, {part}" if name else part
    if name:
        yield name


def _join_regions(parts: Sequence[str]) -> Iterator[str]:
    """Join a city or county to its state: "Atlanta, GA", "King County, Washington"."""
    position = 0
    while position < len(parts):
        pair = ", ".join(parts[position : position + 2])
        is_one_place = position + 1 < len(parts) and _is_in_state(parts[position], parts[position + 1], pair)
        yield pair if is_one_place else parts[position]
        position += 2 if is_one_place else 1


def _is_in_state(name: str, state: str, pair: str) -> bool:
    """Return whether two parts are one place. "GA, AL" and "Indiana, Pennsylvania" are two states."""
    name_as_state, state_code = _find_state(name), _find_state(state)
    if state_code is None:
        return False
    is_abbreviation = len(state.replace(".", "")) == 2
    is_city = get_gazetteer().find_city(name, state_code) is not None
    if name_as_state is None:
        return is_abbreviation or bool(REGIONS.find(pair)) or is_city
    return is_abbreviation and is_city


def _find_state(text: str) -> str | None:
    return next((region.code for region in REGIONS.find(text) if region.kind is RegionKind.STATE), None)
