"""Whether the values of a column support what its heading says, or speak against it."""

from collections.abc import Callable, Mapping, Sequence

from directory.errors import BadInput
from seed.clean import choices
from seed.clean.mended import CleaningResult
from seed.columns import contents
from seed.columns.contents import (
    count_digits,
    is_boolean,
    is_country,
    is_email,
    is_number,
    is_prose,
    is_state,
    is_url,
    matching_share,
)
from seed.fields import FieldKind, find_field_kind

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
    FieldKind.YEAR: contents.has_year,
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
    "id": contents.is_uuid,
    "slug": contents.is_record_key,
    "parent": contents.is_record_key,
    "source_id": lambda text: not is_prose(text),
    "location.city": lambda text: _is_words(text) and not count_digits(text),
    "contact.phone_extension": lambda text: count_digits(text) > 0,
    "identifier:US-EIN": lambda text: 7 <= count_digits(text) <= 10 and not any(sign.isalpha() for sign in text),
}
_CERTAIN_BY_KIND: Mapping[FieldKind, ValueTest] = {
    FieldKind.URL: is_url,
    FieldKind.EMAIL: is_email,
    FieldKind.PHONE: contents.is_phone,
    FieldKind.STATE: is_state,
    FieldKind.POSTAL_CODE: contents.is_postal_code,
    FieldKind.COUNTRY: is_country,
    FieldKind.ADDRESS: contents.is_whole_address,
    FieldKind.STREET: contents.is_street,
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
    surely = contents.is_ein if field == "identifier:US-EIN" else _CERTAIN_BY_KIND.get(find_field_kind(field) or FieldKind.LINE)
    return surely is not None and matching_share(values, surely) >= MIN_SUPPORTING_SHARE


def _find_plausibility_test(field: str) -> ValueTest | None:
    if field.startswith("link:"):
        return _is_handle
    return (
        _build_choice_test(field)
        or _PLAUSIBLE_BY_FIELD.get(field)
        or _PLAUSIBLE_BY_KIND.get(find_field_kind(field) or FieldKind.ID)
    )
