"""E-mail addresses as people write them."""

import re
from functools import lru_cache

from msgspec import Struct

from directory import written
from directory.errors import BadInput
from seed.clean.mended import Mended

REMEMBERED = 1 << 14  # cells

_NAMED = re.compile(r"""(?<![^<>@"“”;])([^<>@"“”;]*+)["”]?\s*+<\s*+(?:mailto:)?([^<>\s@]++@[^<>\s]++)\s*+>""")
_TAG = re.compile(r"</?[A-Za-z][^<>@]*>|<a\s[^<>]*>", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:(?<!\s)\s+)?[;,/|\n]\s*|(?<!\s)\s+(?:(?:and|or|y|o|&)\s+|(?=\S+@))", re.IGNORECASE)
_MAILTO = re.compile(r"(?:mailto:|e-?mail:|correo:)\s*", re.IGNORECASE)
_NOTE = re.compile(r"\([^()@]*\)")
_QUERY = re.compile(r"\?(?:subject|cc|body)=.*", re.IGNORECASE)
_USUAL = re.compile(  # what any check of addresses lets through, told at a glance
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:org|com|net|edu|gov|us|info|mx|ca)", re.IGNORECASE | re.ASCII
)
_SURELY_SHORT = 60  # characters; parts of longer ones have limits of their own
_AROUND = " .,;:<>()[]\"'“”"


class Mailbox(Struct, frozen=True):
    """`name` is what stands beside the address: "Ana <ana@example.org>"."""

    email: str
    name: str | None = None


@lru_cache(maxsize=REMEMBERED)
def mailboxes(text: str) -> Mended[tuple[Mailbox, ...]]:
    """Every address in the text, each once, in order. Raises BadInput for anything in it that is none: nothing is dropped."""
    if text.count("@") == 1 and " " not in text and not text.startswith("<"):
        return _single(text)
    found: dict[str, Mailbox] = {}
    rest = _NAMED.sub(lambda named: _note(found, named[2], named[1]), text) if "<" in text else text
    bare = _NOTE.sub(";", _MAILTO.sub(" ", _TAG.sub(" ", rest)))
    for piece in _BETWEEN.split(bare):
        if piece.strip(_AROUND):
            _note(found, piece, "")
    if not found:
        written.mailbox(text)  # refuses
    reasons = ("words around the address left out",) if bare != rest else ()
    return Mended(tuple(found.values()), reasons)


def _single(text: str) -> Mended[tuple[Mailbox, ...]]:
    if len(text) <= _SURELY_SHORT and _USUAL.fullmatch(text):
        local, _, domain = text.partition("@")
        return Mended((Mailbox(f"{local}@{domain.lower()}"),))
    bare = _bare(text)
    return Mended((Mailbox(written.mailbox(bare)),), ("signs around the address left out",) if bare != text else ())


def _note(found: dict[str, Mailbox], address: str, name: str) -> str:
    email = written.mailbox(_bare(address))
    found.setdefault(email, Mailbox(email, " ".join(name.split()).strip(_AROUND) or None))
    return ";"


def _bare(address: str) -> str:
    bare = _QUERY.sub("", _MAILTO.sub("", address.strip())).strip(_AROUND)
    if "/" in bare.partition("@")[2]:
        raise BadInput("This is no e-mail address; a web address belongs in the column of web addresses.")
    return bare
