"""E-mail addresses as people write them."""

import re
from functools import lru_cache

import phonenumbers
from msgspec import Struct

from directory.drafts import normalize
from directory.errors import BadInput
from seed.clean.cleaning_log import CleaningResult

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
        normalize.normalize_email(text)  # refuses
    reasons = ("words around the address left out",) if bare != rest else ()
    return CleaningResult(tuple(found.values()), reasons)


def _parse_single_mailbox(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    if len(text) <= _MAX_COMMON_LENGTH and _COMMON_EMAIL.fullmatch(text):
        local, _, domain = text.partition("@")
        return CleaningResult((Mailbox(f"{local}@{domain.lower()}"),))
    bare = _strip_mailbox(text)
    return CleaningResult(
        (Mailbox(normalize.normalize_email(bare)),), ("signs around the address left out",) if bare != text else ()
    )


def _add_mailbox(mailboxes_by_email: dict[str, Mailbox], address: str, name: str) -> str:
    email = normalize.normalize_email(_strip_mailbox(address))
    mailboxes_by_email.setdefault(email, Mailbox(email, " ".join(name.split()).strip(_SURROUNDING_SIGNS) or None))
    return ";"


def _strip_mailbox(address: str) -> str:
    bare = _QUERY.sub("", _MAILTO.sub("", address.strip())).strip(_SURROUNDING_SIGNS)
    if "/" in bare.partition("@")[2]:
        raise BadInput("This is no e-mail address; a web address belongs in the column of web addresses.")
    return bare


TELEPHONE_CACHE_SIZE = 1 << 14  # cells
MIN_PIECE_DIGITS = 7  # digits of a piece of a cell that stands for a number of its own
MAX_NUMBER_DIGITS = 15  # digits of one number, as in ITU-T E.164

_TEN_DIGITS = re.compile(r"(?:\+?1[-. ]?)?\(?([2-9]\d\d)\)?[-. ]?(\d{3})[-. ]?(\d{4})", re.ASCII)
_DECIMAL_NUMBER = re.compile(r"(\+?\d{7,15})\.0+")
_SCIENTIFIC_NOTATION = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_NUMBER_SEPARATORS = re.compile(
    r"(?:(?<!\s)\s+)?(?:[;/|\n]\s*|,\s*(?!x|ext|#|anexo|int)(?=\D{0,20}\d{3}))|(?<!\s)\s+(?:or|and|o|y|&)\s+"
    r"|(?<=\d)\s+(?=(?:tele)?fax\b\W*\d)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\s*(?:(?:tel[eé]fono|telephone|tel|phone|ph|office|oficina|main|principal|cell(?:ular)?|celular|mobile|m[oó]vil"
    r"|home|casa|work|trabajo|direct|directo|toll[- ]?free|hotline|whatsapp|signal|text|voice|call|number|n[uú]mero|tty|tdd"
    r"|[tpmcoh])\b[.:#]?\s*)+",
    re.IGNORECASE,
)
_NUMBER_NOTE = re.compile(
    r"(?:(?<!\s)\s+)?[\[(](?![\d\s+)]+[)\]])[^()\[\]]*[)\]]\s*"
    r"|(?<!\s)\s+(?:office|oficina|main|cell|mobile|home|work|voice|tty|tdd)\.?\s*$",
    re.IGNORECASE,
)
_FAX = re.compile(r"\b(?:tele)?fax\b|^\s*f[.:]", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:ext(?:ension|ensión|\.)?|x|#|anexo|int\.)[\s.:]*\d+\s*$", re.IGNORECASE)
_ROUNDED_NUMBER = (
    "The spreadsheet has rounded this number; format the column as text and enter the number again, as in (404) 555-0100."
)


class Telephone(Struct, frozen=True):
    """`number` in E.164."""

    number: str
    extension: str | None = None


@lru_cache(maxsize=TELEPHONE_CACHE_SIZE)
def parse_telephones(text: str, country: str = "US") -> CleaningResult[tuple[Telephone, ...]]:
    """Every number in the text, each once, in order; () where there are only fax numbers, which are not kept.

    `country` (ISO 3166-1) is that of numbers without a country code. Raises BadInput for a piece that is no number.
    """
    if country == "US" and (quick := _parse_us_number(text)):
        return CleaningResult((quick,))
    reasons: list[str] = []
    read = [_parse_number(piece, country, reasons) for piece in _split_numbers(text)]
    found = tuple(dict.fromkeys(number for number in read if number))
    if not read:
        normalize.normalize_phone(text, country)  # refuses
    return CleaningResult(found, tuple(dict.fromkeys(reasons)))


def _parse_us_number(text: str) -> Telephone | None:
    """The number, where it is certain without the library's whole parsing: its pattern of valid US numbers is asked alone."""
    found = _TEN_DIGITS.fullmatch(text)
    if found is None or not _US_NUMBER.fullmatch(digits := "".join(found.groups())):
        return None
    return Telephone(f"+1{digits}")


def _compile_us_pattern() -> re.Pattern[str]:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region("US", None)
    assert metadata is not None  # noqa: S101 - the library knows the US
    described = (metadata.fixed_line, metadata.toll_free, metadata.premium_rate, metadata.personal_number, metadata.voip)
    patterns = [kind.national_number_pattern for kind in described if kind and kind.national_number_pattern]
    return re.compile("|".join(patterns))


_US_NUMBER = _compile_us_pattern()


def _split_numbers(text: str) -> list[str]:
    """The parts of a cell that hold a number each; a short part belongs to the one before ("555-0100 / 0101" is for nobody)."""
    if _SCIENTIFIC_NOTATION.fullmatch(text.strip()):
        raise BadInput(_ROUNDED_NUMBER)
    pieces = [piece for piece in _NUMBER_SEPARATORS.split(text) if piece.strip()]
    whole = len(pieces) > 1 and all(sum(sign.isalnum() for sign in piece) >= MIN_PIECE_DIGITS for piece in pieces)
    return pieces if whole else [text] if text.strip() else []


def _parse_number(piece: str, country: str, reasons: list[str]) -> Telephone | None:
    if _FAX.search(piece):
        if sum(sign.isdigit() for sign in piece) > MAX_NUMBER_DIGITS:
            raise BadInput("This holds a fax number beside another; write the telephone number alone.")
        reasons.append("a fax number is not kept")
        return None
    number = _DECIMAL_NUMBER.sub(r"\1", piece.strip())
    bare = _NUMBER_NOTE.sub(" ", _LABEL.sub("", number)).strip() if not _is_vanity_number(number) else number
    if bare != number and any(sign.isdigit() for sign in bare):
        reasons.append("words around the number left out")
        number = bare
    digits, extension = normalize.normalize_phone(number, country)
    if _is_vanity_number(number):
        reasons.append("letters to digits")
    return Telephone(digits, extension)


def _is_vanity_number(number: str) -> bool:
    """Whether letters stand for digits, as in 1-800-FLOWERS."""
    without = _EXTENSION.sub("", number)
    return re.search(r"\d[-. )]*[A-Z]{3}", without) is not None and "(" not in without.partition(")")[2]
