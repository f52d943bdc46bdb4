"""Care-of lines: remove the private person in whose care an organization receives its mail."""

import re

_MARKERS = r"%|c/o\b|in care of\b|attn\b:?"
_LEADING_STREET_MARKERS = r"attention:?|a/c|a la atención de"  # too common inside names and streets to count anywhere else
_IN_NAME = re.compile(rf"(?<!\S)(?:{_MARKERS}).*", re.IGNORECASE)
_IN_STREET = re.compile(rf"^(?:{_LEADING_STREET_MARKERS})\s*|(?<!\S)(?:{_MARKERS})\s*", re.IGNORECASE)
_PERSON = re.compile(r"[^,\n\d]*(?:[,\n]\s*)?")
_HOUSE_NUMBER_ALONE = re.compile(r"\d\S*\s*")


def remove_care_of_from_name(name: str) -> str:
    """Return the name without its care-of line; "" when nothing else is left."""
    care_of = _IN_NAME.search(name)
    return name[: care_of.start()].rstrip(" ,;-") if care_of else name


def remove_care_of_from_street(street: str) -> str:
    """Return the street without its care-of line; "" when nothing else is left.

    Nothing marks the end of a care-of line. If a street with a number comes before it, return that street. Otherwise return
    what follows the person's name, which ends at the first comma or number.
    """
    care_of = _IN_STREET.search(street)
    if care_of is None:
        return street
    before = street[: care_of.start()].rstrip(" ,;-")
    if any(character.isdigit() for character in before):
        return before
    after = _PERSON.sub("", street[care_of.end() :], count=1)
    return "" if _HOUSE_NUMBER_ALONE.fullmatch(after) else after
