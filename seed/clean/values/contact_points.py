"""Find the e-mail addresses in a cell as people type them: several addresses, names and notes."""

import re
from collections.abc import Sequence

from msgspec import Struct

from directory.drafts import normalize
from directory.errors import BadInput
from directory.text import fold
from seed.clean.cleaning_log import CleaningResult

_NAMED_MAILBOX = re.compile(r"""(?<![^<>@"“”;])([^<>@"“”;]*+)["”]?\s*+<\s*+(?:mailto:)?([^<>\s@]++@[^<>\s]++)\s*+>""")
_MARKUP_TAG = re.compile(r"</?[A-Za-z][^<>@]*>|<a\s[^<>]*>", re.IGNORECASE)
_MAILBOX_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;,/|\n]\s*|(?<!\s)\s+(?:and|or|y|o|&)\s+", re.IGNORECASE)
_MAILTO = re.compile(r"(?:mailto:|e-?mail:|correo:)\s*", re.IGNORECASE)
_PARENTHESES = re.compile(r"\([^()@]*\)")
_QUERY = re.compile(r"\?(?:subject|cc|body)=.*", re.IGNORECASE)
_COMMON_EMAIL = re.compile(  # every validator accepts these, so they need no full validation
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:org|com|net|edu|gov|us|info|mx|ca)", re.IGNORECASE | re.ASCII
)
_MAX_COMMON_LENGTH = 60  # characters; parts of longer addresses have their own limits
MAX_MAILBOXES = 20  # of one cell
MIN_WORD_LENGTH = 3  # letters; a shorter word after an address may be the end of its domain: "info@x.co m"
_WRITTEN_AT = re.compile(r"\s{0,3}[\[({<]\s{0,3}(?:at|arroba|@)\s{0,3}[\])}>]\s{0,3}|(?<=\w)\s@\s(?=\w)", re.IGNORECASE)
_WRITTEN_DOT = re.compile(r"\s{0,3}[\[({<]\s{0,3}(?:dot|punto|\.)\s{0,3}[\])}>]\s{0,3}", re.IGNORECASE)
_SPOKEN_DOT = re.compile(r"\s(?:dot|punto)\s", re.IGNORECASE)
_SPOKEN_ADDRESS = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})\s(?:at|arroba)\s([\w-]{1,63}(?:\s(?:dot|punto)\s[\w-]{1,63}){1,4})", re.IGNORECASE
)
_SPOKEN_DOMAIN = re.compile(r"(@[\w.-]{1,253})((?:\s(?:dot|punto)\s[\w-]{1,63}){1,4})", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"\bwww\.|https?:|\w\.(?:org|com|net|edu|gov)\b", re.IGNORECASE)
_INTRODUCTIONS = frozenset(  # words before an address that are not a part of it
    {
        *("email", "e", "mail", "correo", "office", "oficina", "main", "principal", "contact", "contacto", "general", "intake"),
        *("press", "or", "and", "y", "o"),
    }
)
_NO_ADDRESS = "This is not an e-mail address. Write it like office@example.org."
_WEB_ADDRESS_MESSAGE = "This is not an e-mail address. If it is a web address, move it to the column of the website."
_UNCLEAR_ADDRESS = "It is unclear which words belong to the e-mail address. Write only the address, like office@example.org."
_SURROUNDING_SIGNS = " .,;:<>()[]\"'“”"


class Mailbox(Struct, frozen=True, gc=False):
    """An e-mail address; `name` is the display name next to it, as in "Ana <ana@example.org>"."""

    email: str
    name: str | None = None

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


def parse_mailboxes(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    """Return the distinct addresses in the text, in order, and in `problems` a sentence for each part that is not used.

    Raises BadInput if the text has no address that can be used.
    """
    if text.count("@") == 1 and " " not in text and not text.startswith("<"):
        return _parse_single_mailbox(text)
    mailboxes: dict[str, Mailbox] = {}
    problems: list[str] = []
    plain = _replace_written_signs(text)
    rest = (
        _NAMED_MAILBOX.sub(lambda match: _add_mailbox(mailboxes, match[2], match[1], problems), plain) if "<" in plain else plain
    )
    bare = _PARENTHESES.sub(";", _MAILTO.sub(" ", _MARKUP_TAG.sub(" ", rest)))
    pieces = [piece for piece in _MAILBOX_SEPARATORS.split(bare) if piece.strip(_SURROUNDING_SIGNS)]
    unused = [piece for piece in pieces if not _add_mailboxes_of_piece(mailboxes, piece, problems)]
    if not mailboxes:
        raise BadInput(problems[0].removeprefix(f'"{text.strip()}": ') if problems else _NO_ADDRESS)
    reasons: tuple[str, ...] = ("@ and dot written as signs",) if plain != text else ()
    reasons += ("words around the address removed",) if bare != rest or unused else ()
    found = tuple(mailboxes.values())
    problems += (
        [f"This cell has {len(found)} addresses. Only the first {MAX_MAILBOXES} are used."] if len(found) > MAX_MAILBOXES else []
    )
    return CleaningResult(found[:MAX_MAILBOXES], reasons, tuple(dict.fromkeys(problems)))


def _replace_written_signs(text: str) -> str:
    """Return the text with signs for the words in "info[at]x.org" and "info at x dot org". A plain "at" needs a "dot"."""
    text = _WRITTEN_DOT.sub(".", _WRITTEN_AT.sub("@", text))
    text = _SPOKEN_ADDRESS.sub(lambda match: f"{match[1]}@{_SPOKEN_DOT.sub('.', match[2])}", text)
    return _SPOKEN_DOMAIN.sub(lambda match: match[1] + _SPOKEN_DOT.sub(".", match[2]), text)


def _add_mailboxes_of_piece(mailboxes: dict[str, Mailbox], piece: str, problems: list[str]) -> bool:
    """Add the addresses in a piece of a cell, and return whether the piece has no other words."""
    words = piece.split()
    positions = [position for position, word in enumerate(words) if "@" in word]
    if not positions and _WEB_ADDRESS.search(piece):
        problems.append(f'"{piece.strip()}": {_WEB_ADDRESS_MESSAGE}')
    for start, position, end in zip([-1, *positions], positions, [*positions[1:], len(words)], strict=False):
        if _is_separate(words[position], words[start + 1 : position], words[position + 1 : end]):
            _add_mailbox(mailboxes, words[position], "", problems)
        else:
            problems.append(f'"{piece.strip()}": {_UNCLEAR_ADDRESS}')
    return len(words) == len(positions)


def _is_separate(address: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the words around an address cannot belong to it: "ana lopez@x.org" may be one address with a typing error."""
    if after and len(after[0]) < MIN_WORD_LENGTH and after[0][0].isalnum():
        return False
    if not before or before[-1][-1] in ":-–—" or fold(before[-1]) in _INTRODUCTIONS:
        return True
    local = fold(address.partition("@")[0])
    return any(len(word) >= MIN_WORD_LENGTH and fold(word) in local for word in before)


def _parse_single_mailbox(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    if len(text) <= _MAX_COMMON_LENGTH and _COMMON_EMAIL.fullmatch(text):
        local, _, domain = text.partition("@")
        return CleaningResult((Mailbox(f"{local}@{domain.lower()}"),))
    bare = _strip_mailbox(text)
    reasons = ("punctuation around the address removed",) if bare != text else ()
    return CleaningResult((Mailbox(normalize.normalize_email(bare)),), reasons)


def _add_mailbox(mailboxes_by_email: dict[str, Mailbox], address: str, name: str, problems: list[str]) -> str:
    try:
        email = normalize.normalize_email(_strip_mailbox(address))
    except BadInput as error:
        problems.append(f'"{address.strip()}": {error.user_message}')
    else:
        mailboxes_by_email.setdefault(email, Mailbox(email, " ".join(name.split()).strip(_SURROUNDING_SIGNS) or None))
    return ";"


def _strip_mailbox(address: str) -> str:
    bare = _QUERY.sub("", _MAILTO.sub("", address.strip())).strip(_SURROUNDING_SIGNS)
    if "/" in bare.partition("@")[2]:
        raise BadInput(_WEB_ADDRESS_MESSAGE)
    return bare
