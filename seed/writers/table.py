"""Records as a table for people and their spreadsheets, and to be read back: one row an organization.

After the plain columns (flat.py) stand what is published of the first place and when the record changed, which nobody states and
reading back leaves aside, and at the end `rest`.
"""

from collections.abc import Iterable, Iterator

import msgspec

from directory.records import Audience, Location, Organization
from seed.writers.flat import CELL_LIMIT, COLUMNS, cells, pieces, rest, rest_columns, size
from seed.writers.stated import as_stated, plain

SPARED = 2  # a record as it is stated has not twice the bytes of the record as it is
PUBLISHED = "published."  # how the headings begin that are for reading only
UPDATED_AT = f"{PUBLISHED}updated_at"
READ_ONLY = (*(f"{PUBLISHED}{field}" for field in ("precision", "latitude", "longitude", "radius_km")), UPDATED_AT)


def headings(organizations: Iterable[Organization], audience: Audience) -> tuple[str, ...]:
    """As many columns for the rest as the largest of these records may need."""
    large = (one for one in organizations if SPARED * len(msgspec.json.encode(one)) > CELL_LIMIT)
    largest = max((size(as_stated(one, audience)) for one in large), default=0)
    return (*COLUMNS, *READ_ONLY, *rest_columns(largest))


def rows(organizations: Iterable[Organization], audience: Audience) -> Iterator[list[str]]:
    """The cells of each record under the headings; the last ones, where the rest needs fewer, are not there."""
    for organization in organizations:
        record = as_stated(organization, audience)
        plain_cells = cells(record)
        yield [*plain_cells.values(), *_published(organization), *_rest(record, plain_cells)]


def _rest(record: dict[str, object], plain_cells: dict[str, str]) -> Iterator[str]:
    if beyond := rest(record, plain_cells):
        yield from pieces(msgspec.json.encode(beyond).decode())


def _published(organization: Organization) -> Iterator[str]:
    yield from _place(organization.locations[0]) if organization.locations else [""] * 4
    yield plain(organization.updated_at)


def _place(location: Location) -> Iterator[str]:
    yield location.precision.value
    yield str(location.point.latitude) if location.point else ""
    yield str(location.point.longitude) if location.point else ""
    yield "" if location.radius_km is None else str(location.radius_km)
