"""The rules of HSDS 3.1 for each object (docs.openreferral.org): required fields, formats and closed lists."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

REQUIRED_FIELDS = {
    "organization": ("id", "name", "description"),
    "services": ("id", "name", "status"),
    "locations": ("id", "location_type"),
    "location": ("id", "location_type"),
    "addresses": ("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    "contacts": ("id",),
    "phones": ("id", "number"),
    "languages": ("id",),
    "service_areas": ("id",),
    "service_at_locations": ("id",),
    "organization_identifiers": ("id", "identifier_type", "identifier"),
    "additional_websites": ("id", "url"),
    "attributes": ("id",),
    "taxonomy_term": ("id", "name", "description"),
    "metadata": (
        *("id", "last_action_date", "last_action_type", "field_name"),
        *("previous_value", "replacement_value", "updated_by"),
    ),
}
CLOSED_LISTS = {
    "status": {"active", "inactive", "defunct", "temporarily closed"},
    "location_type": {"physical", "postal", "virtual"},
    "address_type": {"physical", "postal", "virtual"},
}
NUMBER_FIELDS = ("latitude", "longitude", "year_incorporated", "extension")
_URI = re.compile(r"https?://\S+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def find_violations(record: Any, kind: str = "organization", path: str = "") -> Iterator[str]:
    """Yield a description of each rule that the object or an object in it breaks."""
    yield from (f"{path}{field} is missing" for field in REQUIRED_FIELDS[kind] if record.get(field) in (None, ""))
    for field, value in record.items():
        where = f"{path}{field}"
        if isinstance(value, dict | list):
            for nested in value if isinstance(value, list) else [value]:
                yield from find_violations(nested, field, f"{where}.")
        elif not _is_valid(field, value):
            yield f"{where}: {value!r}"


def _is_valid(field: str, value: Any) -> bool:
    if field == "id" or field.endswith("_id"):
        return bool(str(UUID(value)) == value)
    if field in CLOSED_LISTS:
        return value in CLOSED_LISTS[field]
    if field in ("website", "url", "uri"):
        return bool(_URI.fullmatch(value))
    if field in ("assured_date", "last_action_date"):
        return bool(_DAY.fullmatch(value))
    return isinstance(value, int | float if field in NUMBER_FIELDS else str) and value != ""
