"""Read the values of an HSDS object, whatever type a file gives them."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from directory.errors import BadInput
from seed.clean.values import dates

HsdsObject = dict[str, Any]
_LIST_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?[,;]\s*")


def read_text(value: object) -> str:
    """Return a value as text; "" for a missing value or one that is not plain. 12.0 is "12"."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def read_date(value: object) -> dt.date | None:
    """Return a value as a date; None when it is missing or not a date."""
    text = read_text(value)
    try:
        return dates.parse_date(text).value if text else None
    except BadInput:
        return None


def split_list(text: str) -> list[str]:
    """Return the parts of a text separated by commas or semicolons, as Ohana lists values. Parts may be empty."""
    return _LIST_SEPARATOR.split(text)


def list_objects(value: object) -> list[HsdsObject]:
    """Return the objects in a list; [] for anything else. A single object counts as a list of one."""
    items = [value] if isinstance(value, dict) else value
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def collect_objects(owners: Iterable[HsdsObject], field: str) -> list[HsdsObject]:
    """Return the objects in that field of all owners, in order."""
    return [item for owner in owners for item in list_objects(owner.get(field))]


def deduplicate_objects(candidates: Iterable[HsdsObject]) -> list[HsdsObject]:
    """Return each object once, by its id or else by its content. Of two with one id, the one with more fields is kept."""
    distinct: dict[str, HsdsObject] = {}
    for candidate in candidates:
        key = read_text(candidate.get("id")) or repr(candidate)
        if key not in distinct or len(candidate) > len(distinct[key]):
            distinct[key] = candidate
    return list(distinct.values())
