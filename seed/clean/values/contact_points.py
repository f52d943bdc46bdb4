"""Parse e-mail addresses and telephone numbers."""

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
_COMMON_EMAIL = re.compile(  # every validator accepts these, so they need no full validation
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:org|com|net|edu|gov|us|info|mx|ca)", re.IGNORECASE | re.ASCII
)
_MAX_COMMON_LENGTH = 60  # characters; parts of longer addresses have their own limits
_SURROUNDING_SIGNS = " .,;:<>()[]\"'“”"

TELEPHONE_CACHE_SIZE = 1 << 14  # cells
MIN_PIECE_DIGITS = 7  # digits; a shorter piece of a cell is not a number of its own
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


class Mailbox(Struct, frozen=True):
    """An e-mail address; `name` is the display name next to it, as in "Ana <ana@example.org>"."""

    email: str
    name: str | None = None


class Telephone(Struct, frozen=True):
    """A telephone number in E.164 form, and its extension."""

    number: str
    extension: str | None = None


@lru_cache(maxsize=MAILBOX_CACHE_SIZE)
def parse_mailboxes(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    """Return the distinct addresses in the text, in order. Raises BadInput if any part of the text is not an address."""
    if text.count("@") == 1 and " " not in text and not text.startswith("<"):
        return _parse_single_mailbox(text)
    mailboxes: dict[str, Mailbox] = {}
    rest = _NAMED_MAILBOX.sub(lambda match: _add_mailbox(mailboxes, match[2], match[1]), text) if "<" in text else text
    bare = _PARENTHESES.sub(";", _MAILTO.sub(" ", _MARKUP_TAG.sub(" ", rest)))
    for piece in _MAILBOX_SEPARATORS.split(bare):
        if piece.strip(_SURROUNDING_SIGNS):
            _add_mailbox(mailboxes, piece, "")
    if not mailboxes:
        normalize.normalize_email(text)  # raises BadInput
    reasons = ("words around the address removed",) if bare != rest else ()
    return CleaningResult(tuple(mailboxes.values()), reasons)


def _parse_single_mailbox(text: str) -> CleaningResult[tuple[Mailbox, ...]]:
    if len(text) <= _MAX_COMMON_LENGTH and _COMMON_EMAIL.fullmatch(text):
        local, _, domain = text.partition("@")
        return CleaningResult((Mailbox(f"{local}@{domain.lower()}"),))
    bare = _strip_mailbox(text)
    reasons = ("punctuation around the address removed",) if bare != text else ()
    return CleaningResult((Mailbox(normalize.normalize_email(bare)),), reasons)


def _add_mailbox(mailboxes_by_email: dict[str, Mailbox], address: str, name: str) -> str:
    email = normalize.normalize_email(_strip_mailbox(address))
    mailboxes_by_email.setdefault(email, Mailbox(email, " ".join(name.split()).strip(_SURROUNDING_SIGNS) or None))
    return ";"


def _strip_mailbox(address: str) -> str:
    bare = _QUERY.sub("", _MAILTO.sub("", address.strip())).strip(_SURROUNDING_SIGNS)
    if "/" in bare.partition("@")[2]:
        raise BadInput("This is not an e-mail address; move web addresses to the website column.")
    return bare


@lru_cache(maxsize=TELEPHONE_CACHE_SIZE)
def parse_telephones(text: str, country: str = "US") -> CleaningResult[tuple[Telephone, ...]]:
    """Return the distinct numbers in the text, in order; () if there are only fax numbers, which are not stored.

    `country` (ISO 3166-1) is that of numbers without a country code. Raises BadInput if a piece is not a number.
    """
    if country == "US" and (telephone := _parse_us_number(text)):
        return CleaningResult((telephone,))
    reasons: list[str] = []
    parsed = [_parse_number(piece, country, reasons) for piece in _split_numbers(text)]
    if not parsed:
        normalize.normalize_phone(text, country)  # raises BadInput
    telephones = tuple(dict.fromkeys(telephone for telephone in parsed if telephone))
    return CleaningResult(telephones, tuple(dict.fromkeys(reasons)))


def _parse_us_number(text: str) -> Telephone | None:
    """Parse a plain US number with the pattern from phonenumbers alone, which is much faster; None for other texts."""
    match = _TEN_DIGITS.fullmatch(text)
    if match is None or not _US_NUMBER.fullmatch(digits := "".join(match.groups())):
        return None
    return Telephone(f"+1{digits}")


def _compile_us_pattern() -> re.Pattern[str]:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region("US", None)
    assert metadata is not None  # noqa: S101 - phonenumbers has the US
    kinds = (metadata.fixed_line, metadata.toll_free, metadata.premium_rate, metadata.personal_number, metadata.voip)
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    return re.compile("|".join(patterns))


_US_NUMBER = _compile_us_pattern()


def _split_numbers(text: str) -> list[str]:
    """Split a cell into its numbers. A cell with a short piece stays whole ("404-555-0100 / 0101"), and is then refused."""
    if _SCIENTIFIC_NOTATION.fullmatch(text.strip()):
        raise BadInput(_ROUNDED_NUMBER)
    pieces = [piece for piece in _NUMBER_SEPARATORS.split(text) if piece.strip()]
    are_numbers = len(pieces) > 1 and all(sum(char.isalnum() for char in piece) >= MIN_PIECE_DIGITS for piece in pieces)
    return pieces if are_numbers else [text] if text.strip() else []


def _parse_number(piece: str, country: str, reasons: list[str]) -> Telephone | None:
    if _FAX.search(piece):
        if sum(char.isdigit() for char in piece) > MAX_NUMBER_DIGITS:
            raise BadInput("This holds a fax number and another number; enter only the telephone number.")
        reasons.append("fax number removed")
        return None
    number = _DECIMAL_NUMBER.sub(r"\1", piece.strip())
    bare = _NUMBER_NOTE.sub(" ", _LABEL.sub("", number)).strip() if not _is_vanity_number(number) else number
    if bare != number and any(char.isdigit() for char in bare):
        reasons.append("words around the number removed")
        number = bare
    digits, extension = normalize.normalize_phone(number, country)
    if _is_vanity_number(number):
        reasons.append("letters converted to digits")
    return Telephone(digits, extension)


def _is_vanity_number(number: str) -> bool:
    """Whether letters stand for digits, as in 1-800-FLOWERS."""
    main_number = _EXTENSION.sub("", number)
    return re.search(r"\d[-. )]*[A-Z]{3}", main_number) is not None and "(" not in main_number.partition(")")[2]
