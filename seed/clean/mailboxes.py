"""E-mail addresses as people write them."""

import re
from functools import lru_cache

from msgspec import Struct

from directory import written
from directory.errors import BadInput
from seed.clean.mended import CleaningResult

MAILBOX_CACHE_SIZE = 1 << 14  # cells

_NAMED_MAILBOX = re.compile(r"""(?<![^<>@"“”;])([^<>@"“”;]*+)["”]?\s*+<\s*+(?:mailto:)?([^<>\s@]++@[^<>\s]++)\s*+>""")
_MARKUP_TAG = re.compile(r"</?[A-Za-z][^<>@]*>|<a\s[^<>]*>", re.IGNORECASE)
_MAILBOX_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;,/|\n]\s*|(?<!\s)\s+(?:(?:and|or|y|o|&)\s+|(?=\S+@))", re.IGNORECASE)
_MAILTO = re.compile(r"(?:mailto:|e-?mail:|correo:)\s*", re.IGNORECASE)
_PARENTHESES = re.compile(r"\([^()@]*\)")
_QUERY = re.compile(r"\?(?:subject|cc|body)=.*", re.IGNORECASE)
_COMMON_EMAIL = re.compile(  # what any check of addresses lets through, told at a glance
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:org|com|net|edu|gov|us|info|mx|ca)", re.IGNORECASE | re.ASCII
)
_MAX_COMMON_LENGTH = 60  # characters; parts of longer ones have limits of their own
_SURROUNDING_SIGNS = " .,;:<>()[]\"'“”"


class Mailbox(Struct, frozen=True):
    """`name` is what stands beside the address: "Ana <ana@example.org>"."""

    email: str
    name: str | None = None


@lru_cache(maxsize=MAILBOX_CACHE_SIZE)
def parse_mailboxes(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    """Every address in the text, each once, in order. Raises BadInput for anything in it that is none: nothing is dropped."""
    if text.count("@") == 1 and " " not in text and not text.startswith("<"):
        return _parse_single_mailbox(text)
    found: dict[str, Mailbox] = {}
    rest = _NAMED_MAILBOX.sub(lambda named: _add_mailbox(found, named[2], named[1]), text) if "<" in text else text
    bare = _PARENTHESES.sub(";", _MAILTO.sub(" ", _MARKUP_TAG.sub(" ", rest)))
    for piece in _MAILBOX_SEPARATORS.split(bare):
        if piece.strip(_SURROUNDING_SIGNS):
            _add_mailbox(found, piece, "")
    if not found:
        written.normalize_email(text)  # refuses
    reasons = ("words around the address left out",) if bare != rest else ()
    return CleaningResult(tuple(found.values()), reasons)


def _parse_single_mailbox(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    if len(text) <= _MAX_COMMON_LENGTH and _COMMON_EMAIL.fullmatch(text):
        local, _, domain = text.partition("@")
        return CleaningResult((Mailbox(f"{local}@{domain.lower()}"),))
    bare = _strip_mailbox(text)
    return CleaningResult(
        (Mailbox(written.normalize_email(bare)),), ("signs around the address left out",) if bare != text else ()
    )


def _add_mailbox(mailboxes_by_email: dict[str, Mailbox], address: str, name: str) -> str:
    email = written.normalize_email(_strip_mailbox(address))
    mailboxes_by_email.setdefault(email, Mailbox(email, " ".join(name.split()).strip(_SURROUNDING_SIGNS) or None))
    return ";"


def _strip_mailbox(address: str) -> str:
    bare = _QUERY.sub("", _MAILTO.sub("", address.strip())).strip(_SURROUNDING_SIGNS)
    if "/" in bare.partition("@")[2]:
        raise BadInput("This is no e-mail address; a web address belongs in the column of web addresses.")
    return bare
