"""How one cell becomes several values: "Housing; Food, water and sanitation" two, "Atlanta, GA, Macon, GA" two."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS
from seed.flat_fields import FieldKind, find_field_kind

SEPARATORS = {
    "newline": "\n",
    "semicolon": ";",
    "pipe": "|",
    "comma": ",",
}  # the rules by name; the first that a cell holds splits it
WHOLE_CELL = "whole"  # the rule that never splits
CACHE_SIZE = 4096  # cells of one column; tags repeat
MAX_LABEL_PARTS = 6  # of a label that holds commas itself

CellSplitter = Callable[[str], tuple[str, ...]]
PartJoiner = Callable[[Sequence[str]], Iterator[str]]

_QUOTED_PART = re.compile(r'(?:^|(?<=[,;|\n]))[^\S\n]*+"((?:[^"]++|"")*+)"\s*(?=[,;|\n]|$)')
_STRAY_SIGNS = " \t\r\n\xa0,;|"  # left over where separators stand together
# Folded; they follow a comma inside a name.
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
    """How cells of a field are split; None where they are not.

    `rule` is a name of SIGNS, WHOLE, or any other text that stands between values; None is the field's default: lists of terms
    and regions are split, names and all else are not. `labels` are phrases that hold a comma and are one value all the same, as
    are the vocabularies' own. Empty parts are left out; a cell without text gives (). Raises BadInput for an empty rule.
    """
    if rule == "":
        raise BadInput("A cell cannot be split by nothing; name comma, semicolon, newline, pipe or whole.", argument="split")
    what = find_field_kind(field)
    if rule == WHOLE_CELL or (rule is None and what not in (FieldKind.TERMS, FieldKind.REGIONS)):
        return None
    joined = (
        _join_regions if what is FieldKind.REGIONS else _join_names if what is FieldKind.NAME else _build_label_joiner(labels)
    )
    return lru_cache(CACHE_SIZE)(lambda text: _split_cell(text, rule, joined))


def _split_cell(text: str, rule: str | None, join_parts: PartJoiner) -> tuple[str, ...]:
    """Parts in double quotes stay whole. Parts that the comma has made are joined again where they are one value."""
    hidden: list[str] = []
    if '"' in text and "\x00" not in text:
        text = _QUOTED_PART.sub(lambda found: _hide_quoted(found[1].replace('""', '"'), hidden), text)
    sign = SEPARATORS.get(rule, rule) if rule else next((sign for sign in SEPARATORS.values() if sign in text), ",")
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if sign == "\n" else text
    parts = [part for part in (part.strip(_STRAY_SIGNS) for part in lines.split(sign)) if part]
    if sign == ",":
        values = list(join_parts(parts))
    else:
        values = parts if rule else [value for part in parts for value in _split_known_parts(part, join_parts)]
    return tuple(shown for value in values if (shown := _restore_quoted(value, hidden).strip()))


def _split_known_parts(part: str, join_parts: PartJoiner) -> list[str]:
    """A comma inside a part splits it only where that makes nothing but known terms or regions of it."""
    values = list(join_parts([one for one in (one.strip() for one in part.split(",")) if one])) if "," in part else [part]
    return values if len(values) > 1 and not _is_term_or_region(part) and all(map(_is_term_or_region, values)) else [part]


def _is_term_or_region(words: str) -> bool:
    return bool(REGIONS.find(words)) or any(one.find(words) for one in (ISSUE_AREAS, COMMUNITIES, WORK_AREAS, LANGUAGES))


def _hide_quoted(text: str, hidden: list[str]) -> str:
    hidden.append(text)
    return f"\x00{len(hidden) - 1}\x00"


def _restore_quoted(value: str, hidden: Sequence[str]) -> str:
    return re.sub("\x00(\\d+)\x00", lambda found: hidden[int(found[1])], value) if hidden else value


def _build_label_joiner(labels: Iterable[str]) -> PartJoiner:
    """Joins the parts of labels that hold commas."""
    known = _list_labels_with_commas() | {fold(label) for label in labels if "," in label}

    def joined(parts: Sequence[str]) -> Iterator[str]:
        position = 0
        while position < len(parts):
            ends = _candidate_ends(position, len(parts))
            end = next((end for end in ends if fold(" ".join(parts[position:end])) in known), position + 1)
            yield ", ".join(parts[position:end])
            position = end

    return joined


def _candidate_ends(position: int, length: int) -> range:
    return range(min(length, position + MAX_LABEL_PARTS), position + 1, -1)


@lru_cache(maxsize=1)
def _list_labels_with_commas() -> frozenset[str]:
    terms = (term for vocabulary in (ISSUE_AREAS, COMMUNITIES, WORK_AREAS) for term in vocabulary)
    said = (phrase for term in terms for phrases in (term.labels.values(), *term.synonyms.values()) for phrase in phrases)
    return frozenset(fold(phrase) for phrase in said if "," in phrase)


def _join_names(parts: Sequence[str]) -> Iterator[str]:
    """Joins the legal form to the name before it: "Tenants United, Inc."."""
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
    """Joins a city or county to its state: "Atlanta, GA", "King County, Washington"."""
    position = 0
    while position < len(parts):
        together = ", ".join(parts[position : position + 2])
        is_one = position + 1 < len(parts) and _is_in_state(parts[position], parts[position + 1], together)
        yield together if is_one else parts[position]
        position += 2 if is_one else 1


def _is_in_state(name: str, state: str, together: str) -> bool:
    """Whether two parts are one place. "GA, AL" and "Indiana, Pennsylvania" are two states, as in lists of them."""
    own, after = _find_state(name), _find_state(state)
    if after is None:
        return False
    is_letters = len(state.replace(".", "")) == 2
    if own is None:
        return is_letters or bool(REGIONS.find(together)) or get_gazetteer().find_city(name, after) is not None
    return is_letters and get_gazetteer().find_city(name, after) is not None


def _find_state(text: str) -> str | None:
    return next((region.code for region in REGIONS.find(text) if region.kind is RegionKind.STATE), None)
