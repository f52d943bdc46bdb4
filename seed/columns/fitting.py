"""Whether the values of a column support what its heading says, or speak against it."""

from collections.abc import Callable, Mapping, Sequence

from directory.errors import BadInput
from seed.clean import choices
from seed.clean.mended import Mended
from seed.columns import contents
from seed.columns.contents import digits, is_boolean, is_country, is_email, is_number, is_prose, is_state, is_url, share
from seed.fields import Kind, kind

SPEAKS_AGAINST = 0.25  # share of values that could be what the heading says, below which it says something else
FEWEST = 2  # values that can speak against a heading; a single one may be a slip
SUPPORTS = 0.8  # share of values that surely are

Looks = Callable[[str], bool]

_CHOICES: Mapping[str, Callable[[str], Mended[object]]] = {
    "kind": choices.organization_kind,
    "membership.status": choices.membership,
    "audience": choices.audience,
    "contact.audience": choices.audience,
    "verification_method": choices.verification_method,
    "location.disclosure": choices.disclosure,
}


def _is_choice(field: str) -> Looks | None:
    """Whether cleaning would know the value of this field; None for a field that is no choice."""
    read = _CHOICES.get(field)
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


def _is_listed(text: str) -> bool:
    return _is_words(text) and not is_prose(text)


def _is_handle(text: str) -> bool:
    return not is_boolean(text) and ("." in text or " " not in text)


_COULD: Mapping[Kind, Looks] = {  # loosely: a value that is merely written wrongly is to be refused by its row, not unmapped
    Kind.NAME: _is_words,
    Kind.LINE: _is_text,
    Kind.PARAGRAPHS: _is_text,
    Kind.URL: lambda text: "." in text and not is_email(text) and not is_number(text),
    Kind.EMAIL: lambda text: "@" in text or " at " in text,
    Kind.PHONE: lambda text: 7 <= digits(text) <= 30 and "@" not in text,
    Kind.YEAR: contents.has_year,
    Kind.DATE: lambda text: digits(text) >= 3,
    Kind.NUMBER: lambda text: digits(text) > 0,
    Kind.TERMS: _is_listed,
    Kind.REGIONS: _is_listed,
    Kind.ADDRESS: _is_words,
    Kind.STREET: lambda text: not (is_boolean(text) or is_email(text) or is_url(text)),
    Kind.STATE: is_state,
    Kind.COUNTY: _is_words,
    Kind.POSTAL_CODE: lambda text: digits(text) > 0 and len(text) <= 12,
    Kind.COUNTRY: is_country,
    Kind.JSON: lambda text: text.startswith(("{", "[")),
}
_COULD_OF_FIELD: Mapping[str, Looks] = {
    "id": contents.is_uuid,
    "slug": contents.is_key,
    "parent": contents.is_key,
    "source_id": lambda text: not is_prose(text),
    "location.city": lambda text: _is_words(text) and not digits(text),
    "contact.phone_extension": lambda text: digits(text) > 0,
    "identifier:US-EIN": lambda text: 7 <= digits(text) <= 10 and not any(sign.isalpha() for sign in text),
}
_SURELY: Mapping[Kind, Looks] = {
    Kind.URL: is_url,
    Kind.EMAIL: is_email,
    Kind.PHONE: contents.is_phone,
    Kind.STATE: is_state,
    Kind.POSTAL_CODE: contents.is_postal_code,
    Kind.COUNTRY: is_country,
    Kind.ADDRESS: contents.is_whole_address,
    Kind.STREET: contents.is_street,
}


def contradicted(field: str, values: Sequence[str]) -> bool:
    """Whether these values can hardly be what the field holds. False of fewer than FEWEST."""
    could = _could(field)
    return could is not None and len(values) >= FEWEST and share(values, could) < SPEAKS_AGAINST


def borne_out(field: str, values: Sequence[str]) -> bool:
    """Whether nearly all values could be what the field holds, as a heading needs that says little. False of none."""
    could = _could(field)
    return bool(values) and (could is None or share(values, could) >= SUPPORTS)


def supported(field: str, values: Sequence[str]) -> bool:
    """Whether the values alone would make one think of this field."""
    surely = contents.is_ein if field == "identifier:US-EIN" else _SURELY.get(kind(field) or Kind.LINE)
    return surely is not None and share(values, surely) >= SUPPORTS


def _could(field: str) -> Looks | None:
    if field.startswith("link:"):
        return _is_handle
    return _is_choice(field) or _COULD_OF_FIELD.get(field) or _COULD.get(kind(field) or Kind.ID)
