"""Network, which publishes the directory, and Viewer, who sends the request."""

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
    CreditRecord(
        "Positions of postal codes and names of neighborhoods by GeoNames, under CC BY 4.0.", "https://www.geonames.org/"
    ),
    CreditRecord(
        "Regions, counties and metropolitan areas by the United States Census Bureau.", "https://www.census.gov/geographies.html"
    ),
)


def _resolve_organization(root: Snapshot) -> records.Organization:
    return require_network(root)


def _resolve_name(root: Snapshot) -> str:
    return require_network(root).name


def _resolve_languages(root: Snapshot) -> tuple[str, ...]:
    return LABEL_LANGUAGES


def _resolve_credits(root: Snapshot) -> tuple[CreditRecord, ...]:
    return CREDITS


@strawberry.type(description="A credit for data that the directory uses.")
class Credit:
    text: str = attribute_field("The text to display.")
    url: URL | None = attribute_field("The page to link to.")


@strawberry.type(description="The network that publishes this directory.")
class Network:
    name: str = computed_field(_resolve_name, "The name of the network.", cost=COMPUTED_POINTS)
    organization: Organization = computed_field(
        _resolve_organization, "The record of the network itself, which has the kind NETWORK.", cost=COMPUTED_POINTS
    )
    fictional: bool = attribute_field("Whether all data is fictional, for demonstrations and tests.")
    member_count: int = attribute_field("The number of active members.")
    version: str = attribute_field("The version of the directory. It changes whenever information visible to you changes.")
    languages: list[str] = computed_field(
        _resolve_languages, "The languages in which labels are available, as BCP 47 tags.", cost=COMPUTED_POINTS, length=2
    )
    credits: list[Credit] = computed_field(
        _resolve_credits, "Credits to display on every page that shows the data.", cost=COMPUTED_POINTS, length=2
    )


def _resolve_rate_limit(root: Snapshot, info: Info) -> Context:
    return info.context


def _resolve_limit(root: Context) -> int:
    return root.effective_budget.limit


def _resolve_remaining(root: Context) -> int:
    return max(0, root.effective_budget.remaining - root.cost)


def _resolve_reset_at(root: Context) -> dt.datetime:
    return root.effective_budget.reset_at


@strawberry.type(description="Your rate limit, in points. One point is about 10 µs of server time.")
class RateLimit:
    cost: int = attribute_field("The cost of this request.")
    limit: int = computed_field(_resolve_limit, "The number of points you can use per minute.", cost=COMPUTED_POINTS)
    remaining: int = computed_field(
        _resolve_remaining, "The number of points you have left after this request.", cost=COMPUTED_POINTS
    )
    reset_at: dt.datetime = computed_field(
        _resolve_reset_at, "When the full number of points is available again.", cost=COMPUTED_POINTS
    )


@strawberry.type(description="The client that sends the request.")
class Viewer:
    audience: Audience = attribute_field("The audience you belong to, which determines what you can see.")
    rate_limit: RateLimit = computed_field(
        _resolve_rate_limit, "The cost of this request and your remaining points.", cost=READ_POINTS
    )


def require_network(snapshot: Snapshot) -> records.Organization:
    """Return the record of the network. Raises Unavailable if the directory has none yet."""
    network = snapshot.get_organization(snapshot.network_id) if snapshot.network_id else None
    if network is None:
        raise Unavailable("This directory has no network yet. Load one with `directory seed`.")
    return network
