"""The fictional network that the tests of this folder look at.

It is generated when a test first needs it, once in each process: collecting the tests must not take long.
"""

import datetime as dt
from functools import cache

from cli.fictional.coalitions import build_coalitions
from cli.fictional.events import build_events
from cli.fictional.organizations import generate_fictional_organizations
from directory.kinds.coalition import StoredCoalition
from directory.kinds.event import StoredEvent
from directory.records import StoredLocation, StoredOrganization

NOW = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
COUNT = 5_000


@cache
def list_organizations() -> list[StoredOrganization]:
    """Return all organizations; the first is the network itself."""
    return list(generate_fictional_organizations(COUNT, now=NOW))


def list_members() -> list[StoredOrganization]:
    return list_organizations()[1:]


@cache
def list_coalitions() -> list[StoredCoalition]:
    return build_coalitions(list_organizations(), now=NOW)


@cache
def list_events() -> list[StoredEvent]:
    return build_events(list_organizations(), list_coalitions(), now=NOW)


@cache
def index_organizations() -> dict[str, StoredOrganization]:
    return {organization.id: organization for organization in list_organizations()}


def list_sites() -> list[StoredLocation]:
    return [site for organization in list_members() for site in organization.sites]
