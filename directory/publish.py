"""What of a record an audience may see, and the published place.

Everything that leaves this directory passes here once, when a snapshot is built or the ledger notes a change; after that an
audience cannot be shown what its snapshot does not contain.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict, replace

from directory.gazetteer import Place, gazetteer
from directory.geo import Disclosure, Precision, coarser, stricter
from directory.records import (
    Address,
    Audience,
    Contact,
    Entry,
    KeptContact,
    Location,
    Organization,
    PrivatePlace,
    Profile,
    Relation,
    Site,
    Source,
)
from directory.regions import REGIONS
from directory.vocabulary import ISSUE_AREAS

DEFAULT_DISCLOSURE = Disclosure.CITY

_TELLS = {  # the finest precision that a disclosure lets be told
    Disclosure.EXACT: Precision.EXACT,
    Disclosure.POSTAL_CODE: Precision.POSTAL_CODE,
    Disclosure.CITY: Precision.CITY,
    Disclosure.COUNTY: Precision.COUNTY,
    Disclosure.STATE: Precision.STATE,
    Disclosure.HIDDEN: Precision.UNKNOWN,
}
_SHARED = Profile.__struct_fields__


class ChangeKind(StrEnum):
    ADDED = "ADDED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"


class SeenChange(Struct, frozen=True, gc=False):
    """The last change that an organization showed to one audience. `seq` counts that audience's changes alone."""

    seq: int
    at: datetime
    kind: ChangeKind
    organization_id: str


def publish(entry: Entry, audience: Audience, updated_at: datetime, visible: Callable[[str], bool]) -> Organization | None:
    """The organization as the audience sees it, or None where it does not exist for that audience.

    `updated_at` is when something that this audience sees last changed; `visible` says of an organization's id whether this
    audience sees it, and decides over the references of this one.
    """
    if not audience.sees(entry.audience):
        return None
    sites = [(site, disclosure(site, entry.issue_areas)) for site in entry.sites]
    contacts = tuple(_contact(contact) for contact in entry.contacts if audience.sees(contact.audience))
    parent = entry.parent if entry.parent and visible(entry.parent) else None
    relations = tuple(relation for relation in entry.relations if _told(relation, visible))
    withheld = {
        "locations": any(_withheld(site, told) for site, told in sites),
        "contacts": len(contacts) < len(entry.contacts),
        "parent": parent != entry.parent,
        "relations": len(relations) < len(entry.relations),
    }
    return Organization(
        **{field: getattr(entry, field) for field in _SHARED},
        locations=tuple(published_location(site, told) for site, told in sites),
        contacts=contacts,
        parent=parent,
        relations=relations,
        sources=_sources(entry.sources, withheld),
        updated_at=updated_at,
    )


def difference(before: Organization | None, after: Organization | None) -> ChangeKind | None:
    """What one audience sees of a change from one published record to the next; None when it sees nothing of it."""
    if before is None and after is None:
        return None
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    return None if replace(before, updated_at=after.updated_at) == after else ChangeKind.CHANGED


def disclosure(site: Site, issue_areas: tuple[str, ...]) -> Disclosure:
    """How much of a site may be told: what was decided for it, else the strictest default of its organization's themes.

    A city with a single standard ZIP code would tell the ZIP code, so that by default its county is told instead.
    """
    if site.disclosure is not None:
        return site.disclosure
    default = stricter(DEFAULT_DISCLOSURE, ISSUE_AREAS.disclosure(issue_areas) or DEFAULT_DISCLOSURE)
    city = _city(site)
    if default is Disclosure.CITY and city is not None and gazetteer().single_postal_code(city):
        return Disclosure.COUNTY
    return default


def published_location(site: Site, told: Disclosure) -> Location:
    """The site as every audience sees it, staff included. Only EXACT hands the true place on to what is published."""
    area = _area_location(replace(site, private=None), coarser(_TELLS[told], site.known), told)
    if told is Disclosure.EXACT and site.private is not None:
        return _exact_location(site, site.private, area)
    return area


def _exact_location(site: Site, private: PrivatePlace, area: Location) -> Location:
    """With the street in any case; where the true point is not known, at the area's point and as inexact as that."""
    address = replace(_address(site, Precision.POSTAL_CODE), street=private.street)
    if private.point is None:
        return replace(area, address=address)
    return Location(
        id=site.id,
        name=site.name,
        precision=site.known,
        regions=_regions(_county(site) or _city(site) or _state(site), site),
        address=address,
        point=private.point,
        is_primary=site.is_primary,
    )


def _area_location(site: Site, precision: Precision, told: Disclosure) -> Location:
    """The finest area that is known of the site and not finer than `precision`."""
    name = site.name if told is Disclosure.EXACT else None  # people name a place by its street or its purpose
    if told is Disclosure.HIDDEN:
        regions = _regions(_state(site), site)
        return Location(id=site.id, precision=Precision.UNKNOWN, regions=regions, address=_address(site, Precision.STATE))
    for finest, find in _AREAS:
        area = find(site) if finest.coarseness >= precision.coarseness else None
        if area is not None:
            return Location(
                id=site.id,
                name=name,
                precision=finest,
                regions=_regions(area, site),
                address=_address(site, finest, area),
                point=area.point,
                radius_km=area.radius_km,
                is_primary=site.is_primary,
            )
    return Location(
        id=site.id,
        name=name,
        precision=Precision.UNKNOWN,
        regions=_regions(None, site),
        # abroad the gazetteer knows no places: what may be told is told in words, without a point
        address=_address(site, Precision.UNKNOWN if site.country == "US" else precision),
        is_primary=site.is_primary,
    )


def _postal_code(site: Site) -> Place | None:
    return gazetteer().postal_code(site.postal_code) if site.country == "US" and site.postal_code else None


def _city(site: Site) -> Place | None:
    return gazetteer().city(site.city, site.state) if site.city and site.state else None


def _county(site: Site) -> Place | None:
    return gazetteer().county(site.county) if site.county else None


def _state(site: Site) -> Place | None:
    return gazetteer().state(site.state) if site.state else None


_AREAS: tuple[tuple[Precision, Callable[[Site], Place | None]], ...] = (
    (Precision.POSTAL_CODE, _postal_code),
    (Precision.CITY, _city),
    (Precision.COUNTY, _county),
    (Precision.STATE, _state),
)


def _regions(area: Place | None, site: Site) -> tuple[str, ...]:
    """The area's regions; where the gazetteer does not know the area, what the state or country alone tells."""
    if area is not None:
        return area.regions
    if site.state and REGIONS.get(site.state):
        return (site.state, *REGIONS.within(site.state))
    return (site.country,) if REGIONS.get(site.country) else ()


def _address(site: Site, finest: Precision, area: Place | None = None) -> Address:
    """The lines of an address down to `finest`; the county only where the published area lies in one."""
    tells = finest.coarseness
    county = next((code for code in area.regions if code.count("-") == 2 and code[-3:].isdigit()), None) if area else site.county
    return Address(
        country=site.country,
        state=site.state.partition("-")[2] if site.state and tells <= Precision.STATE.coarseness else None,
        county=REGIONS.require(county).name if county and tells <= Precision.COUNTY.coarseness else None,
        city=site.city if tells <= Precision.CITY.coarseness else None,
        postal_code=site.postal_code if tells <= Precision.POSTAL_CODE.coarseness else None,
    )


def _contact(contact: KeptContact) -> Contact:
    return Contact(**{field: value for field, value in asdict(contact).items() if field != "audience"})


def _told(relation: Relation, visible: Callable[[str], bool]) -> bool:
    return relation.organization is None or visible(relation.organization)


def _withheld(site: Site, told: Disclosure) -> bool:
    return told is Disclosure.HIDDEN or _TELLS[told].coarseness > site.known.coarseness


def _sources(sources: tuple[Source, ...], withheld: dict[str, bool]) -> tuple[Source, ...]:
    """A source leads to the fact, so that the source of a withheld fact is withheld with it."""
    return tuple(source for source in sources if not withheld.get(source.field, False))
