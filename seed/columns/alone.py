"""What columns hold that have no headings, by their values alone: only the unmistakable kinds.

Nobody says whose an e-mail address or telephone number is, so it is taken for a person's, which fewer people are shown.
"""

from collections.abc import Callable, Sequence

from seed.columns import contents
from seed.columns.candidates import ColumnCandidate, SampledColumn
from seed.columns.contents import matching_share

MIN_VALUES = 3  # values from which they tell anything
MIN_MATCHING_SHARE = 0.9  # share of values that must look like it
MIN_DISTINCT_NAMES = 0.8  # share of names that must differ: what repeats is a category
MIN_NAME_SHARE = 0.4  # share of names of organizations with a word that only these have
MAX_AVERAGE_NAME_LENGTH = 70  # characters on average
VALUES_ONLY_CONFIDENCE = 0.75  # confidence of what values alone say, times the share that says so

ValueTest = Callable[[str], bool]

_VALUE_KINDS: tuple[
    tuple[str, str, ValueTest], ...
] = (  # field, what its values are, how they look; the first that nearly all values fit
    ("contact.email", "e-mail addresses", contents.is_email),
    ("identifier:US-EIN", "EINs", contents.is_ein),
    ("website", "web addresses", contents.is_url),
    ("contact.phone", "telephone numbers", contents.is_phone),
    ("location.postal_code", "ZIP codes", contents.is_postal_code),
    ("location.state", "states", contents.is_state),
    ("location.address", "whole addresses", lambda text: contents.is_whole_address(text) and any(map(str.isalpha, text))),
    ("location.street", "street addresses", contents.is_street),
    ("location.city", "cities", contents.is_city),
)
_NAMES_DESCRIPTION = "names of organizations"


def find_candidates_by_values(columns: Sequence[SampledColumn]) -> list[ColumnCandidate]:
    """One for each column; without a field where the values could be several things.

    Names of organizations are looked for in one column only, the one that has most of them.
    """
    found = [_build_candidate_by_kind(column) for column in columns]
    nameable = [(_name_share(one.column), -one.column.position, one) for one in found if one.field in (None, "location.city")]
    if nameable:
        likeness, _, best = max(nameable, key=lambda entry: entry[:2])
        if likeness >= MIN_NAME_SHARE:
            found[found.index(best)] = _build_candidate(best.column, "name", _NAMES_DESCRIPTION, VALUES_ONLY_CONFIDENCE)
    return found


def describe_values(column: SampledColumn) -> str | None:
    """What nearly all values are, in words such as "e-mail addresses"; None where they could be several things."""
    kind = _find_kind(column)
    return kind[1] if kind else _NAMES_DESCRIPTION if _name_share(column) >= MIN_NAME_SHARE else None


def _build_candidate_by_kind(column: SampledColumn) -> ColumnCandidate:
    if kind := _find_kind(column):
        return _build_candidate(column, kind[0], kind[1], VALUES_ONLY_CONFIDENCE * kind[2])
    return ColumnCandidate(column, None, 0.0, f"the values of {column.name} do not say what they are")


def _find_kind(column: SampledColumn) -> tuple[str, str, float] | None:
    """The field, its words and the share of values that look like it."""
    shares = ((field, words, matching_share(column.values, looks)) for field, words, looks in _VALUE_KINDS)
    return next((found for found in shares if found[2] >= MIN_MATCHING_SHARE), None) if len(column.values) >= MIN_VALUES else None


def _name_share(column: SampledColumn) -> float:
    """The share of values that name an organization for certain; 0 where the column is no list of names at all."""
    values = column.values
    if len(values) < MIN_VALUES or len(set(values)) < MIN_DISTINCT_NAMES * len(values):
        return 0.0
    is_short = sum(map(len, values)) <= MAX_AVERAGE_NAME_LENGTH * len(values)
    return matching_share(values, contents.has_organization_word) if is_short else 0.0


def _build_candidate(column: SampledColumn, field: str, words: str, confidence: float) -> ColumnCandidate:
    return ColumnCandidate(column, field, confidence, f"the values of {column.name} look like {words}")
