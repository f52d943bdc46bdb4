"""What people write, brought into one form: text, web addresses, e-mail, telephone numbers, identifiers.

Every function returns the value in its one form, or raises BadInput with a sentence that says how to write it.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from directory.errors import BadInput
from directory.text import is_noncharacter

URL_LIMIT = 2000  # characters, in its normalised form
CACHE_SIZE = 1 << 12  # e-mail addresses and numbers: on their way in, each is read several times
PLAIN_EMAIL_LIMIT = 60  # characters, within all limits of parts
EMAIL_LIMIT = 320  # characters: 64 before the @ and 255 after it, as in RFC 3696
PHONE_LIMIT = 250  # characters, with whatever is written around the digits
EXTENSION_LIMIT = 7  # digits, as ITU-T E.164's notation of extensions is used in practice

_SCHEME = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_EIN = re.compile(r"(\d{2})-?(\d{7})", re.ASCII)
# most addresses; email_validator gives them back as they are too, but takes a hundred times as long to say so
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:com|coop|edu|gov|info|net|org|us)", re.ASCII
)
_MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:#\d+|#x[0-9a-f]+|amp|lt|gt|quot|apos|nbsp);", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji are misspelled without them
_URL_PUNCTUATION = "/%:@!$&'()*+,;=~-._?"


def normalize_line(text: str) -> str:
    """One line of plain text: blanks run together, none at the ends, Unicode NFC."""
    return " ".join(_check_plain_text(text.replace("\t", " ")).split())


def normalize_paragraphs(text: str) -> str:
    """Plain text with its line breaks, at most one empty line between paragraphs."""
    lines = [" ".join(part.split()) for part in _check_plain_text(_normalize_newlines(text)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def normalize_url(text: str) -> str:
    """An http or https address with a public host name, in the normal form of RFC 3986, section 6.2."""
    try:
        parts = urlsplit(normalize_line(text))
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError as problem:
        raise BadInput("This is no web address; copy it from the browser's address line.") from problem
    if parts.scheme not in ("http", "https"):
        raise BadInput("A web address begins with https:// or http://; write it whole, as in https://example.org.")
    if parts.username is not None or parts.password is not None:
        raise BadInput("A web address here holds no user name or password; leave out what stands before the @.")
    if not _HOST.fullmatch(host):
        raise BadInput("This web address has no public host name; an international one is written in its xn-- form.")
    if port not in (None, 80 if parts.scheme == "http" else 443):
        host = f"{host}:{port}"
    address = urlunsplit(
        (parts.scheme, host, _quote_url_part(parts.path) or "/", _quote_url_part(parts.query), _quote_url_part(parts.fragment))
    )
    if len(address) > URL_LIMIT:
        raise BadInput(f"A web address has at most {URL_LIMIT} characters; use a shorter one.")
    return address


@lru_cache(maxsize=CACHE_SIZE)
def normalize_email(text: str) -> str:
    """An e-mail address, its domain in lower case. Whether it can be delivered to is not asked."""
    address = normalize_line(text)
    if len(address) <= PLAIN_EMAIL_LIMIT and _PLAIN_EMAIL.fullmatch(address):
        return address
    if len(address) > EMAIL_LIMIT:
        raise BadInput(f"An e-mail address has at most {EMAIL_LIMIT} characters; write it alone, like office@example.org.")
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as problem:
        raise BadInput("This is no e-mail address; write it like office@example.org.") from problem


@lru_cache(maxsize=CACHE_SIZE)
def normalize_phone(text: str, region: str = "US") -> tuple[str, str | None]:
    """The number in E.164 ("+14045889761") and its extension, if the text has one.

    `region` is the country (ISO 3166-1) of numbers that are written without one.
    """
    written = normalize_line(text)
    if len(written) > PHONE_LIMIT:
        raise BadInput(f"A telephone number has at most {PHONE_LIMIT} characters; write it alone, like (404) 555-0100.")
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as problem:
        raise BadInput("This is no telephone number; write it like (404) 555-0100, or from abroad with + in front.") from problem
    if not phonenumbers.is_valid_number(number):
        raise BadInput("No such telephone number can exist; check its digits and, from abroad, its country code after +.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension or None


def normalize_phone_extension(text: str) -> str:
    digits = normalize_line(text).lower().removeprefix("ext.").removeprefix("ext").removeprefix("x").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= EXTENSION_LIMIT):
        raise BadInput(f"An extension is 1 to {EXTENSION_LIMIT} digits.")
    return digits


def normalize_scheme(text: str) -> str:
    """An identifier scheme, a code of org-id.guide's list such as US-EIN."""
    code = normalize_line(text).upper()
    if not _SCHEME.fullmatch(code):
        raise BadInput("An identifier's scheme is letters and digits joined by hyphens, as in US-EIN.")
    return code


def normalize_identifier(scheme: str, text: str) -> str:
    """The value in the canonical form of its scheme; of schemes that are not known here, as it is written."""
    value = normalize_line(text)
    if scheme != "US-EIN":
        return value
    digits = _EIN.fullmatch(value)
    if digits is None:
        raise BadInput("An EIN is nine digits, as in 12-3456789; zeros in front belong to it.")
    return f"{digits[1]}-{digits[2]}"


def _check_plain_text(text: str) -> str:
    if _MARKUP.search(text):
        raise BadInput("Write plain text without HTML: no tags, and & < > as themselves with a blank after <.")
    if text.isascii() and text.isprintable():  # as most are, and ten times sooner known
        return text
    strange = next((character for character in text if _is_forbidden_character(character)), None)
    if strange is not None:
        raise BadInput(f"The text holds an invisible control character (U+{ord(strange):04X}); type it again without it.")
    return unicodedata.normalize("NFC", text)


def _is_forbidden_character(character: str) -> bool:
    # Direction marks can make a text read otherwise than it is stored; the rest cannot be seen or stored at all.
    category = unicodedata.category(character)
    if category == "Cn":  # also what a later version of Unicode has a character for, such as a new emoji
        return is_noncharacter(character)
    return category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and character not in _JOINERS and character != "\n"


def _normalize_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


def _quote_url_part(part: str) -> str:
    return quote(part, safe=_URL_PUNCTUATION)
