"""The values of an HSDS object, whatever a file has put there."""

from collections.abc import Iterable
from typing import Any

HsdsObject = dict[str, Any]


def read_text(value: object) -> str:
    """What is written there, as a line or paragraphs; "" where nothing is, or no plain value. 12.0 is "12"."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def list_objects(value: object) -> list[HsdsObject]:
    """The objects in a list; [] for what is no list. A single object counts as a list of it."""
    listed = [value] if isinstance(value, dict) else value
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def collect_objects(owners: Iterable[HsdsObject], field: str) -> list[HsdsObject]:
    """The objects that all of these hold in that field, in order."""
    return [one for owner in owners for one in list_objects(owner.get(field))]


def deduplicate_objects(candidates: Iterable[HsdsObject]) -> list[HsdsObject]:
    """Each object once: by its id where it has one, else by what it says. Of two with one id the one that says more."""
    kept: dict[str, HsdsObject] = {}
    for one in candidates:
        key = read_text(one.get("id")) or repr(one)
        if key not in kept or len(one) > len(kept[key]):
            kept[key] = one
    return list(kept.values())
