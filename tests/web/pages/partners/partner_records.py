"""Organizations that look for partners, with some that not everyone sees."""

import datetime as dt

from directory.geo import Disclosure
from directory.records import (
    Audience,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationName,
    Relation,
    RelationKind,
    SearchEngines,
    StoredOrganization,
)
from tests.builders import a_stored_location, a_stored_organization, an_id

VERIFIED = dt.datetime.now(dt.UTC) - dt.timedelta(days=40)


def an_office(name: str, county: str = "US-GA-121", city: str = "Atlanta", **fields: object) -> StoredOrganization:
    place = a_stored_location(city, state=county[:5], county=county, id=an_id(f"{fields.get('id', name)}, {city}"))
    values = {"sites": (place,), "issue_areas": ("tenants",), "verified_at": VERIFIED, **fields}
    return a_stored_organization(name, **values)


HARBOR = an_office(
    "Harbor Tenants Union",
    names=(OrganizationName("Harbor Renters", NameKind.FORMER),),
    communities=("tenants",),
    work_areas=("organizing",),
    service_areas=("US-GA",),
    seeks="legal services",
    offers="organizing",
    relations=(Relation(RelationKind.PARTNER, organization=an_id("Known Partner")),),
)
ROOF = an_office(
    "Roof Committee",
    issue_areas=("tenants", "health"),
    communities=("tenants", "elders"),
    work_areas=("organizing", "legal-services"),
    service_areas=("US-GA-121",),
    offers="Legal services on weekends",
    seeks="organizing",
)
CLINIC = an_office("Savannah Clinic", "US-GA-051", "Savannah", issue_areas=("housing", "migration"))
QUIET = an_office("Quiet House", search_engines=SearchEngines.REFUSED)
KNOWN = an_office("Known Partner")
STATEWIDE = a_stored_organization(
    "Statewide Choir", issue_areas=("faith",), sites=(a_stored_location(disclosure=Disclosure.STATE, id=an_id("statewide")),)
)
BRANCH = an_office("Harbor Branch", parent=HARBOR.id)
SECRET = an_office("Secret Shelter", audience=Audience.MEMBERS)
LEFT = an_office("Left Long Ago", membership=Membership(MembershipStatus.LAPSED))
SILENT = a_stored_organization("Silent Group")
TWINS = [
    an_office("Twin Group", slug=f"twin-group-{number}", id=an_id(f"twin {number}"), issue_areas=("health",)) for number in (1, 2)
]
SAFE_HOME = an_office("Safe Home", issue_areas=("gender-violence",))
MANY = [
    a_stored_organization(f"Water Watch {number:02}", issue_areas=("environment",), verified_at=VERIFIED) for number in range(25)
]
RECORDS = (HARBOR, ROOF, CLINIC, QUIET, KNOWN, BRANCH, SECRET, LEFT, SILENT, *TWINS, SAFE_HOME, STATEWIDE, *MANY)
