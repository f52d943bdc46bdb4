"""Network and Viewer: whose directory this is, and who is asking."""

import datetime as dt
from typing import NamedTuple

import strawberry

from directory import records
from directory.errors import Unavailable
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.vocabulary.terms import LABEL_LANGUAGES
from schema.context import Context, Info
from schema.fields import COMPUTED_POINTS, READ_POINTS, attribute_field, computed_field
from schema.types.organization import Organization
from schema.types.scalars import URL


class CreditRecord(NamedTuple):
    """The record behind Credit."""

    text: str
    url: str | None


CREDITS = (
    CreditRecord("Positions of postal codes by GeoNames, under CC BY 4.0.", "https://www.geonames.org/"),
    CreditRecord("Regions and counties by the United States Census Bureau.", "https://www.census.gov/geographies.html"),
)


def _resolve_organization(root: Snapshot) -> records.Organization:
    return require_network(root)


def _resolve_name(root: Snapshot) -> str:
    return require_network(root).name


def _resolve_languages(root: Snapshot) -> tuple[str, ...]:
    return LABEL_LANGUAGES


def _resolve_credits(root: Snapshot) -> tuple[CreditRecord, ...]:
    return CREDITS


@strawberry.type(description="Whom the directory thanks for data.")
class Credit:
    text: str = attribute_field("What to show.")
    url: URL | None = attribute_field("Where it leads.")


@strawberry.type(description="The network whose directory this is.")
class Network:
    name: str = computed_field(_resolve_name, "Its name.", cost=COMPUTED_POINTS)
    organization: Organization = computed_field(
        _resolve_organization, "Its own record, of kind NETWORK; it is no member of itself.", cost=COMPUTED_POINTS
    )
    fictional: bool = attribute_field("Whether everything here is made up, for trying and testing.")
    member_count: int = attribute_field("How many active members there are.")
    version: str = attribute_field("The state of the directory, as you see it: it changes when something you may see does.")
    languages: list[str] = computed_field(
        _resolve_languages, "The languages that labels are in, as BCP 47 tags.", cost=COMPUTED_POINTS, length=2
    )
    credits: list[Credit] = computed_field(
        _resolve_credits, "Whom to thank for data, on every page that shows it.", cost=COMPUTED_POINTS, length=2
    )


def _resolve_rate_limit(root: Snapshot, info: Info) -> Context:
    return info.context


def _resolve_limit(root: Context) -> int:
    return root.effective_budget.limit


def _resolve_remaining(root: Context) -> int:
    return max(0, root.effective_budget.remaining - root.cost)


def _resolve_reset_at(root: Context) -> dt.datetime:
    return root.effective_budget.reset_at


@strawberry.type(description="What asking costs, in points: one is about 10 µs of the server's time.")
class RateLimit:
    cost: int = attribute_field("What this request costs.")
    limit: int = computed_field(_resolve_limit, "How many points the asker may spend in a minute.", cost=COMPUTED_POINTS)
    remaining: int = computed_field(_resolve_remaining, "How many of them are left after this request.", cost=COMPUTED_POINTS)
    reset_at: dt.datetime = computed_field(_resolve_reset_at, "When all of them can be spent again.", cost=COMPUTED_POINTS)


@strawberry.type(description="Who is asking.")
class Viewer:
    audience: Audience = attribute_field("What the asker may see.")
    rate_limit: RateLimit = computed_field(
        _resolve_rate_limit, "What this request costs, and what the asker may still spend.", cost=READ_POINTS
    )


def require_network(snapshot: Snapshot) -> records.Organization:
    """Raises Unavailable where nobody said yet whose directory this is."""
    found = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    if found is None:
        raise Unavailable("Nobody said yet whose directory this is: it has no network. Load one with `directory seed`.")
    return found
