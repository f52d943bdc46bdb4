"""Random networks with records of all audiences, and random changes of them.

Hidden records have words that no public record has, and words that are one typo away from those of public records.
"""

from collections.abc import Iterator, Sequence
from random import Random

from msgspec.structs import replace

from directory.geo import Disclosure
from directory.records import (
    Audience,
    Identifier,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationKind,
    OrganizationName,
    Relation,
    RelationKind,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)
from directory.store.ledger.edits import Edit, Put, Remove
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC_WORDS = ("Harbor", "Tenants", "Niñez", "Workers", "Evictions", "Clinics", "Garden", "Library", "together")
HIDDEN_WORDS = ("Quillwort", "Quillworts", "Evictiins", "Gardenia", "Clynics", "Tenents", "Harbour", "Librarian", "Zumbador")
PLACES = (("Atlanta", "US-GA"), ("Savannah", "US-GA"), ("Oakland", "US-CA"), ("Miami", "US-FL"), ("Decatur", "US-GA"))
TERMS = {
    "issue_areas": ("housing", "tenants", "immigration", "reentry", "health"),
    "communities": ("black", "youth", "women"),
    "work_areas": ("organizing", "law"),
    "languages": ("en", "es", "ht"),
}
SERVICE_AREAS = ("US", "US-GA", "US-SOUTH", "US-FL", "BAY-AREA")
STATUSES = (*[MembershipStatus.ACTIVE] * 4, *MembershipStatus)
AUDIENCES = (*[Audience.PUBLIC] * 4, Audience.MEMBERS, Audience.MEMBERS, Audience.STAFF)


def generate_network(rng: Random, count: int) -> list[StoredOrganization]:
    return [generate_entry(rng, number, count) for number in range(count)]


def generate_entry(rng: Random, number: int, count: int) -> StoredOrganization:
    """Generate a record. The number determines the id, so another record with the same number is a change of the first."""
    audience = rng.choice(AUDIENCES)
    words = PUBLIC_WORDS if audience is Audience.PUBLIC else PUBLIC_WORDS + HIDDEN_WORDS * 2
    return a_stored_organization(
        " ".join(rng.sample(words, rng.choice((1, 2, 2, 3)))),
        id=an_id(f"record {number}"),
        slug=f"record-{number}-{rng.randrange(3)}",
        names=tuple(OrganizationName(word[:5], NameKind.ACRONYM) for word in rng.sample(words, rng.randrange(2))),
        audience=audience,
        kind=rng.choice(tuple(OrganizationKind)),
        founded=rng.choice((None, 1990, 1995)),
        summary=_generate_text(rng, words, 4),
        description=_generate_text(rng, words, 9),
        membership=Membership(rng.choice(STATUSES)),
        verified_at=rng.choice((None, NOW)),
        identifiers=(Identifier("US-EIN", f"52-{number:07}"), Identifier("X-LIST", str(number)))[: rng.randrange(3)],
        service_areas=tuple(rng.sample(SERVICE_AREAS, rng.randrange(3))),
        sites=tuple(_generate_site(rng, f"{number}.{position}") for position in range(rng.choice((0, 1, 1, 2)))),
        contacts=tuple(StoredContact(role="office", audience=rng.choice(tuple(Audience))) for _ in range(rng.randrange(2))),
        parent=_choose_other(rng, number, count),
        relations=tuple(
            Relation(RelationKind.PARTNER, organization=other) for other in [_choose_other(rng, number, count)] if other
        ),
        **{facet: tuple(rng.sample(terms, rng.randrange(3))) for facet, terms in TERMS.items()},
    )


def _generate_text(rng: Random, words: Sequence[str], length: int) -> str | None:
    return rng.choice((None, " ".join(rng.choices(words, k=length))))


def _generate_site(rng: Random, name: str) -> StoredLocation:
    city, state = rng.choice(PLACES)
    disclosure = rng.choice((Disclosure.CITY, Disclosure.CITY, Disclosure.STATE, Disclosure.HIDDEN))
    return a_stored_location(city, state, id=an_id(name), disclosure=disclosure)


def _choose_other(rng: Random, number: int, count: int) -> str | None:
    """Return the id of a record with a smaller number, which exists when this one is written in order."""
    return an_id(f"record {rng.randrange(number)}") if number and rng.random() < 0.3 else None


def generate_changes(rng: Random, current: dict[str, StoredOrganization], count: int) -> Iterator[list[Edit]]:
    """Yield writes without end. `current` holds the existing records by id, and is kept up to date."""
    while True:
        edits: dict[str, Edit] = {}
        for _ in range(rng.choice((1, 1, 2, 5))):
            edit = _generate_edit(rng, current, count)
            edits.setdefault(edit.id, edit)
        yield [edit for edit in edits.values() if _apply(edit, current)]


def _generate_edit(rng: Random, current: dict[str, StoredOrganization], count: int) -> Edit:
    existing = rng.choice(list(current.values()))
    choice = rng.randrange(8)
    if choice == 0:
        referred = {one for entry in current.values() for one in (entry.parent, *_list_related(entry))}
        free = [identity for identity in current if identity not in referred]
        return Remove(rng.choice(free)) if free else Put(existing)
    if choice == 1:
        return Put(replace(existing, audience=rng.choice(tuple(Audience))))
    if choice == 2:
        hidden_since = None if existing.is_hidden else NOW
        return Put(replace(existing, hidden_since=hidden_since, hidden_until=None), override_hiding=True)
    if choice == 3:
        return Put(replace(existing, summary=_generate_text(rng, PUBLIC_WORDS + HIDDEN_WORDS, 5)))
    if choice == 4:
        return Put(replace(existing, contacts=(StoredContact(role="office", audience=rng.choice(tuple(Audience))),)))
    entry = generate_entry(rng, rng.randrange(count), 1)
    return Put(replace(entry, parent=None, relations=()))


def _list_related(entry: StoredOrganization) -> list[str | None]:
    return [relation.organization for relation in entry.relations]


def _apply(edit: Edit, current: dict[str, StoredOrganization]) -> bool:
    """Update `current`. Returns False for a removal of what does not exist."""
    if isinstance(edit, Remove):
        return current.pop(edit.id, None) is not None
    assert isinstance(edit.record, StoredOrganization)
    current[edit.id] = edit.record
    return True
