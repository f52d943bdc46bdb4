"""Records as a table for people and their spreadsheets, and to be read back: one row an organization.

After the plain columns (flat.py) stand what is published of the first place and when the record changed, which nobody states and
reading back leaves aside, and at the end `rest`.
"""

from collections.abc import Iterable, Iterator

import msgspec

from directory.records import Audience, Location, Organization
from seed.writers.flat import CELL_LIMIT, COLUMNS, extract_rest, format_record, list_rest_columns, max_rest_size, split_into_cells
from seed.writers.stated import to_draft_fields, to_json_value

MAX_GROWTH = 2  # a record as it is stated has not twice the bytes of the record as it is
PUBLISHED_PREFIX = "published."  # how the headings begin that are for reading only
UPDATED_AT_COLUMN = f"{PUBLISHED_PREFIX}updated_at"
READ_ONLY_COLUMNS = (
    *(f"{PUBLISHED_PREFIX}{field}" for field in ("precision", "latitude", "longitude", "radius_km")),
    UPDATED_AT_COLUMN,
)


def build_headings(organizations: Iterable[Organization], audience: Audience) -> tuple[str, ...]:
    """As many columns for the rest as the largest of these records may need."""
    large = (one for one in organizations if MAX_GROWTH * len(msgspec.json.encode(one)) > CELL_LIMIT)
    largest = max((max_rest_size(to_draft_fields(one, audience)) for one in large), default=0)
    return (*COLUMNS, *READ_ONLY_COLUMNS, *list_rest_columns(largest))


def build_rows(organizations: Iterable[Organization], audience: Audience) -> Iterator[list[str]]:
    """The cells of each record under the headings; the last ones, where the rest needs fewer, are not there."""
    for organization in organizations:
        record = to_draft_fields(organization, audience)
        plain_cells = format_record(record)
        yield [*plain_cells.values(), *_published_cells(organization), *_rest_cells(record, plain_cells)]


def _rest_cells(record: dict[str, object], plain_cells: dict[str, str]) -> Iterator[str]:
    if beyond := extract_rest(record, plain_cells):
        yield from split_into_cells(msgspec.json.encode(beyond).decode())


def _published_cells(organization: Organization) -> Iterator[str]:
    yield from _location_cells(organization.locations[0]) if organization.locations else [""] * 4
    yield to_json_value(organization.updated_at)


def _location_cells(location: Location) -> Iterator[str]:
    yield location.precision.value
    yield str(location.point.latitude) if location.point else ""
    yield str(location.point.longitude) if location.point else ""
    yield "" if location.radius_km is None else str(location.radius_km)
