"""The organizations that members look for in the stories, in Georgia and Illinois, and a campaign. None of them exists."""

import datetime as dt

from directory.geo import Precision
from directory.kinds.event import EventHost
from directory.records import StoredOrganization, StoredRecord
from directory.vocabulary.choices import CoalitionKind
from tests.builders import NOW, a_stored_coalition, a_stored_event, a_stored_location, a_stored_organization, an_id

SEED = 7  # of the fictional network that they are added to


def _in_city(name: str, city: str, county: str, **fields: object) -> StoredOrganization:
    site = a_stored_location(city, county[:5], county=county, known=Precision.CITY)
    return a_stored_organization(name, sites=(site,), issue_areas=("tenants",), verified_at=NOW, **fields)


CIRCLE = _in_city(
    "Peachtree Renters Circle",
    "Atlanta",
    "US-GA-121",
    summary="Renters of Atlanta meet every week and stop evictions together.",
    communities=("tenants", "black"),
    service_areas=("US-GA-121",),
    website="https://circle.example/",
)
COUNCIL = _in_city(
    "Marietta Tenants Council",
    "Marietta",
    "US-GA-067",
    summary="Immigrant families who rent in Cobb County defend their homes.",
    communities=("tenants", "immigrants-refugees"),
    service_areas=("US-GA-067",),
)
TABLE = _in_city(
    "Decatur Eviction Table",
    "Decatur",
    "US-GA-089",
    summary="Answers renters who have been told to leave.",
    communities=("people-in-poverty",),
    service_areas=("US-GA-089",),
)
CAMPAIGN = a_stored_coalition(
    "Atlanta Renters Campaign",
    kind=CoalitionKind.CAMPAIGN,
    members=(CIRCLE.name, COUNCIL.name),
    summary="Renters of the city work for a law on evictions.",
    issue_areas=("tenants",),
)
ASSEMBLY = a_stored_event(
    "Yearly Assembly",
    starts_at=dt.datetime.now(dt.UTC).replace(hour=23, minute=0, second=0, microsecond=0) + dt.timedelta(days=10),
    time_zone="America/New_York",
    sites=(a_stored_location("Atlanta", "US-GA", id=an_id("assembly"), county="US-GA-121", known=Precision.CITY),),
    issue_areas=("tenants",),
    hosts=(EventHost(organization=CIRCLE.id),),
    coalition=CAMPAIGN.id,
)
STORY_RECORDS: tuple[StoredRecord, ...] = (CIRCLE, COUNCIL, TABLE, CAMPAIGN, ASSEMBLY)
