"""How one cell becomes several values: "Housing; Food, water and sanitation" two, "Atlanta, GA, Macon, GA" two."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from directory.errors import BadInput
from directory.gazetteer import gazetteer
from directory.regions import REGIONS, RegionKind
from directory.text import fold
from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS
from seed.fields import Kind, kind

SIGNS = {"newline": "\n", "semicolon": ";", "pipe": "|", "comma": ","}  # the rules by name; the first that a cell holds splits it
WHOLE = "whole"  # the rule that never splits
REMEMBERED = 4096  # cells of one column; tags repeat
MOST_PARTS = 6  # of a label that holds commas itself

Split = Callable[[str], tuple[str, ...]]
Joined = Callable[[Sequence[str]], Iterator[str]]

_QUOTED = re.compile(r'(?:^|(?<=[,;|\n]))[^\S\n]*+"((?:[^"]++|"")*+)"\s*(?=[,;|\n]|$)')
_STRAY = " \t\r\n\xa0,;|"  # left over where separators stand together
# Folded; they follow a comma inside a name.
_COMPANIES = ("inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "pc", "plc", "pllc", "llp")
_LEGAL_FORMS = frozenset({*_COMPANIES, "lp", "na", "esq", "jr", "sr", "phd", "md", "jd", "the", "sa", "ac", "sc"})


def splitter(field: str, rule: str | None = None, labels: Iterable[str] = ()) -> Split | None:
    """How cells of a field are split; None where they are not.

    `rule` is a name of SIGNS, WHOLE, or any other text that stands between values; None is the field's default: lists of terms
    and regions are split, names and all else are not. `labels` are phrases that hold a comma and are one value all the same, as
    are the vocabularies' own. Empty parts are left out; a cell without text gives (). Raises BadInput for an empty rule.
    """
    if rule == "":
        raise BadInput("A cell cannot be split by nothing; name comma, semicolon, newline, pipe or whole.", argument="split")
    what = kind(field)
    if rule == WHOLE or (rule is None and what not in (Kind.TERMS, Kind.REGIONS)):
        return None
    joined = _joined_regions if what is Kind.REGIONS else _joined_names if what is Kind.NAME else _joined_labels(labels)
    return lru_cache(REMEMBERED)(lambda text: _split(text, rule, joined))


def _split(text: str, rule: str | None, joined: Joined) -> tuple[str, ...]:
    """Parts in double quotes stay whole. Parts that the comma has made are joined again where they are one value."""
    hidden: list[str] = []
    if '"' in text and "\x00" not in text:
        text = _QUOTED.sub(lambda found: _hide(found[1].replace('""', '"'), hidden), text)
    sign = SIGNS.get(rule, rule) if rule else next((sign for sign in SIGNS.values() if sign in text), ",")
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if sign == "\n" else text
    parts = [part for part in (part.strip(_STRAY) for part in lines.split(sign)) if part]
    if sign == ",":
        values = list(joined(parts))
    else:
        values = parts if rule else [value for part in parts for value in _known_apart(part, joined)]
    return tuple(shown for value in values if (shown := _shown(value, hidden).strip()))


def _known_apart(part: str, joined: Joined) -> list[str]:
    """A comma inside a part splits it only where that makes nothing but known terms or regions of it."""
    values = list(joined([one for one in (one.strip() for one in part.split(",")) if one])) if "," in part else [part]
    return values if len(values) > 1 and not _is_known(part) and all(map(_is_known, values)) else [part]


def _is_known(words: str) -> bool:
    return bool(REGIONS.find(words)) or any(one.find(words) for one in (ISSUE_AREAS, COMMUNITIES, WORK_AREAS, LANGUAGES))


def _hide(quoted: str, hidden: list[str]) -> str:
    hidden.append(quoted)
    return f"\x00{len(hidden) - 1}\x00"


def _shown(value: str, hidden: Sequence[str]) -> str:
    return re.sub("\x00(\\d+)\x00", lambda found: hidden[int(found[1])], value) if hidden else value


def _joined_labels(labels: Iterable[str]) -> Joined:
    """Joins the parts of labels that hold commas."""
    known = _labels_with_commas() | {fold(label) for label in labels if "," in label}

    def joined(parts: Sequence[str]) -> Iterator[str]:
        position = 0
        while position < len(parts):
            ends = _ends(position, len(parts))
            end = next((end for end in ends if fold(" ".join(parts[position:end])) in known), position + 1)
            yield ", ".join(parts[position:end])
            position = end

    return joined


def _ends(position: int, length: int) -> range:
    return range(min(length, position + MOST_PARTS), position + 1, -1)


@lru_cache(maxsize=1)
def _labels_with_commas() -> frozenset[str]:
    terms = (term for vocabulary in (ISSUE_AREAS, COMMUNITIES, WORK_AREAS) for term in vocabulary)
    said = (phrase for term in terms for phrases in (term.labels.values(), *term.synonyms.values()) for phrase in phrases)
    return frozenset(fold(phrase) for phrase in said if "," in phrase)


def _joined_names(parts: Sequence[str]) -> Iterator[str]:
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


def _joined_regions(parts: Sequence[str]) -> Iterator[str]:
    """Joins a city or county to its state: "Atlanta, GA", "King County, Washington"."""
    position = 0
    while position < len(parts):
        together = ", ".join(parts[position : position + 2])
        is_one = position + 1 < len(parts) and _is_in_state(parts[position], parts[position + 1], together)
        yield together if is_one else parts[position]
        position += 2 if is_one else 1


def _is_in_state(name: str, state: str, together: str) -> bool:
    """Whether two parts are one place. "GA, AL" and "Indiana, Pennsylvania" are two states, as in lists of them."""
    own, after = _state(name), _state(state)
    if after is None:
        return False
    is_letters = len(state.replace(".", "")) == 2
    if own is None:
        return is_letters or bool(REGIONS.find(together)) or gazetteer().city(name, after) is not None
    return is_letters and gazetteer().city(name, after) is not None


def _state(text: str) -> str | None:
    return next((region.code for region in REGIONS.find(text) if region.kind is RegionKind.STATE), None)
