"""Records as linked data: JSON-LD in the words of schema.org, one graph with a node for each organization.

`geo` is claimed for EXACT points alone: a program that reads it takes it for a door. Of all other places the address tells what
is published. What the graph is, of which day, and whether it is made up, stands in its first node, a Dataset.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import msgspec

from directory.geo import Precision
from directory.records import (
    Address,
    Contact,
    Identifier,
    Location,
    MembershipStatus,
    NameKind,
    Organization,
    OrganizationKind,
    RelationKind,
)
from directory.regions import REGIONS, RegionKind
from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, WORK_AREAS
from seed.writers.about import About
from seed.writers.stated import plain

CONTEXT = "https://schema.org"
TYPES: Mapping[OrganizationKind, str] = {
    OrganizationKind.UNION: "WorkersUnion",
    OrganizationKind.RESEARCH: "ResearchOrganization",
    OrganizationKind.PUBLIC_BODY: "GovernmentOrganization",
}
USUAL_TYPE = "NGO"
AREAS: Mapping[RegionKind, str] = {RegionKind.COUNTRY: "Country", RegionKind.STATE: "State"}
RELATIONS: Mapping[RelationKind, str] = {
    RelationKind.BRANCH_OF: "parentOrganization",
    RelationKind.FISCAL_SPONSOR: "sponsor",
    RelationKind.FUNDER: "funder",
}
TAX_ID = "US-EIN"

Node = dict[str, Any]


def write(organizations: Iterable[Organization], out: IO[bytes], about: About) -> None:
    """One document; each node stands on a line of its own."""
    out.write(b'{"@context": ' + msgspec.json.encode(CONTEXT) + b',\n"@graph": [\n' + msgspec.json.encode(_dataset(about)))
    for organization in organizations:
        out.write(b",\n" + msgspec.json.encode(node(organization, about)))
    out.write(b"\n]}\n")


def node(organization: Organization, about: About) -> Node:
    """The organization with its places, contacts and areas; what is not stated is not in it."""
    one = organization
    return _stated(
        {
            "@type": TYPES.get(one.kind, USUAL_TYPE),
            "@id": _iri(one.id),
            "name": one.name,
            "alternateName": [other.name for other in one.names if other.kind is not NameKind.LEGAL],
            "legalName": next((other.name for other in one.names if other.kind is NameKind.LEGAL), None),
            "description": one.description or one.summary,
            "disambiguatingDescription": one.summary if one.description else None,
            "url": one.website,
            "sameAs": [link.url for link in one.links],
            "foundingDate": str(one.founded) if one.founded else None,
            "taxID": next((known.value for known in one.identifiers if known.scheme == TAX_ID), None),
            "identifier": [_identifier(known) for known in one.identifiers],
            "knowsAbout": [term.label() for term in map(ISSUE_AREAS.require, one.issue_areas)],
            "keywords": [*map(_label, one.communities), *(WORK_AREAS.require(slug).label() for slug in one.work_areas)],
            "knowsLanguage": list(one.languages),
            "areaServed": [_area(code) for code in one.service_areas],
            "location": [_place(location) for location in one.locations],
            "contactPoint": [_contact(contact) for contact in one.contacts],
            "memberOf": _network(one, about),
            **_related(one, about.names),
        }
    )


def _stated(node: Node) -> Node:
    return {name: value for name, value in node.items() if value is not None and value != []}


def _iri(id: str) -> str:  # noqa: A002
    return f"urn:uuid:{id}"


def _label(community: str) -> str:
    return COMMUNITIES.require(community).label()


def _dataset(about: About) -> Node:
    made_up = "Every organization in this graph is made up." if about.fictional else None
    return _stated(
        {
            "@type": "Dataset",
            "name": about.title,
            "url": about.base_url,
            "version": about.version,
            "dateCreated": plain(about.exported_at),
            "description": made_up,
        }
    )


def _identifier(known: Identifier) -> Node:
    return {"@type": "PropertyValue", "propertyID": known.scheme, "value": known.value}


def _area(code: str) -> Node:
    region = REGIONS.require(code)
    return {"@type": AREAS.get(region.kind, "AdministrativeArea"), "name": region.name, "identifier": code}


def _place(location: Location) -> Node:
    point = location.point if location.precision is Precision.EXACT else None
    geo = {"@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude} if point else None
    address = _address(location.address) if location.address else None
    return _stated({"@type": "Place", "name": location.name, "address": address, "geo": geo})


def _address(address: Address) -> Node:
    return _stated(
        {
            "@type": "PostalAddress",
            "streetAddress": address.street,
            "addressLocality": address.city,
            "addressRegion": address.state,
            "postalCode": address.postal_code,
            "addressCountry": address.country,
        }
    )


def _contact(contact: Contact) -> Node:
    extension = f";ext={contact.phone_extension}" if contact.phone_extension else ""  # RFC 3966
    return _stated(
        {
            "@type": "ContactPoint",
            "contactType": contact.role,
            "name": contact.name,
            "email": contact.email,
            "telephone": f"{contact.phone}{extension}" if contact.phone else None,
            "availableLanguage": list(contact.languages),
        }
    )


def _network(organization: Organization, about: About) -> Node | None:
    if organization.membership.status is not MembershipStatus.ACTIVE or organization.kind is OrganizationKind.NETWORK:
        return None
    return _stated({"@type": "Organization", "name": about.title, "url": about.base_url})


def _related(organization: Organization, names: Mapping[str, str]) -> Node:
    found: dict[str, list[Node]] = {}
    for name, other in _relations(organization, names):
        found.setdefault(name, []).append(other)
    return dict(found)


def _relations(organization: Organization, names: Mapping[str, str]) -> Iterator[tuple[str, Node]]:
    if organization.parent:
        yield "parentOrganization", _other(organization.parent, names.get(organization.parent))
    for relation in organization.relations:
        name = RELATIONS.get(relation.kind)
        if name and relation.organization:
            yield name, _other(relation.organization, names.get(relation.organization))
        elif name:
            yield name, {"@type": "Organization", "name": relation.actor}


def _other(id: str, name: str | None) -> Node:  # noqa: A002
    return _stated({"@type": "Organization", "@id": _iri(id), "name": name})
