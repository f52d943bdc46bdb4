"""How this directory's records stand in HSDS 3.1 (Open Referral): the profile that our exports follow and our reader knows.

HSDS is about services. Here every organization has one service, "Membership work: NAME", which holds its themes, its languages
and the areas that it serves. What HSDS has a field for stands in that field. What it has none for stands in attributes, each
under a term of the taxonomy "Membership directory profile":

    of the organization    record (marks the record as ours), slug, kind, summary, described_by, description (in
                           pieces, if it is too long for a cell), names, membership.status, membership.joined_on,
                           membership.ended_on, verified_at, relations, sources, audience
    of a location          precision, radius_km, address (why none is given), and the parts of the place that no address holds
    of a contact           audience, languages, phone_extension (where it begins with zeros)
    of a service area      region

`names`, `relations` and `sources` are JSON, an attribute each. An address has five required fields in HSDS, so that one of which
less is told, or stated, is left out and the attribute `address` says why. Latitude and longitude are those that are published:
the true ones only where `precision` is EXACT or STREET, else the middle of an area around which the place lies within
`radius_km`. All ids but those of organizations and locations are made from these, and tell nothing more.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS, Term, Vocabulary

VERSION = "3.1"
NAMESPACE = UUID("d2f8cb89-d9d7-4618-a110-57ad6f3777c2")
PROFILE = "Membership directory profile"
RECORD_TERM = "record"  # the term of the attribute that marks a record as ours; its value is the version of this profile
PROFILE_VERSION = "1"
NOT_STATED = "No description is given."  # where HSDS requires one
NOT_PUBLISHED = "not told"  # where HSDS requires a value that nobody here is told
SERVICE_NAME = "Membership work: {}"

HsdsObject = dict[str, Any]

TAXONOMIES: Mapping[str, tuple[str, Vocabulary]] = {  # by the field of an organization
    "issue_areas": ("Issue areas", ISSUE_AREAS),
    "communities": ("Communities", COMMUNITIES),
    "work_areas": ("Work areas", WORK_AREAS),
}
TERM_DEFINITIONS: Mapping[str, str] = {  # of the profile's terms
    RECORD_TERM: "This record comes from a membership directory; the value is the version of its profile.",
    "slug": "The organization's name in the directory's addresses.",
    "kind": "What kind of organization it is.",
    "summary": "What the organization does, in a sentence or two.",
    "described_by": "Whether the description of this record is the summary, or none.",
    "description": "A piece of the description, of which the record holds only the first, as it is too long for a cell.",
    "names": "Another name with its kind, as JSON.",
    "membership.status": "Whether the organization is a member: ACTIVE, PROSPECT, LAPSED or NONE.",
    "membership.joined_on": "The day on which the organization became a member.",
    "membership.ended_on": "The day on which the membership ended.",
    "verified_at": "When somebody last confirmed the record.",
    "relations": "A relation to another organization or actor, as JSON.",
    "sources": "Where a fact of the record comes from, as JSON.",
    "audience": "To whom this was shown: PUBLIC, MEMBERS or STAFF.",
    "languages": "A language in which the contact can be spoken to.",
    "phone_extension": "The extension of the contact's number, with its zeros in front.",
    "precision": "How exactly the place is told; the point is the true one for EXACT and STREET alone.",
    "radius_km": "How far from the point the true place may be, in kilometres.",
    "address": "Why no address is given.",
    "disclosure": "How much of the place may be told.",
    "known": "How exactly the point is known.",
    "is_primary": "Whether this is the main place of the organization.",
    "name": "What the place is called.",
    "street": "The street of the place.",
    "city": "The city of the place.",
    "county": "The county of the place.",
    "state": "The state of the place.",
    "postal_code": "The postal code of the place.",
    "country": "The country of the place.",
    "region": "The code of the region: ISO 3166-1 or 3166-2, a county's FIPS code, or the directory's own.",
}


def derive_part_id(owner: str, key: str) -> str:
    """The id of a part of the organization, location or contact with the id `owner`."""
    return str(uuid5(UUID(owner), f"hsds:{key}"))


@cache
def taxonomy_id(name: str) -> str:
    return str(uuid5(NAMESPACE, f"taxonomy:{name}"))


@cache
def term_id(taxonomy: str, code: str) -> str:
    return str(uuid5(NAMESPACE, f"term:{taxonomy}:{code}"))


@cache
def profile_term(code: str) -> HsdsObject:
    """The term of the profile with that code. KeyError for one that it has not."""
    return _build_term(PROFILE, code, code, TERM_DEFINITIONS[code])


@cache
def vocabulary_term(field: str, slug: str) -> HsdsObject:
    """The term of one of the three vocabularies. Raises UnknownTerm."""
    name, vocabulary = TAXONOMIES[field]
    term = vocabulary.require(slug)
    parent = {"parent_id": term_id(name, term.broader[0])} if term.broader else {}
    return _build_term(name, slug, term.label(), _describe_term(term)) | parent


def build_attribute(owner: str, entity: str, term: HsdsObject, value: str, number: int = 0) -> HsdsObject:
    """An attribute of the object with the id `owner`, the `number`th with this term. `entity` is the name of its table."""
    key = f"attribute:{term['id']}:{number}"
    return {"id": derive_part_id(owner, key), "link_entity": entity, "value": value, "taxonomy_term": term}


def read_profile_attributes(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Code and value of each of our attributes of the object, in their order; [] for none."""
    found = [
        (term["code"], value)
        for term, value in _read_terms(record)
        if term["code"] in TERM_DEFINITIONS and _is_in_taxonomy(term, PROFILE)
    ]
    return [(code, "" if value is None else str(value)) for code, value in found]


def read_term_slugs(record: Mapping[str, Any], field: str) -> list[str]:
    """The slugs of a vocabulary's terms among the attributes of the object."""
    return [term["code"] for term, _ in _read_terms(record) if _is_in_taxonomy(term, TAXONOMIES[field][0])]


def _read_terms(record: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], object]]:
    listed = record.get("attributes")
    for one in listed if isinstance(listed, list) else ():
        term = one.get("taxonomy_term") if isinstance(one, dict) else None
        if isinstance(term, dict) and isinstance(term.get("code"), str):
            yield term, one.get("value")


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
    return term.definition or term.label()
