"""Recognize the values of a column by their form, whatever its heading says."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

from directory.drafts.normalize import parse_ein
from directory.errors import AmbiguousPlace, BadInput
from directory.export.flat_fields import FieldKind, find_field_kind
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.clean.values.choices import CHOICE_FIELDS
from seed.mapping.headings import strip_field_number

MAX_TERM_LENGTH = 80  # characters of a tag; a longer text is prose
MIN_SENTENCE_WORDS = 8
SAMPLE_SIZE = 200  # values that are examined
MIN_PLAUSIBLE_SHARE = 0.25  # share of values that could belong to the heading's field; below it, they contradict the heading
MIN_CONTRADICTING_VALUES = 2  # a single value may be a slip
MIN_SUPPORTING_SHARE = 0.8  # share of values that certainly belong to the field

ValueTest = Callable[[str], bool]

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
EMPTY_VALUES = frozenset(_WORDS["nothing"])
_ORGANIZATION_WORDS = frozenset(_WORDS["organizations"].split())


def sample_values(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the first values with content, stripped, without placeholders such as "N/A"."""
    stripped = (cell.strip() for cell in cells)
    return tuple(islice((value for value in stripped if fold(value) not in EMPTY_VALUES), SAMPLE_SIZE))


def matching_share(values: Sequence[str], matches: Callable[[str], bool]) -> float:
    """Return the share of the values that match, 0 to 1; 0 without values."""
    return sum(map(matches, values)) / len(values) if values else 0.0


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Return whether it is formatted as a telephone number. Plain digits may be anything."""
    return _PHONE.fullmatch(text) is not None


def is_url(text: str) -> bool:
    return _URL.fullmatch(text) is not None


def is_ein(text: str) -> bool:
    """Return whether the text is an EIN with its hyphen. Nine digits alone may be any number."""
    return "-" in text and parse_ein(text) is not None


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def is_record_key(text: str) -> bool:
    """Return whether it could be the id or slug of a record here. A number alone is another system's."""
    return is_uuid(text) or (_SLUG.fullmatch(text) is not None and not text.isdigit())


def is_boolean(text: str) -> bool:
    return fold(text) in _BOOLEANS and not text.startswith("@")


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def is_prose(text: str) -> bool:
    """Return whether it is a sentence, or longer than a list of tags."""
    is_sentence = text.endswith(".") and text.count(" ") >= MIN_SENTENCE_WORDS
    return is_sentence or len(text) > MAX_TERM_LENGTH * (1 + len(_LIST_SEPARATORS.findall(text)))


def has_year(text: str) -> bool:
    return _YEAR.search(text) is not None


def count_digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


@lru_cache(maxsize=4096)
def is_state(text: str) -> bool:
    return any(region.kind is RegionKind.STATE for region in REGIONS.find(text))


@lru_cache(maxsize=4096)
def is_country(text: str) -> bool:
    return any(region.kind is RegionKind.COUNTRY for region in REGIONS.find(text))


@lru_cache(maxsize=4096)
def is_city(text: str) -> bool:
    """Return whether the gazetteer has a city with exactly this name in any state."""
    if fold(text).endswith(_COUNTY_SUFFIXES):
        return False
    try:
        return (get_gazetteer().find_exact_id(text) or "").startswith("city:")
    except AmbiguousPlace:
        return True


def is_postal_code(text: str) -> bool:
    """Return whether it is an existing ZIP code."""
    return _ZIP.fullmatch(text) is not None and get_gazetteer().find_postal_code(text) is not None


def is_street(text: str) -> bool:
    return _STREET.match(text) is not None and not is_whole_address(text)


def is_whole_address(text: str) -> bool:
    """Return whether it ends like an address that includes its city: in a ZIP code or ", GA"."""
    line = " ".join(text.split())
    state = _ENDS_IN_STATE.search(line)
    return _ENDS_IN_ZIP.search(line) is not None or (state is not None and is_state(state[1]))


def has_organization_word(text: str) -> bool:
    """Return whether it has a word that occurs in names of organizations rather than of people."""
    return not _ORGANIZATION_WORDS.isdisjoint(fold(text).split())


def is_choice(field: str) -> bool:
    """Return whether the values of the field are choices, such as a membership status. The field may have a number."""
    return strip_field_number(field) in CHOICE_FIELDS


def understands_choice(field: str, text: str) -> bool:
    """Return whether the text is understood as a value of the field. True for a field that is not a choice."""
    choice = CHOICE_FIELDS.get(strip_field_number(field))
    try:
        result = choice.parse(text) if choice else None
    except BadInput:
        return False
    return result is None or (result.value is not None and not result.reasons)


def guess_choice(field: str, text: str) -> object:
    """Return the choice that cleaning reads the text as, also if a person should confirm it; None if it does not."""
    try:
        return CHOICE_FIELDS[strip_field_number(field)].parse(text).value
    except BadInput:
        return None


def explain_choice(field: str, text: str, default: str = "See docs/importing.md for the words that can be used.") -> str:
    """Return which words the field takes, as cleaning says when it refuses the text; `default` if it does not refuse it."""
    try:
        CHOICE_FIELDS[strip_field_number(field)].parse(text)
    except BadInput as error:
        return error.user_message
    return default


def _build_choice_test(field: str) -> ValueTest | None:
    """Return a test for whether cleaning knows a value of this field; None for a field that is not a choice."""
    if strip_field_number(field) == "membership.status":  # also a word that a person should confirm, such as "Comp'd"
        return lambda text: guess_choice(field, text) is not None
    return partial(understands_choice, field) if is_choice(field) else None


def _is_text(text: str) -> bool:
    return not (is_boolean(text) or is_number(text))


def _is_words(text: str) -> bool:
    return _is_text(text) and not (is_email(text) or is_url(text))


def _is_list_item(text: str) -> bool:
    return _is_words(text) and not is_prose(text)


def _is_handle(text: str) -> bool:
    return not is_boolean(text) and ("." in text or " " not in text)


# Deliberately loose: a value that is only written wrongly should make its row be rejected, not leave the column unmapped.
_PLAUSIBLE_BY_KIND: Mapping[FieldKind, ValueTest] = {
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
    "identifier:US-EIN": lambda text: 7 <= count_digits(text) <= 10 and not any(character.isalpha() for character in text),
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
    """Return whether these can hardly be values of the field. False for fewer than MIN_CONTRADICTING_VALUES."""
    test = _find_plausibility_test(field)
    return test is not None and len(values) >= MIN_CONTRADICTING_VALUES and matching_share(values, test) < MIN_PLAUSIBLE_SHARE


def is_plausible_for_field(field: str, values: Sequence[str]) -> bool:
    """Return whether nearly all could be values of the field, which a vague heading requires. False without values."""
    test = _find_plausibility_test(field)
    return bool(values) and (test is None or matching_share(values, test) >= MIN_SUPPORTING_SHARE)


def supports_field(field: str, values: Sequence[str]) -> bool:
    """Return whether the values alone suggest the field."""
    test = is_ein if field == "identifier:US-EIN" else _CERTAIN_BY_KIND.get(find_field_kind(field) or FieldKind.LINE)
    return test is not None and matching_share(values, test) >= MIN_SUPPORTING_SHARE


def _find_plausibility_test(field: str) -> ValueTest | None:
    if field.startswith("link:"):
        return _is_handle
    return (
        _build_choice_test(field)
        or _PLAUSIBLE_BY_FIELD.get(field)
        or _PLAUSIBLE_BY_KIND.get(find_field_kind(field) or FieldKind.ID)
    )
