"""What the values of a column look like, whatever its heading says."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from directory.drafts.normalize import parse_ein
from directory.errors import AmbiguousPlace, BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.clean.cleaning_log import CleaningResult
from seed.clean.values import choices
from seed.flat_fields import FieldKind, find_field_kind

MAX_TERM_LENGTH = 80  # characters of a tag; more is prose
MIN_SENTENCE_WORDS = 8
SAMPLE_SIZE = 200  # values that are looked at

_LIST_SEPARATORS = re.compile(r"[,;|\n]")
_EMAIL = re.compile(r"(?:mailto:)?[^@\s,;<>]++@[^@\s,;<>][^@\s,;<>.]*+\.[^@\s,;<>]{2,}", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:\+?1[\s.-]*)?(?:\(\d{3}\)|\d{3})[\s./-]*\d{3}[\s.-]+\d{4}(?:\s*(?:x|ext\.?|extension)\s*\d+)?"
    r"|\+\d[\d\s().-]{7,17}",
    re.IGNORECASE,
)
_URL = re.compile(
    r"https?://\S+|www\.\S[^\s.]*+\.\S+"
    r"|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|net|edu|gov|us|info|coop|ngo|io|co|law)(?:/\S*)?",
    re.IGNORECASE,
)
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_NUMBER = re.compile(r"[-+]?[\d.,]+%?|\$[\d.,]+")
_ENDS_IN_STATE = re.compile(r",\s*([A-Z]{2})\b\.?$")
_ENDS_IN_ZIP = re.compile(r"\S\s+\d{5}(?:-\d{4})?(?:,?\s*(?:USA?|United States))?$")
_STREET = re.compile(r"\d+[A-Za-z]?(?:-\d+)?\s+\S|p\.?\s?o\.?\s*box|(?:calle|avenida|av\.|carr\.)\s", re.IGNORECASE)
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_COUNTY_SUFFIXES = (" county", " parish", " borough")
_BOOLEANS = frozenset(_WORDS["booleans"])
_EMPTY_VALUES = frozenset(_WORDS["nothing"])
_ORGANIZATION_WORDS = frozenset(_WORDS["organizations"].split())


def sample_values(cells: Iterable[str]) -> tuple[str, ...]:
    """The first values that say anything, blanks around them and "N/A" left out."""
    found = (cell.strip() for cell in cells)
    return tuple(
        value for value, _ in zip((one for one in found if fold(one) not in _EMPTY_VALUES), range(SAMPLE_SIZE), strict=False)
    )


def matching_share(values: Sequence[str], looks: Callable[[str], bool]) -> float:
    """The share of the values that look like that, 0 to 1; 0 of none."""
    return sum(map(looks, values)) / len(values) if values else 0.0


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Whether it is written as a telephone number is; plain digits may be anything."""
    return _PHONE.fullmatch(text) is not None


def is_url(text: str) -> bool:
    return _URL.fullmatch(text) is not None


def is_ein(text: str) -> bool:
    """Whether the text is an EIN with its hyphen. Nine digits alone may be any number."""
    return "-" in text and parse_ein(text) is not None


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def is_record_key(text: str) -> bool:
    """Whether it could be the id or slug of a record here; a mere number is another system's."""
    return is_uuid(text) or (_SLUG.fullmatch(text) is not None and not text.isdigit())


def is_boolean(text: str) -> bool:
    return fold(text) in _BOOLEANS and not text.startswith("@")


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def is_prose(text: str) -> bool:
    """Whether it is a sentence, or longer than a list of tags would be."""
    is_sentence = text.endswith(".") and text.count(" ") >= MIN_SENTENCE_WORDS
    return is_sentence or len(text) > MAX_TERM_LENGTH * (1 + len(_LIST_SEPARATORS.findall(text)))


def has_year(text: str) -> bool:
    return _YEAR.search(text) is not None


def count_digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


@lru_cache(maxsize=4096)
def is_state(text: str) -> bool:
    return any(region.kind is RegionKind.STATE for region in REGIONS.find(text))


@lru_cache(maxsize=4096)
def is_country(text: str) -> bool:
    return any(region.kind is RegionKind.COUNTRY for region in REGIONS.find(text))


@lru_cache(maxsize=4096)
def is_city(text: str) -> bool:
    """Whether the gazetteer knows a city of exactly this name, in whichever state."""
    if fold(text).endswith(_COUNTY_SUFFIXES):
        return False
    try:
        return (get_gazetteer().find_exact_id(text) or "").startswith("city:")
    except AmbiguousPlace:
        return True


def is_postal_code(text: str) -> bool:
    """Whether it is a ZIP code that is in use."""
    return _ZIP.fullmatch(text) is not None and get_gazetteer().find_postal_code(text) is not None


def is_street(text: str) -> bool:
    return _STREET.match(text) is not None and not is_whole_address(text)


def is_whole_address(text: str) -> bool:
    """Whether it ends as addresses do that name their city too: in a ZIP code or ", GA"."""
    line = " ".join(text.split())
    state = _ENDS_IN_STATE.search(line)
    return _ENDS_IN_ZIP.search(line) is not None or (state is not None and is_state(state[1]))


def has_organization_word(text: str) -> bool:
    """Whether a word in it belongs to names of organizations rather than of people."""
    return not _ORGANIZATION_WORDS.isdisjoint(fold(text).split())


MIN_PLAUSIBLE_SHARE = 0.25  # share of values that could be what the heading says, below which it says something else
MIN_CONTRADICTING_VALUES = 2  # values that can speak against a heading; a single one may be a slip
MIN_SUPPORTING_SHARE = 0.8  # share of values that surely are

ValueTest = Callable[[str], bool]

_CHOICE_PARSERS: Mapping[str, Callable[[str], CleaningResult[object]]] = {
    "kind": choices.parse_organization_kind,
    "membership.status": choices.parse_membership,
    "audience": choices.parse_audience,
    "contact.audience": choices.parse_audience,
    "verification_method": choices.parse_verification_method,
    "location.disclosure": choices.parse_disclosure,
}


def _build_choice_test(field: str) -> ValueTest | None:
    """Whether cleaning would know the value of this field; None for a field that is no choice."""
    read = _CHOICE_PARSERS.get(field)
    if read is None:
        return None

    def known(text: str) -> bool:
        try:
            found = read(text)
        except BadInput:
            return False
        return found.value is not None and not found.reasons

    return known


def _is_text(text: str) -> bool:
    return not (is_boolean(text) or is_number(text))


def _is_words(text: str) -> bool:
    return _is_text(text) and not (is_email(text) or is_url(text))


def _is_list_item(text: str) -> bool:
    return _is_words(text) and not is_prose(text)


def _is_handle(text: str) -> bool:
    return not is_boolean(text) and ("." in text or " " not in text)


_PLAUSIBLE_BY_KIND: Mapping[
    FieldKind, ValueTest
] = {  # loosely: a value that is merely written wrongly is to be refused by its row, not unmapped
    FieldKind.NAME: _is_words,
    FieldKind.LINE: _is_text,
    FieldKind.PARAGRAPHS: _is_text,
    FieldKind.URL: lambda text: "." in text and not is_email(text) and not is_number(text),
    FieldKind.EMAIL: lambda text: "@" in text or " at " in text,
    FieldKind.PHONE: lambda text: 7 <= count_digits(text) <= 30 and "@" not in text,
    FieldKind.YEAR: has_year,
    FieldKind.DATE: lambda text: count_digits(text) >= 3,
    FieldKind.NUMBER: lambda text: count_digits(text) > 0,
    FieldKind.TERMS: _is_list_item,
    FieldKind.REGIONS: _is_list_item,
    FieldKind.ADDRESS: _is_words,
    FieldKind.STREET: lambda text: not (is_boolean(text) or is_email(text) or is_url(text)),
    FieldKind.STATE: is_state,
    FieldKind.COUNTY: _is_words,
    FieldKind.POSTAL_CODE: lambda text: count_digits(text) > 0 and len(text) <= 12,
    FieldKind.COUNTRY: is_country,
    FieldKind.JSON: lambda text: text.startswith(("{", "[")),
}
_PLAUSIBLE_BY_FIELD: Mapping[str, ValueTest] = {
    "id": is_uuid,
    "slug": is_record_key,
    "parent": is_record_key,
    "source_id": lambda text: not is_prose(text),
    "location.city": lambda text: _is_words(text) and not count_digits(text),
    "contact.phone_extension": lambda text: count_digits(text) > 0,
    "identifier:US-EIN": lambda text: 7 <= count_digits(text) <= 10 and not any(sign.isalpha() for sign in text),
}
_CERTAIN_BY_KIND: Mapping[FieldKind, ValueTest] = {
    FieldKind.URL: is_url,
    FieldKind.EMAIL: is_email,
    FieldKind.PHONE: is_phone,
    FieldKind.STATE: is_state,
    FieldKind.POSTAL_CODE: is_postal_code,
    FieldKind.COUNTRY: is_country,
    FieldKind.ADDRESS: is_whole_address,
    FieldKind.STREET: is_street,
}


def contradicts_field(field: str, values: Sequence[str]) -> bool:
    """Whether these values can hardly be what the field holds. False of fewer than FEWEST."""
    could = _find_plausibility_test(field)
    return could is not None and len(values) >= MIN_CONTRADICTING_VALUES and matching_share(values, could) < MIN_PLAUSIBLE_SHARE


def is_plausible_for_field(field: str, values: Sequence[str]) -> bool:
    """Whether nearly all values could be what the field holds, as a heading needs that says little. False of none."""
    could = _find_plausibility_test(field)
    return bool(values) and (could is None or matching_share(values, could) >= MIN_SUPPORTING_SHARE)


def supports_field(field: str, values: Sequence[str]) -> bool:
    """Whether the values alone would make one think of this field."""
    surely = is_ein if field == "identifier:US-EIN" else _CERTAIN_BY_KIND.get(find_field_kind(field) or FieldKind.LINE)
    return surely is not None and matching_share(values, surely) >= MIN_SUPPORTING_SHARE


def _find_plausibility_test(field: str) -> ValueTest | None:
    if field.startswith("link:"):
        return _is_handle
    return (
        _build_choice_test(field)
        or _PLAUSIBLE_BY_FIELD.get(field)
        or _PLAUSIBLE_BY_KIND.get(find_field_kind(field) or FieldKind.ID)
    )
