"""The HSDS 3.1 (Open Referral) profile: how our records are represented in exports, and recognized in imports.

HSDS describes services. Every organization has one service, "Membership work: NAME", with its themes, languages and areas. Data
without a field in HSDS is stored in attributes, under terms of the taxonomy "Membership directory profile":

    organization    record (marks the record as ours), slug, the plain fields without a field in HSDS (ATTRIBUTE_FIELDS),
                    described_by, description (in pieces, if it is too long for a cell), names, membership.status,
                    membership.joined_on, membership.ended_on, relations, sources, audience
    location        precision, radius_km, address (why there is none), and the parts that no address holds
    contact         audience, languages, phone_extension (if it has leading zeros)
    service area    region

Each item of `names`, `relations` and `sources` is JSON in its own attribute. HSDS requires five fields of an address: an address
that is incomplete, or only partly published, is left out, and the attribute `address` explains why. Latitude and longitude are
the published ones. If `precision` is EXACT or STREET, they are the true point. Otherwise they are the center of an area, and the
location is within `radius_km` of it. Ids of organizations and locations are our own; all others are derived from these.
"""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any
from uuid import UUID, uuid5

from directory.fields import FIELDS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS, Term, Vocabulary

VERSION = "3.1"
NAMESPACE = UUID("d2f8cb89-d9d7-4618-a110-57ad6f3777c2")
PROFILE = "Membership directory profile"
RECORD_TERM = "record"  # its attribute marks a record as ours; the value is the version of this profile
PROFILE_VERSION = "1"
NOT_STATED = "No description is given."  # HSDS requires a description
NOT_PUBLISHED = "not published"  # for values that HSDS requires and the directory does not publish
SERVICE_NAME = "Membership work: {}"

HsdsObject = dict[str, Any]

TAXONOMIES: Mapping[str, tuple[str, Vocabulary]] = {  # by field of an organization
    "issue_areas": ("Issue areas", ISSUE_AREAS),
    "communities": ("Communities", COMMUNITIES),
    "work_areas": ("Work areas", WORK_AREAS),
}
ATTRIBUTE_FIELDS = tuple(name for name, field in FIELDS.items() if field.hsds is None)  # each in an attribute with its name
TERM_DEFINITIONS: Mapping[str, str] = {  # of the terms of the profile
    RECORD_TERM: "This record comes from a membership directory; the value is the version of its profile.",
    "slug": "The organization's name in web addresses of the directory.",
    **{name: FIELDS[name].text for name in ATTRIBUTE_FIELDS if FIELDS[name].has_sources},
    "described_by": "Says that the description is only the summary, or that there is none.",
    "description": "A piece of a description that is too long for one cell. The record holds only the first piece.",
    "names": "Another name with its kind, as JSON.",
    "membership.status": "Whether the organization is a member: ACTIVE, PROSPECT, LAPSED or NONE.",
    "membership.joined_on": "The day on which the organization became a member.",
    "membership.ended_on": "The day on which the membership ended.",
    **{name: FIELDS[name].text for name in ATTRIBUTE_FIELDS if not FIELDS[name].has_sources},
    "relations": "A relation to another organization or actor, as JSON.",
    "sources": "The source of a field of the record, as JSON.",
    "audience": "Who may see this: PUBLIC, MEMBERS or STAFF.",
    "languages": "A language that the contact speaks.",
    "phone_extension": "The extension of the contact's number, with leading zeros.",
    "precision": "How precisely the location is published. The point is the true one only for EXACT and STREET.",
    "radius_km": "The maximum distance of the true location from the point, in kilometers.",
    "address": "Why the location has no address.",
    "disclosure": "How precisely the location may be published.",
    "known": "How precisely the point is known.",
    "is_primary": "Whether this is the main location of the organization.",
    "name": "The name of the location.",
    "street": "The street of the location.",
    "city": "The city of the location.",
    "county": "The county of the location.",
    "state": "The state of the location.",
    "postal_code": "The postal code of the location.",
    "country": "The country of the location.",
    "region": "The code of the region: ISO 3166-1 or 3166-2, a county's FIPS code, or the directory's own.",
}


def derive_part_id(owner: str, key: str) -> str:
    """Return the id of a part of the object with the id `owner`: an organization, location or contact."""
    return str(uuid5(UUID(owner), f"hsds:{key}"))


@cache
def taxonomy_id(name: str) -> str:
    return str(uuid5(NAMESPACE, f"taxonomy:{name}"))


@lru_cache(maxsize=8192)  # the codes of a file that is imported are checked with it
def term_id(taxonomy: str, code: str) -> str:
    return str(uuid5(NAMESPACE, f"term:{taxonomy}:{code}"))


@cache
def profile_term(code: str) -> HsdsObject:
    """Return the term of the profile with that code. Raises KeyError for an unknown code."""
    return _build_term(PROFILE, code, code, TERM_DEFINITIONS[code])


@cache
def vocabulary_term(field: str, slug: str) -> HsdsObject:
    """Return the term of the vocabulary for that field of an organization. Raises UnknownTerm."""
    name, vocabulary = TAXONOMIES[field]
    term = vocabulary.require(slug)
    parent = {"parent_id": term_id(name, term.broader[0])} if term.broader else {}
    return _build_term(name, slug, term.label(), _describe_term(term)) | parent


def build_attribute(owner: str, entity: str, term: HsdsObject, value: str, number: int = 0) -> HsdsObject:
    """Return an attribute of the object with the id `owner`.

    `entity` is the name of the object's table. `number` (from 0) tells attributes with the same term apart.
    """
    key = f"attribute:{term['id']}:{number}"
    return {"id": derive_part_id(owner, key), "link_entity": entity, "value": value, "taxonomy_term": term}


def read_profile_attributes(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the code and value of each attribute from our profile, in order; [] if there are none."""
    attributes = [
        (term["code"], value)
        for term, value in _read_terms(record)
        if term["code"] in TERM_DEFINITIONS and _is_in_taxonomy(term, PROFILE)
    ]
    return [(code, "" if value is None else str(value)) for code, value in attributes]


def read_term_slugs(record: Mapping[str, Any], field: str) -> list[str]:
    """Return the slugs of terms from the field's vocabulary among the attributes of the object."""
    return [term["code"] for term, _ in _read_terms(record) if _is_in_taxonomy(term, TAXONOMIES[field][0])]


def _read_terms(record: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], object]]:
    """Yield the term and value of each well-formed attribute."""
    attributes = record.get("attributes")
    for attribute in attributes if isinstance(attributes, list) else ():
        term = attribute.get("taxonomy_term") if isinstance(attribute, dict) else None
        if isinstance(term, dict) and isinstance(term.get("code"), str):
            yield term, attribute.get("value")


def _is_in_taxonomy(term: Mapping[str, Any], taxonomy: str) -> bool:
    return bool(term.get("id") == term_id(taxonomy, term["code"]))


def _build_term(taxonomy: str, code: str, name: str, description: str) -> HsdsObject:
    return {
        "id": term_id(taxonomy, code),
        "code": code,
        "name": name,
        "description": description,
        "taxonomy": taxonomy,
        "language": "en",
    }


def _describe_term(term: Term) -> str:
    return term.definition() or term.label()
