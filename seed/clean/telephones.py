"""Telephone numbers as people write them, in E.164."""

import re
from functools import lru_cache

import phonenumbers
from msgspec import Struct

from directory import written
from directory.errors import BadInput
from seed.clean.mended import Mended

REMEMBERED = 1 << 14  # cells
SHORTEST = 7  # digits of a piece of a cell that stands for a number of its own
LONGEST = 15  # digits of one number, as in ITU-T E.164

_TEN_DIGITS = re.compile(r"(?:\+?1[-. ]?)?\(?([2-9]\d\d)\)?[-. ]?(\d{3})[-. ]?(\d{4})", re.ASCII)
_FLOAT = re.compile(r"(\+?\d{7,15})\.0+")
_POWER = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_BETWEEN = re.compile(
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
_NOTE = re.compile(
    r"(?:(?<!\s)\s+)?[\[(](?![\d\s+)]+[)\]])[^()\[\]]*[)\]]\s*"
    r"|(?<!\s)\s+(?:office|oficina|main|cell|mobile|home|work|voice|tty|tdd)\.?\s*$",
    re.IGNORECASE,
)
_FAX = re.compile(r"\b(?:tele)?fax\b|^\s*f[.:]", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:ext(?:ension|ensión|\.)?|x|#|anexo|int\.)[\s.:]*\d+\s*$", re.IGNORECASE)
_CUT = "The spreadsheet has rounded this number; format the column as text and enter the number again, as in (404) 555-0100."


class Telephone(Struct, frozen=True):
    """`number` in E.164."""

    number: str
    extension: str | None = None


@lru_cache(maxsize=REMEMBERED)
def telephones(text: str, country: str = "US") -> Mended[tuple[Telephone, ...]]:
    """Every number in the text, each once, in order; () where there are only fax numbers, which are not kept.

    `country` (ISO 3166-1) is that of numbers without a country code. Raises BadInput for a piece that is no number.
    """
    if country == "US" and (quick := _american(text)):
        return Mended((quick,))
    reasons: list[str] = []
    read = [_read(piece, country, reasons) for piece in _pieces(text)]
    found = tuple(dict.fromkeys(number for number in read if number))
    if not read:
        written.telephone(text, country)  # refuses
    return Mended(found, tuple(dict.fromkeys(reasons)))


def _american(text: str) -> Telephone | None:
    """The number, where it is certain without the library's whole parsing: its pattern of valid US numbers is asked alone."""
    found = _TEN_DIGITS.fullmatch(text)
    if found is None or not _US_NUMBERS.fullmatch(digits := "".join(found.groups())):
        return None
    return Telephone(f"+1{digits}")


def _us_numbers() -> re.Pattern[str]:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region("US", None)
    assert metadata is not None  # noqa: S101 - the library knows the US
    described = (metadata.fixed_line, metadata.toll_free, metadata.premium_rate, metadata.personal_number, metadata.voip)
    patterns = [kind.national_number_pattern for kind in described if kind and kind.national_number_pattern]
    return re.compile("|".join(patterns))


_US_NUMBERS = _us_numbers()


def _pieces(text: str) -> list[str]:
    """The parts of a cell that hold a number each; a short part belongs to the one before ("555-0100 / 0101" is for nobody)."""
    if _POWER.fullmatch(text.strip()):
        raise BadInput(_CUT)
    pieces = [piece for piece in _BETWEEN.split(text) if piece.strip()]
    whole = len(pieces) > 1 and all(sum(sign.isalnum() for sign in piece) >= SHORTEST for piece in pieces)
    return pieces if whole else [text] if text.strip() else []


def _read(piece: str, country: str, reasons: list[str]) -> Telephone | None:
    if _FAX.search(piece):
        if sum(sign.isdigit() for sign in piece) > LONGEST:
            raise BadInput("This holds a fax number beside another; write the telephone number alone.")
        reasons.append("a fax number is not kept")
        return None
    number = _FLOAT.sub(r"\1", piece.strip())
    bare = _NOTE.sub(" ", _LABEL.sub("", number)).strip() if not _is_vanity(number) else number
    if bare != number and any(sign.isdigit() for sign in bare):
        reasons.append("words around the number left out")
        number = bare
    digits, extension = written.telephone(number, country)
    if _is_vanity(number):
        reasons.append("letters to digits")
    return Telephone(digits, extension)


def _is_vanity(number: str) -> bool:
    """Whether letters stand for digits, as in 1-800-FLOWERS."""
    without = _EXTENSION.sub("", number)
    return re.search(r"\d[-. )]*[A-Z]{3}", without) is not None and "(" not in without.partition(")")[2]
