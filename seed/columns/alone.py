"""What columns hold that have no headings, by their values alone: only the unmistakable kinds.

Nobody says whose an e-mail address or telephone number is, so it is taken for a person's, which fewer people are shown.
"""

from collections.abc import Callable, Sequence

from seed.columns import contents
from seed.columns.candidates import Candidate, Column
from seed.columns.contents import share

FEWEST = 3  # values from which they tell anything
NEARLY_ALL = 0.9  # share of values that must look like it
DISTINCT = 0.8  # share of names that must differ: what repeats is a category
NAMES = 0.4  # share of names of organizations with a word that only these have
LONGEST_NAME = 70  # characters on average
BY_VALUES = 0.75  # confidence of what values alone say, times the share that says so

Looks = Callable[[str], bool]

_KINDS: tuple[tuple[str, str, Looks], ...] = (  # field, what its values are, how they look; the first that nearly all values fit
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
_NAMES = "names of organizations"


def alone(columns: Sequence[Column]) -> list[Candidate]:
    """One for each column; without a field where the values could be several things.

    Names of organizations are looked for in one column only, the one that has most of them.
    """
    found = [_by_kind(column) for column in columns]
    nameable = [
        (_likeness_to_names(one.column), -one.column.position, one) for one in found if one.field in (None, "location.city")
    ]
    if nameable:
        likeness, _, best = max(nameable, key=lambda entry: entry[:2])
        if likeness >= NAMES:
            found[found.index(best)] = _made(best.column, "name", _NAMES, BY_VALUES)
    return found


def looks_like(column: Column) -> str | None:
    """What nearly all values are, in words such as "e-mail addresses"; None where they could be several things."""
    kind = _kind(column)
    return kind[1] if kind else _NAMES if _likeness_to_names(column) >= NAMES else None


def _by_kind(column: Column) -> Candidate:
    if kind := _kind(column):
        return _made(column, kind[0], kind[1], BY_VALUES * kind[2])
    return Candidate(column, None, 0.0, f"the values of {column.name} do not say what they are")


def _kind(column: Column) -> tuple[str, str, float] | None:
    """The field, its words and the share of values that look like it."""
    shares = ((field, words, share(column.values, looks)) for field, words, looks in _KINDS)
    return next((found for found in shares if found[2] >= NEARLY_ALL), None) if len(column.values) >= FEWEST else None


def _likeness_to_names(column: Column) -> float:
    """The share of values that name an organization for certain; 0 where the column is no list of names at all."""
    values = column.values
    if len(values) < FEWEST or len(set(values)) < DISTINCT * len(values):
        return 0.0
    is_short = sum(map(len, values)) <= LONGEST_NAME * len(values)
    return share(values, contents.names_an_organization) if is_short else 0.0


def _made(column: Column, field: str, words: str, confidence: float) -> Candidate:
    return Candidate(column, field, confidence, f"the values of {column.name} look like {words}")
