"""Export as linked data: JSON-LD in the schema.org vocabulary, one graph with a node for each organization.

Only EXACT points are exported as `geo`, because programs treat it as the exact place. Other locations have only their published
address. The first node is a Dataset: it gives the title and date of the export, and says if the data is fictional.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import msgspec

from directory.export.draft_fields import to_json_value
from directory.export.export_info import ExportInfo
from directory.fields import FIELDS, SchemaNode
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
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS

CONTEXT = "https://schema.org"
ORGANIZATION_TYPES: Mapping[OrganizationKind, str] = {
    OrganizationKind.UNION: "WorkersUnion",
    OrganizationKind.RESEARCH: "ResearchOrganization",
    OrganizationKind.PUBLIC_BODY: "GovernmentOrganization",
}
DEFAULT_TYPE = "NGO"
AREA_TYPES: Mapping[RegionKind, str] = {RegionKind.COUNTRY: "Country", RegionKind.STATE: "State"}
RELATION_PROPERTIES: Mapping[RelationKind, str] = {
    RelationKind.BRANCH_OF: "parentOrganization",
    RelationKind.FISCAL_SPONSOR: "sponsor",
    RelationKind.FUNDER: "funder",
}
TAX_ID_SCHEME = "US-EIN"

Node = dict[str, Any]


def write(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write one document, with each node on its own line."""
    out.write(b'{"@context": ' + msgspec.json.encode(CONTEXT) + b',\n"@graph": [\n' + msgspec.json.encode(_build_dataset(info)))
    for organization in organizations:
        out.write(b",\n" + msgspec.json.encode(build_node(organization, info)))
    out.write(b"\n]}\n")


def build_node(organization: Organization, info: ExportInfo) -> Node:
    """Return the node of an organization, without empty properties."""
    return _drop_empty(
        {
            "@type": ORGANIZATION_TYPES.get(organization.kind, DEFAULT_TYPE),
            "@id": _iri(organization.id),
            "name": organization.name,
            "alternateName": [other.name for other in organization.names if other.kind is not NameKind.LEGAL],
            "legalName": next((other.name for other in organization.names if other.kind is NameKind.LEGAL), None),
            "description": organization.description or organization.summary,
            "disambiguatingDescription": organization.summary if organization.description else None,
            "url": organization.website,
            "sameAs": [link.url for link in organization.links],
            "foundingDate": str(organization.founded) if organization.founded else None,
            "taxID": next((known.value for known in organization.identifiers if known.scheme == TAX_ID_SCHEME), None),
            "identifier": [_build_identifier(identifier) for identifier in organization.identifiers],
            **_build_text_nodes(organization),
            "knowsAbout": [term.label() for term in map(ISSUE_AREAS.require, organization.issue_areas)],
            "keywords": [
                *(COMMUNITIES.require(slug).label() for slug in organization.communities),
                *(WORK_AREAS.require(slug).label() for slug in organization.work_areas),
            ],
            "knowsLanguage": list(organization.languages),
            "areaServed": [_build_area(code) for code in organization.service_areas],
            "location": [_build_location(location) for location in organization.locations],
            "contactPoint": [_build_contact(contact) for contact in organization.contacts],
            "memberOf": _build_network(organization, info),
            **_group_relations(organization, info.names),
        }
    )


def _build_text_nodes(organization: Organization) -> Node:
    """Return the texts that the field registry places in nodes of their own."""
    texts = [(field.json_ld, getattr(organization, name)) for name, field in FIELDS.items()]
    return {
        place.property: {"@type": place.type, "description": text}
        for place, text in texts
        if isinstance(place, SchemaNode) and text
    }


def _drop_empty(node: Node) -> Node:
    return {name: value for name, value in node.items() if value is not None and value != []}


def _iri(id: str) -> str:
    return f"urn:uuid:{id}"


def _build_dataset(info: ExportInfo) -> Node:
    description = "Every organization in this graph is made up." if info.fictional else None
    return _drop_empty(
        {
            "@type": "Dataset",
            "name": info.title,
            "url": info.base_url,
            "version": info.version,
            "dateCreated": to_json_value(info.exported_at),
            "description": description,
        }
    )


def _build_identifier(identifier: Identifier) -> Node:
    return {"@type": "PropertyValue", "propertyID": identifier.scheme, "value": identifier.value}


def _build_area(code: str) -> Node:
    region = REGIONS.require(code)
    return {"@type": AREA_TYPES.get(region.kind, "AdministrativeArea"), "name": region.name, "identifier": code}


def _build_location(location: Location) -> Node:
    point = location.point if location.precision is Precision.EXACT else None
    geo = {"@type": "GeoCoordinates", "latitude": point.latitude, "longitude": point.longitude} if point else None
    address = _build_address(location.address) if location.address else None
    return _drop_empty({"@type": "Place", "name": location.name, "address": address, "geo": geo})


def _build_address(address: Address) -> Node:
    return _drop_empty(
        {
            "@type": "PostalAddress",
            "streetAddress": address.street,
            "addressLocality": address.city,
            "addressRegion": address.state,
            "postalCode": address.postal_code,
            "addressCountry": address.country,
        }
    )


def _build_contact(contact: Contact) -> Node:
    extension = f";ext={contact.phone_extension}" if contact.phone_extension else ""  # RFC 3966
    return _drop_empty(
        {
            "@type": "ContactPoint",
            "contactType": contact.role,
            "name": contact.name,
            "email": contact.email,
            "telephone": f"{contact.phone}{extension}" if contact.phone else None,
            "availableLanguage": list(contact.languages),
        }
    )


def _build_network(organization: Organization, info: ExportInfo) -> Node | None:
    if organization.membership.status is not MembershipStatus.ACTIVE or organization.kind is OrganizationKind.NETWORK:
        return None
    return _drop_empty({"@type": "Organization", "name": info.title, "url": info.base_url})


def _group_relations(organization: Organization, names: Mapping[str, str]) -> Node:
    nodes: dict[str, list[Node]] = {}
    for name, other in _list_relations(organization, names):
        nodes.setdefault(name, []).append(other)
    return dict(nodes)


def _list_relations(organization: Organization, names: Mapping[str, str]) -> Iterator[tuple[str, Node]]:
    if organization.parent:
        yield "parentOrganization", _build_reference(organization.parent, names.get(organization.parent))
    for relation in organization.relations:
        name = RELATION_PROPERTIES.get(relation.kind)
        if name and relation.organization:
            yield name, _build_reference(relation.organization, names.get(relation.organization))
        elif name:
            yield name, {"@type": "Organization", "name": relation.actor}


def _build_reference(id: str, name: str | None) -> Node:
    return _drop_empty({"@type": "Organization", "@id": _iri(id), "name": name})
