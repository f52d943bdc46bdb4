"""Recognize addresses in free text: e-mail addresses, telephone numbers, streets, P.O. boxes and coordinates.

English and Spanish. A text that only looks like an address is refused too: the message says how to write it differently, while an
address that is published by mistake cannot be taken back. Web addresses are allowed. All checks take linear time.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from directory.text import fold

MAX_NAME_WORDS = 6  # words of a street's name between its number and "Street"
MAX_SPANISH_NAME_WORDS = 6  # after "calle": "Calle 5 de Mayo 12"

CONTACT_ADVICE = "Put it into a contact instead: there the organization decides who sees it."
PLACE_ADVICE = (
    "Remove it: places have fields of their own, and the organization decides how precisely they are shown. "
    "If it is not an address, write its number as a word."
)

_POSSIBLE_ADDRESS = re.compile(  # each address has one of these
    r"[\d@]|\b(?:at|en|arroba)\b|\bs\s?/\s?n\b", re.IGNORECASE
)
_WEB_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_CONTACT_LINK = re.compile(
    r"\b(?:wa\.me|api\.whatsapp\.com|signal\.me|t\.me|m\.me|maps\.\w+|goo\.gl/maps|google\.\w{2,3}/maps)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"\w\s{0,3}@\s{0,3}[\w-]++(?:\.\w|\s{0,3}[\[({<]?\s{0,2}(?:dot|punto)\b|\s{0,2}[\[({<]\s{0,2}\.)"
    r"|\w\s{0,3}[\[({<]\s{0,2}(?:at|arroba|@)\s{0,2}[\])}>]"  # ana [at] example.org
    r"|\w\s{1,3}-?(?:at|en|arroba)-?\s{1,3}[\w-]++\s{1,3}(?:dot|punto)\s{1,3}\w"
    r"|\w\s{1,3}-?(?:at|en)-?\s{1,3}(?:gmail|yahoo|hotmail|outlook|icloud|aol|live|proton(?:mail)?|riseup)\.\w"
    r"|\w\s{1,3}arroba\s{1,3}\w",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"[\w.%+-]{1,64}+@\w[\w-]{0,62}(?:\.\w[\w-]{0,62}){1,8}")
_DIGITS = re.compile(r"\d.*", re.DOTALL)
_GAP = r"[\s.()/·•_*\-\u2010-\u2015\u2212]"  # between the digits of a number
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?1{_GAP}{{0,3}})?\(?\d{{3}}{_GAP}{{0,3}}\d{{3}}{_GAP}{{0,3}}\d{{4}}(?!\d)"  # (404) 555-0100
    rf"|\+\s?\d(?:{_GAP}{{0,2}}\d){{6,14}}"  # +44 20 7946 0958
    rf"|(?<!\d)(?:00|011){_GAP}{{0,2}}\d(?:{_GAP}{{0,2}}\d){{7,14}}"
    rf"|(?<!\d)\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"  # 55 1234 5678, in Mexico
    r"|(?<![\d-])\d{3}[.\-\u2010-\u2015]\d{4}(?![\d-])"  # 555-0100
    rf"|(?<!\d)\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{2}}{_GAP}\d{{2}}(?!\d)"  # 404 555 01 00
    rf"|(?<!\d)\d{{3}}-\d{{3}}-[A-Z]{{4}}\b"  # 404-555-HELP
    rf"|(?<!\d)8(?:00|33|44|55|66|77|88){_GAP}{{1,2}}[A-Z][A-Z-]{{3}}"  # 1-800-ABOGADO
)
_ANNOUNCED_PHONE = re.compile(  # 555 0100 after "call" or "tel."
    r"\b(?:telf?|tel[eé]fonos?|phone|cell?|celular|m[oó]vil|mobile|call|text|ll[aá]m\w{1,8}|marque|whats\s?app|signal|fax|hotline)\b"
    rf"\D{{0,20}}\d(?:{_GAP}{{0,3}}\d){{6}}",
    re.IGNORECASE,
)
_COORDINATES = re.compile(r"\d{1,3}\.\d{3,12}°?\s{0,2}[NS]?[,;/\s]\s{0,2}[-−]?\d{1,3}\.\d{3}|\d{1,3}\s?°\s?\d{1,2}\s?['’′]")
_BOX = re.compile(  # in folded text
    r"\b(?:p ?o ?(?:box|bx|drawer|b)|post(?:al)? (?:office )?box|apartado(?: postal)?(?: de correos?)?|apdo(?: postal)?"
    r"|casilla(?: postal| de correos?)?|(?:rr|hc|rural route|ruta rural) \d{1,4} box)"
    r"(?: (?:no|num|numero|number|n))? ?[a-z]{0,2}\d"
)
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u20e3\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_PIECE = re.compile(r"\d[\d,./:%]*[^\W\d_]*|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|\n")
_HOUSE_NUMBER = re.compile(r"\d{1,6}[a-z]?")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th)")


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ABBREVIATIONS = _split_words("st str ave av blvd rd dr ln ct pl sq ter pkwy hwy cir plz aly tpke trl expy fwy")
_STREET_WORDS = _ABBREVIATIONS | _split_words(
    "street avenue avenida boulevard road drive lane court place square terrace parkway highway circle plaza alley way turnpike "
    "pike trail expressway freeway crescent loop broadway cove"
)
_NUMBERED_ROADS = _split_words(
    "avenue ave av highway hwy route rte boulevard blvd broadway calle avenida avda camino paseo calzada carretera"
)  # 500 Highway 64
_ORDINAL_STREETS = _split_words("street st str avenue ave av road rd boulevard blvd")  # 5th Street, not 1st place
_SPANISH_STREET_WORDS = _split_words("calle avenida av ave avda calzada carretera bulevar boulevard blvd callejon")
_SPANISH_NAMED_STREETS = _split_words("camino paseo carrera privada cerrada pasaje jiron via")  # also ordinary words
_UNIT_WORDS = _split_words("apt apartment suite ste unit floor fl room rm depto piso int interior")
_FUNCTION_WORDS = _split_words(
    "a about after all an and any are as at before between by during each every for from has have in into is near need needs "
    "of offer offers on or our over per since than that the their to under until up we who will with within year years hours "
    "days cada como con de del desde durante e el en entre hasta la las lo los mas o para por que se sin sobre su un una y"
)
_SPANISH_STOPS = _split_words("cada como con desde durante en entre hasta mas o para por que se sobre")
_CLAUSE_ENDS = frozenset(";:!?\n()")


class _Word(NamedTuple):
    """A piece of the text. `key` is the folded text, "" for punctuation."""

    text: str
    key: str

    @property
    def is_capitalized(self) -> bool:
        return self.text[:1].isupper()


def find_address(text: str) -> tuple[str, str] | None:
    """Return what the text contains, such as "a street address", with advice; None if it contains no address."""
    plain = text if text.isascii() else _simplify(text)
    if _CONTACT_LINK.search(plain):
        return "a link to a telephone number, a chat or a map", CONTACT_ADVICE
    if not _POSSIBLE_ADDRESS.search(plain):  # true for most texts, and much faster than the patterns
        return None
    if _EMAIL.search(plain):
        return "an e-mail address", CONTACT_ADVICE
    plain = _WEB_ADDRESS.sub(" ", plain)
    if _COORDINATES.search(plain):
        return "coordinates", PLACE_ADVICE
    if _PHONE.search(plain) or _ANNOUNCED_PHONE.search(plain):
        return "a telephone number", CONTACT_ADVICE
    if _BOX.search(fold(plain)):
        return "a P.O. box", PLACE_ADVICE
    if _contains_street(plain):
        return "a street address", PLACE_ADVICE
    return None


class ContactTexts(NamedTuple):
    """E-mail addresses and telephone numbers in a text, as they are written. One such as "ana at gmail dot com" is cut."""

    mailboxes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def list_contact_texts(text: str) -> ContactTexts:
    plain = text if text.isascii() else _simplify(text)
    if not _POSSIBLE_ADDRESS.search(plain):
        return ContactTexts()
    plain = _WEB_ADDRESS.sub(" ", plain)
    mailboxes = _MAILBOX.findall(plain) or [match[0] for match in _EMAIL.finditer(plain)]
    numbers = [match[0] for match in _PHONE.finditer(plain)]
    announced = (_DIGITS.search(match[0]) for match in _ANNOUNCED_PHONE.finditer(_PHONE.sub(" ", plain)))
    return ContactTexts(tuple(mailboxes), (*numbers, *(match[0] for match in announced if match)))


def _simplify(text: str) -> str:
    """Return the text with plain digits, letters and signs, and without invisible characters."""
    return remove_invisible(unicodedata.normalize("NFKC", text))


def remove_invisible(text: str) -> str:
    """Return the text without characters that show nothing, which could split a word (Default_Ignorable_Code_Point)."""
    return "".join(one for one in text if unicodedata.category(one) != "Cf" and not _INVISIBLE.fullmatch(one))


def _contains_street(text: str) -> bool:
    pieces = (piece[0] for piece in _PIECE.finditer(text) if piece[0] not in (".", "#", "-"))
    words = [_Word(piece, fold(piece) if piece[0].isalnum() and not _has_separator(piece) else "") for piece in pieces]
    return any(_starts_street(words, position) or _starts_spanish_street(words, position) for position in range(len(words)))


def _has_separator(piece: str) -> bool:
    """Whether a number is written like an amount or a time, such as 1,500 or 24/7, and not like a house number."""
    return any(character in ",/:%" for character in piece.rstrip(",.:"))


def _starts_street(words: Sequence[_Word], position: int) -> bool:
    """Whether a number and a street begin here: "12 Broad St", "5th Street", "500 Highway 64"."""
    number, following = words[position].key, _get_word(words, position + 1).key
    if _ORDINAL.fullmatch(number):
        return following in _ORDINAL_STREETS
    if not _HOUSE_NUMBER.fullmatch(number):
        return False
    if following in _NUMBERED_ROADS:
        return True
    for end in range(position + 2, position + MAX_NAME_WORDS + 2):
        name, street = words[position + 1 : end], _get_word(words, end)
        if not name[-1:] or not name[-1].key or name[-1].key in _FUNCTION_WORDS - {"e"}:
            return False
        if street.key in _STREET_WORDS and _is_street_name([*name, street], _get_word(words, end + 1)):
            return True
    return False


def _is_street_name(name: Sequence[_Word], following: _Word) -> bool:
    """Tell "20 Young Street" and "20 young street, Taos" from "20 young street vendors"."""
    if name[-1].key in _ABBREVIATIONS or all(word.is_capitalized or word.text[0].isdigit() for word in name):
        return True
    ends_here = not following.key or following.key in _FUNCTION_WORDS | _UNIT_WORDS
    return ends_here or following.key[0].isdigit()


def _starts_spanish_street(words: Sequence[_Word], position: int) -> bool:
    """Whether a street and a number begin here: "Calle 5 de Mayo 12", "Av. Juárez s/n"."""
    street = words[position]
    is_named = street.key in _SPANISH_NAMED_STREETS and street.is_capitalized
    if not is_named and street.key not in _SPANISH_STREET_WORDS:
        return False
    before = [word.key for word in words[max(position - 2, 0) : position]]
    if before == ["situacion", "de"]:  # homelessness
        return False
    if is_named and _is_house_number(words, position + 1) and not _is_house_number(words, position + 2):
        return False  # "Camino 10 km", unlike "Camino Real 10" and "Carrera 7 # 45"
    for word in words[position + 1 : position + 2 + MAX_SPANISH_NAME_WORDS]:
        if word.text in _CLAUSE_ENDS or word.key in _SPANISH_STOPS:
            return False
        if _HOUSE_NUMBER.fullmatch(word.key) or word.text == "/":  # s/n: a street without numbers
            return True
    return False


def _is_house_number(words: Sequence[_Word], position: int) -> bool:
    return _HOUSE_NUMBER.fullmatch(_get_word(words, position).key) is not None


def _get_word(words: Sequence[_Word], position: int) -> _Word:
    return words[position] if position < len(words) else _Word("", "")
