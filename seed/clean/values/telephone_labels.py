"""Decide which label belongs to which number of a cell: "Office 404-555-0100, fax 404-555-0101", "404-555-0100 (cell)"."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from directory.text import fold
from seed.clean.values.letter_case import GIVEN_NAMES

OFFICE = ""  # a label such as "Tel" or "main": the ordinary number of an office
HOME = "Home"
CELL = "Cell"
FAX = "Fax"
DIRECT = "Direct line"  # of a person whose name stands beside the number

# The first label wins if a text has several: it is the one that matters most to a person at risk, or to a caller.
_LABELS = {
    FAX: re.compile(r"(?<!\w)(?:(?:tele)?fax\b|facs[ií]mile\b)", re.IGNORECASE),
    "TTY": re.compile(r"(?<!\w)(?:(?:tty|tdd|teletype)\b)", re.IGNORECASE),
    "Videophone": re.compile(r"(?<!\w)(?:video ?phone\b|vp\b)", re.IGNORECASE),
    "Crisis line": re.compile(r"(?<!\w)(?:crisis\b|emergenc(?:y|ia)\b)", re.IGNORECASE),
    "Hotline": re.compile(r"(?<!\w)(?:hot ?line\b|l[ií]nea directa\b)", re.IGNORECASE),
    "Helpline": re.compile(r"(?<!\w)(?:help ?line\b|warm ?line\b|l[ií]nea de ayuda\b)", re.IGNORECASE),
    CELL: re.compile(r"(?<!\w)(?:cell?(?:ular)?(?: ?phone)?\b|celular\b|mobile\b|m[oó]vil\b)", re.IGNORECASE),
    "WhatsApp": re.compile(r"(?<!\w)(?:whats ?app\b)", re.IGNORECASE),
    "Text line": re.compile(r"(?<!\w)(?:text(?:s|ing)?\b|sms\b|mensajes? de texto\b)", re.IGNORECASE),
    "Toll-free": re.compile(r"(?<!\w)(?:toll[- ]?free\b|sin costo\b|l[ií]nea gratuita\b)", re.IGNORECASE),
    "Intake": re.compile(r"(?<!\w)(?:intake\b)", re.IGNORECASE),
    "Press": re.compile(r"(?<!\w)(?:press\b|media\b|prensa\b)", re.IGNORECASE),
    OFFICE: re.compile(
        r"(?<!\w)(?:tel(?:[eé]fono|ephone)?\b|phone\b|ph\b|office\b|oficina\b|main\b|principal\b|voice\b"
        r"|work\b|trabajo\b|direct(?:o)?\b|front desk\b|reception\b|recepci[oó]n\b|call\b|general\b)",
        re.IGNORECASE,
    ),
}
_WHOLE_LABELS = {  # only if the text has no other words, because these have other meanings in notes
    **dict.fromkeys(("f",), FAX),
    **dict.fromkeys(("c", "m", "cel", "mob"), CELL),
    **dict.fromkeys(("home", "home phone", "h", "casa", "tel casa", "telefono de casa", "particular"), HOME),
    **dict.fromkeys(("t", "p", "o", "w", "v", "number", "numero"), OFFICE),
}
_PERSONAL = re.compile(
    r"(?<!\w)(?:personal(?:es)?\b|priva(?:te|d[oa])\b|residen(?:ce|cia)\b|unlisted\b|confiden(?:tial|cial)\b|(?:at|['’]s) home\b"
    r"|home (?:cell|number|tel\b|telephone|phone)|do not (?:give|list|publish|share)\b|no (?:compartir|publicar)\b)"
    r"|['’]s home\b",
    re.IGNORECASE,
)
_ASK_FOR = re.compile(r"\b(?:ask|asking|preguntar|pregunte|pregunten) (?:for|por) \w+", re.IGNORECASE)  # at an office's number
_PRESS_VERB = re.compile(r"\bpress\s+\d", re.IGNORECASE)  # "press 2": not the office for the press
_PARENTHESES = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_SEPARATORS = re.compile(r"[;,|\n/]|(?<!\w)(?:or|and|y|o|&)(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_CONNECTORS = frozenset(["or", "and", "y", "o", "ext"])
_UNCLEAR = 'It is unclear which number "{label}" belongs to. Write it after a comma: (404) 555-0100, fax (404) 555-0101.'
_HOME_NUMBER = "A home number or personal number is a person's own and is not imported."
_NOT_NAMES = frozenset(["APRIL", "AUGUST", "BILL", "DAWN", "GRACE", "HOPE", "JOY", "JUNE", "MARK", "MAY", "ROSE", "WILL"])


class NumberLabel(Struct, frozen=True):
    """The role of one number, None for an ordinary one; and why the number is not used, "" if it is."""

    role: str | None = None
    problem: str = ""


class LabelledText(Struct, frozen=True):
    """A label for each number of a cell, and whether the cell has other words."""

    labels: tuple[NumberLabel, ...]
    has_notes: bool


class _Gap(Struct, frozen=True):
    """The labels in the text between two numbers: before the first separator, between separators, after the last one.

    Without separators, `bare` and `in_parentheses` hold the labels.
    """

    previous: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    following: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    in_parentheses: tuple[str, ...] = ()


def label_numbers(gaps: Sequence[str]) -> LabelledText:
    """Return the labels of the numbers. `gaps` are the texts before, between and after them, one more than there are numbers."""
    count = len(gaps) - 1
    if not count:
        return LabelledText((), has_notes=True)
    before, after = find_labels(_join_words(gaps[0])), find_labels(_join_words(gaps[-1]))
    labels: list[list[str]] = [[] for _ in range(count)]
    unclear: dict[int, str] = {}
    labels[0] += before
    labels[-1] += after
    for position, text in enumerate(gaps[1:-1]):
        _assign_labels(_parse_gap(text), position, labels, unclear, leads=bool(before), follows=bool(after))
    chosen = (_choose_label(found, unclear.get(position)) for position, found in enumerate(labels))
    return LabelledText(tuple(chosen), any(map(_has_notes, gaps)))


def find_labels(text: str) -> tuple[str, ...]:
    """Return the roles that the labels in the text stand for, those that matter most first; () if it has no label."""
    if not text or not (folded := fold(text)):
        return ()
    if folded in _WHOLE_LABELS:
        return (_WHOLE_LABELS[folded],)
    if _PERSONAL.search(text):
        return (HOME,)
    plain = _PRESS_VERB.sub(" ", text)
    roles = tuple(role for role, pattern in _LABELS.items() if pattern.search(plain))
    is_named = roles in ((), (OFFICE,)) and any(map(_is_given_name, _WORD.findall(_ASK_FOR.sub(" ", text))))
    return (DIRECT,) if is_named else roles


def _is_given_name(word: str) -> bool:
    return word[0].isupper() and word.upper() in GIVEN_NAMES - _NOT_NAMES


def _assign_labels(
    gap: _Gap, position: int, labels: list[list[str]], unclear: dict[int, str], *, leads: bool, follows: bool
) -> None:
    """Add the labels of a gap to the number before it (at `position`) or after it.

    `leads`: the cell starts with a label, so labels stand before their numbers. `follows`: it ends with one.
    """
    labels[position] += gap.previous
    labels[position + 1] += gap.following
    if gap.in_parentheses:
        labels[position + 1 if leads and not follows else position] += gap.in_parentheses
    if gap.between and leads != follows:
        labels[position if follows else position + 1] += gap.between
    elif gap.between or (gap.bare and ((leads and follows) or len(gap.bare) > 1)):
        unclear[position] = unclear[position + 1] = (gap.between or gap.bare)[-1] or "office"
    elif gap.bare:
        labels[position if follows else position + 1] += gap.bare


def _parse_gap(text: str) -> _Gap:
    in_parentheses = list(_PARENTHESES.finditer(text))
    masked = _PARENTHESES.sub(lambda match: "\0" * len(match[0]), text)
    separators = list(_SEPARATORS.finditer(masked))
    if not separators:
        bare = masked.replace("\0", " ")
        found = find_labels(bare)
        is_heading = bare.rstrip().endswith((":", "#"))
        notes = tuple(role for match in in_parentheses for role in find_labels(match[1] or match[2] or ""))
        return _Gap(following=found if is_heading else (), bare=() if is_heading else found, in_parentheses=notes)
    first, last = separators[0].start(), separators[-1].end()
    return _Gap(
        previous=find_labels(_join_words(text[:first])),
        between=find_labels(_join_words(text[first:last])),
        following=find_labels(_join_words(text[last:])),
    )


def _join_words(text: str) -> str:
    return text.strip(" \t\n()[]:;,.#-–—/|")


def _choose_label(found: Iterable[str], unclear: str | None) -> NumberLabel:
    if unclear is not None:
        return NumberLabel(problem=_UNCLEAR.format(label=unclear.lower()))
    roles = list(dict.fromkeys(found))
    if HOME in roles:
        return NumberLabel(problem=_HOME_NUMBER)
    special = [role for role in _LABELS if role in roles and role != OFFICE]
    if OFFICE in roles and special and special[0] in (FAX, "TTY", "Text line", "WhatsApp"):
        return NumberLabel()  # "Tel/Fax": one number for both
    return NumberLabel(special[0] if special else DIRECT if DIRECT in roles else None)


def _has_notes(text: str) -> bool:
    """Whether the text has words that do not become a role. They are left out."""
    for role, pattern in _LABELS.items():
        text = pattern.sub(" ", text) if role != OFFICE else text
    return any(fold(word) not in _CONNECTORS for word in _WORD.findall(text))
