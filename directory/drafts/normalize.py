"""Normalize single values: text, web addresses, e-mail addresses, telephone numbers and identifiers.

Every function returns the value in one canonical form, or raises BadInput with a message that says how to write it.
"""

import re
import unicodedata
from functools import cache, lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from directory.errors import BadInput
from directory.text import is_noncharacter

EIN_SCHEME = "US-EIN"  # Employer Identification Number; the code of org-id.guide
EIN_DIGITS = 9
URL_LIMIT = 2000  # characters, after normalization
CACHE_SIZE = 1 << 12  # e-mail addresses and numbers; an import normalizes each one several times
PLAIN_LIMIT = 60  # characters of an address, below all limits for its parts
EMAIL_LIMIT = 320  # characters: 64 before the @ and 255 after it, as in RFC 3696
PHONE_LIMIT = 250  # characters, including those around the digits
EXTENSION_LIMIT = 7  # digits, the usual practice with ITU-T E.164

_SCHEME = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_EIN = re.compile(r"(\d{2})-?(\d{7})", re.ASCII)
# Matches most addresses. email_validator returns them unchanged too, but takes a hundred times as long.
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:com|coop|edu|gov|info|net|org|us)", re.ASCII
)
_PLAIN_URL = re.compile(r"https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:com|coop|edu|gov|info|net|org|us)/", re.ASCII)  # the same
_US_NUMBER = re.compile(r"\+1(\d{10})", re.ASCII)
_MARKUP = re.compile(r"<[A-Za-z/!?]|&(?:#\d+|#x[0-9a-f]+|amp|lt|gt|quot|apos|nbsp);", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them
_URL_PUNCTUATION = "/%:@!$&'()*+,;=~-._?"


def normalize_line(text: str) -> str:
    """Return one line of plain text in Unicode NFC, with single spaces and none at the ends."""
    return " ".join(_check_plain_text(text.replace("\t", " ")).split())


def normalize_paragraphs(text: str) -> str:
    """Return plain text with its line breaks and at most one empty line between paragraphs."""
    lines = [" ".join(part.split()) for part in _check_plain_text(_normalize_newlines(text)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def normalize_url(text: str) -> str:
    """Return an http or https address with a public host name, normalized as in RFC 3986, section 6.2."""
    if len(text) <= PLAIN_LIMIT and _PLAIN_URL.fullmatch(text):
        return text
    try:
        parts = urlsplit(normalize_line(text))
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError as problem:
        raise BadInput("This is not a web address. Copy it from the address bar of a browser.") from problem
    if parts.scheme not in ("http", "https"):
        raise BadInput("A web address must start with https:// or http://, for example https://example.org.")
    if parts.username is not None or parts.password is not None:
        raise BadInput("A web address must not contain a user name or password. Remove the part before the @.")
    if not _HOST.fullmatch(host):
        raise BadInput("This web address has no public host name. Write an international host name in its xn-- form.")
    if port not in (None, 80 if parts.scheme == "http" else 443):
        host = f"{host}:{port}"
    address = urlunsplit(
        (parts.scheme, host, _quote_url_part(parts.path) or "/", _quote_url_part(parts.query), _quote_url_part(parts.fragment))
    )
    if len(address) > URL_LIMIT:
        raise BadInput(f"A web address can have at most {URL_LIMIT} characters. Use a shorter one.")
    return address


@lru_cache(maxsize=CACHE_SIZE)
def normalize_email(text: str) -> str:
    """Return an e-mail address with its domain in lower case. Deliverability is not checked."""
    address = normalize_line(text)
    if len(address) <= PLAIN_LIMIT and _PLAIN_EMAIL.fullmatch(address):
        return address
    if len(address) > EMAIL_LIMIT:
        raise BadInput(
            f"An e-mail address can have at most {EMAIL_LIMIT} characters. Write only the address, like office@example.org."
        )
    from email_validator import EmailNotValidError, validate_email  # imported late: a server starts sooner without it

    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as problem:
        raise BadInput("This is not an e-mail address. Write it like office@example.org.") from problem


@lru_cache(maxsize=CACHE_SIZE)
def normalize_phone(text: str, region: str = "US") -> tuple[str, str | None]:
    """Return the number in E.164 form ("+14045889761") and its extension, None if the text has no extension.

    `region` is the country (ISO 3166-1) of numbers without a country code.
    """
    number_text = normalize_line(text)
    if len(number_text) > PHONE_LIMIT:
        raise BadInput(
            f"A telephone number can have at most {PHONE_LIMIT} characters. Write only the number, like (404) 555-0100."
        )
    if (plain := _US_NUMBER.fullmatch(number_text)) and load_us_numbers().fullmatch(plain[1]):
        return number_text, None
    import phonenumbers  # imported late: a server starts sooner without it

    try:
        number = phonenumbers.parse(number_text, region)
    except phonenumbers.NumberParseException as problem:
        raise BadInput(
            "This is not a telephone number. Write it like (404) 555-0100; a number outside the United States starts with +."
        ) from problem
    if not phonenumbers.is_valid_number(number):
        raise BadInput(
            "This number is not complete, or its first digits are not in use, as far as this program knows. Check its digits "
            "and, outside the United States, the country code after the +."
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension or None


@cache
def load_us_numbers() -> re.Pattern[str]:
    """Return a pattern for the ten digits of valid US numbers, which is a hundred times faster than phonenumbers."""
    import phonenumbers  # imported late: a server starts sooner without it

    metadata = phonenumbers.PhoneMetadata.metadata_for_region("US", None)
    assert metadata is not None  # noqa: S101 - phonenumbers has the US
    kinds = (metadata.fixed_line, metadata.toll_free, metadata.premium_rate, metadata.personal_number, metadata.voip)
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    return re.compile("|".join(patterns))


def normalize_phone_extension(text: str) -> str:
    """Return the digits of an extension such as "ext. 12"."""
    digits = normalize_line(text).lower().removeprefix("ext.").removeprefix("ext").removeprefix("x").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= EXTENSION_LIMIT):
        raise BadInput(f"An extension must have 1 to {EXTENSION_LIMIT} digits.")
    return digits


def normalize_scheme(text: str) -> str:
    """Return an identifier scheme, a code from the list at org-id.guide such as US-EIN."""
    code = normalize_line(text).upper()
    if not _SCHEME.fullmatch(code):
        raise BadInput("The scheme of an identifier must be letters and digits joined by hyphens, for example US-EIN.")
    return code


def normalize_identifier(scheme: str, text: str) -> str:
    """Return the value in the canonical form of its scheme. Values of unknown schemes are only normalized as text."""
    value = normalize_line(text)
    if scheme != EIN_SCHEME:
        return value
    ein = parse_ein(value)
    if ein is None:
        raise BadInput("An EIN must have nine digits, for example 12-3456789. Keep any zeros at the start.")
    return ein


def parse_ein(text: str, *, min_digits: int = EIN_DIGITS) -> str | None:
    """Return an Employer Identification Number as "12-3456789", with or without the hyphen in the text; None for other texts.

    Tables that store numbers lose the zeros at the start. With `min_digits` below nine they are restored: digits without a
    hyphen are padded if there are at least `min_digits` of them.
    """
    if text.isascii() and text.isdigit() and min_digits <= len(text):
        text = text.zfill(EIN_DIGITS)
    match = _EIN.fullmatch(text)
    return f"{match[1]}-{match[2]}" if match else None


def _check_plain_text(text: str) -> str:
    if _MARKUP.search(text):
        raise BadInput("Write plain text without HTML. Do not use tags, write & < > as they are, and put a space after <.")
    if text.isascii() and text.isprintable():  # ten times faster, and true for most texts
        return text
    forbidden = next((character for character in text if _is_forbidden_character(character)), None)
    if forbidden is not None:
        raise BadInput(
            f"The text contains an invisible control character (U+{ord(forbidden):04X}). Type the text again without it."
        )
    return unicodedata.normalize("NFC", text)


def _is_forbidden_character(character: str) -> bool:
    # Direction marks make a text look different from what is stored. The others are invisible or cannot be stored.
    category = unicodedata.category(character)
    if category == "Cn":  # unassigned; a later version of Unicode may assign it, for example to a new emoji
        return is_noncharacter(character)
    return category in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and character not in _JOINERS and character != "\n"


def _normalize_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")


def _quote_url_part(part: str) -> str:
    return quote(part, safe=_URL_PUNCTUATION)
