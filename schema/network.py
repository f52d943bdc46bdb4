"""Network and Viewer: whose directory this is, and who is asking."""

import datetime as dt
from typing import NamedTuple

import strawberry

from directory import records
from directory.errors import Unavailable
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.vocabulary import LABEL_LANGUAGES
from schema.context import Context, Info
from schema.fields import COMPUTED, READ, attribute, computed
from schema.organization import Organization
from schema.scalars import URL


class Attribution(NamedTuple):
    """The record behind Credit."""

    text: str
    url: str | None


CREDITS = (
    Attribution("Positions of postal codes by GeoNames, under CC BY 4.0.", "https://www.geonames.org/"),
    Attribution("Regions and counties by the United States Census Bureau.", "https://www.census.gov/geographies.html"),
)


def _organization(root: Snapshot) -> records.Organization:
    return network_of(root)


def _name(root: Snapshot) -> str:
    return network_of(root).name


def _languages(root: Snapshot) -> tuple[str, ...]:
    return LABEL_LANGUAGES


def _credits(root: Snapshot) -> tuple[Attribution, ...]:
    return CREDITS


@strawberry.type(description="Whom the directory thanks for data.")
class Credit:
    text: str = attribute("What to show.")
    url: URL | None = attribute("Where it leads.")


@strawberry.type(description="The network whose directory this is.")
class Network:
    name: str = computed(_name, "Its name.", cost=COMPUTED)
    organization: Organization = computed(
        _organization, "Its own record, of kind NETWORK; it is no member of itself.", cost=COMPUTED
    )
    fictional: bool = attribute("Whether everything here is made up, for trying and testing.")
    member_count: int = attribute("How many active members there are.")
    version: str = attribute("The state of the directory, as you see it: it changes when something you may see does.")
    languages: list[str] = computed(_languages, "The languages that labels are in, as BCP 47 tags.", cost=COMPUTED, length=2)
    credits: list[Credit] = computed(_credits, "Whom to thank for data, on every page that shows it.", cost=COMPUTED, length=2)


def _rate_limit(root: Snapshot, info: Info) -> Context:
    return info.context


def _limit(root: Context) -> int:
    return root.spendable.limit


def _remaining(root: Context) -> int:
    return max(0, root.spendable.remaining - root.cost)


def _reset_at(root: Context) -> dt.datetime:
    return root.spendable.reset_at


@strawberry.type(description="What asking costs, in points: one is about 10 µs of the server's time.")
class RateLimit:
    cost: int = attribute("What this request costs.")
    limit: int = computed(_limit, "How many points the asker may spend in a minute.", cost=COMPUTED)
    remaining: int = computed(_remaining, "How many of them are left after this request.", cost=COMPUTED)
    reset_at: dt.datetime = computed(_reset_at, "When all of them can be spent again.", cost=COMPUTED)


@strawberry.type(description="Who is asking.")
class Viewer:
    audience: Audience = attribute("What the asker may see.")
    rate_limit: RateLimit = computed(_rate_limit, "What this request costs, and what the asker may still spend.", cost=READ)


def network_of(snapshot: Snapshot) -> records.Organization:
    """Raises Unavailable where nobody said yet whose directory this is."""
    found = snapshot.organization(snapshot.network_id) if snapshot.network_id else None
    if found is None:
        raise Unavailable("Nobody said yet whose directory this is: it has no network. Load one with `directory seed`.")
    return found
