"""Invented organizations, each made from the seed and its number alone: the first thousand of a hundred thousand are the
thousand. They are made as entries, past the checks of a draft; a test holds that a draft would give the very same.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from uuid import UUID, uuid5

from msgspec.structs import replace

from cli.fictional.descriptions import SHARE_IN_SPANISH, SHARE_WITH_DESCRIPTION, compose_description, compose_summary
from cli.fictional.names import NETWORK_NAME, FictionalNames, draw_names, draw_person_name, draw_town
from cli.fictional.phrases import PHRASES, WeightedChoice, draw_one
from cli.fictional.places import draw_home_place, draw_locations, draw_service_areas
from cli.fictional.subjects import draw_subject
from directory.errors import BadInput
from directory.records import (
    Audience,
    Link,
    Membership,
    MembershipStatus,
    OrganizationKind,
    Relation,
    RelationKind,
    Source,
    StoredContact,
    StoredOrganization,
)
from directory.slugs import build_private_slug, generate_suffix, slugify
from directory.store.ledger.edits import Edit, Network, Put, Receipt
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store

FOUNDED_YEARS = range(1950, 2025)
EPOCH = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)  # what ages are counted from unless told
MAX_ORGANIZATIONS = 2_000_000  # organizations; as many as there are non-profits in the country
OLDEST_VERIFICATION_DAYS = 5 * 365

_NAMESPACE = UUID("5c0f7d2e-1f0b-5b8e-9a53-0f1c71041a1f")  # of the ids of this module, drawn once
_SOURCES = (Source("name", "Invented for the fictional network"),)
_AUDIENCES = WeightedChoice(tuple(Audience), (94, 4, 2))
_STATUSES = WeightedChoice(tuple(MembershipStatus), (90, 4, 4, 2))  # ACTIVE, PROSPECT, LAPSED, NONE
_RARE_LANGUAGES = WeightedChoice(
    ("ht", "zh", "vi", "ar", "ase", "tl", "ko", "fr", "pt", "so", "nv"), (9, 9, 8, 8, 7, 6, 6, 6, 5, 3, 2)
)
_RELATIONS = tuple(kind for kind in RelationKind if kind is not RelationKind.BRANCH_OF)


def generate_fictional_organizations(count: int, seed: int = 1, now: dt.datetime = EPOCH) -> Iterator[StoredOrganization]:
    """`count` entries, the first of which is the fictional network itself, the same at every call.

    Dates are counted back from `now`, which needs a time zone. Raises BadInput at once for a count that cannot be.
    """
    if not 1 <= count <= MAX_ORGANIZATIONS:
        raise BadInput(
            f"A fictional network has 1 to {MAX_ORGANIZATIONS:,} organizations; {count} is not.", argument="count", value=count
        )
    return _generate_organizations(count, seed, now.astimezone(dt.UTC))


def seed_fictional_network(store: Store, count: int, *, seed: int, now: dt.datetime) -> Receipt:
    """Fills an empty database in one change of the ledger, and marks it as fictional.

    Raises BadInput where the database holds or ever held anything, and for a count that cannot be.
    """

    def edits(reading: ReadTransaction) -> Sequence[Edit]:
        if reading.load_slug_targets():
            raise BadInput(
                "A fictional network goes into an empty database only; this one holds records. Name another with --database-url."
            )
        return [Put(entry, if_revision=0) for entry in generate_fictional_organizations(count, seed, now)]

    network = Network(fictional_id(0, seed), fictional=True)
    return store.write(edits, actor="directory fictional", now=now, reason=f"A fictional network (seed {seed})", network=network)


def fictional_id(number: int, seed: int = 1) -> str:
    """The id of the organization of that number; 0 is the network."""
    return str(uuid5(_NAMESPACE, f"{seed}:{number}"))


def _generate_organizations(count: int, seed: int, now: dt.datetime) -> Iterator[StoredOrganization]:
    rng = Random()  # noqa: S311 - what is invented has to be the same at every call
    yield _build_network(seed, now)
    for number in range(1, count):
        rng.seed(seed * MAX_ORGANIZATIONS + number)
        entry = _build_organization(rng, number, seed, now)
        is_public = entry.audience is Audience.PUBLIC
        yield entry if is_public else replace(entry, slug=build_private_slug(entry.slug, generate_suffix(rng.choice)))


def _build_network(seed: int, now: dt.datetime) -> StoredOrganization:
    return StoredOrganization(
        id=fictional_id(0, seed),
        slug=slugify(NETWORK_NAME),
        name=NETWORK_NAME,
        kind=OrganizationKind.NETWORK,
        summary="A network that does not exist, of organizations that do not exist, for trying out this directory.",
        website="https://network.example/",
        languages=("en", "es"),
        service_areas=("US",),
        membership=Membership(MembershipStatus.NONE),
        sources=_SOURCES,
        verified_at=now,
    )


def _build_organization(rng: Random, number: int, seed: int, now: dt.datetime) -> StoredOrganization:
    own_id, language = fictional_id(number, seed), "es" if rng.random() < SHARE_IN_SPANISH else "en"
    about, place = draw_subject(rng), draw_home_place(rng)
    named = draw_names(rng, about, number, language)
    founded = _draw_founding_year(rng)
    host = f"{named.town.lower()}-{number}.example"
    return StoredOrganization(
        id=own_id,
        slug=named.slug,
        name=named.name,
        names=named.names,
        kind=about.kind,
        summary=compose_summary(rng, about, named.town, language),
        description=compose_description(rng, about, named.town, language) if rng.random() < SHARE_WITH_DESCRIPTION else None,
        founded=founded,
        website=f"https://{host}/" if rng.random() < 0.8 else None,
        links=(Link("newsletter", f"https://news.{host}/"),) if rng.random() < 0.15 else (),
        languages=_draw_languages(rng, language),
        issue_areas=about.issue_areas,
        communities=about.communities,
        work_areas=about.work_areas,
        service_areas=draw_service_areas(rng, place),
        membership=_draw_membership(rng, founded, now.date()),
        verified_at=_draw_verified_at(rng, now),
        audience=_AUDIENCES.draw(rng),
        sites=draw_locations(rng, own_id, place),
        contacts=_draw_contacts(rng, named, host),
        parent=_draw_earlier_id(rng, number, seed) if rng.random() < 0.03 else None,
        relations=_draw_relations(rng, number, seed) if rng.random() < 0.02 else (),
        sources=_SOURCES,
    )


def _draw_founding_year(rng: Random) -> int | None:
    """More of late than long ago; a seventh do not state it."""
    years_ago = int(len(FOUNDED_YEARS) * rng.random() ** 2)
    return FOUNDED_YEARS[-1] - years_ago if rng.random() < 6 / 7 else None


def _draw_languages(rng: Random, language: str) -> tuple[str, ...]:
    spoken = ["es"] if language == "es" else []
    spoken += ["en"] if rng.random() < 0.95 else []
    spoken += ["es"] if rng.random() < 0.19 else []  # with the Spanish ones a quarter of all
    spoken += [_RARE_LANGUAGES.draw(rng)] if rng.random() < 0.06 else []
    return tuple(dict.fromkeys(spoken))


def _draw_membership(rng: Random, founded: int | None, today: dt.date) -> Membership:
    status = _STATUSES.draw(rng)
    if status not in (MembershipStatus.ACTIVE, MembershipStatus.LAPSED):
        return Membership(status)
    earliest = max(dt.date(max(founded or 1995, 1995), 1, 1), today - dt.timedelta(days=30 * 365))
    joined = today - dt.timedelta(days=rng.randrange(30, max((today - earliest).days, 31)))
    if status is MembershipStatus.ACTIVE:
        return Membership(status, joined)
    return Membership(status, joined, today - dt.timedelta(days=rng.randrange(1, (today - joined).days)))


def _draw_verified_at(rng: Random, now: dt.datetime) -> dt.datetime | None:
    """Up to five years ago, half of them within the last 15 months; an eighth never."""
    if rng.random() < 0.12:
        return None
    days = rng.randrange(int(OLDEST_VERIFICATION_DAYS * rng.random()) + 1)
    return (now - dt.timedelta(days=days)).replace(microsecond=0)


def _draw_contacts(rng: Random, named: FictionalNames, host: str) -> tuple[StoredContact, ...]:
    found = []
    if rng.random() < 0.7:
        phone = f"+1{draw_one(rng, PHRASES.area_codes)}55501{rng.randrange(100):02}" if rng.random() < 0.6 else None
        found.append(StoredContact(role="Office", email=f"office@{host}", phone=phone, audience=Audience.PUBLIC))
    if rng.random() < 0.35:
        name = draw_person_name(rng)
        mail = f"{name.lower().replace(' ', '.')}@{host}"
        found.append(StoredContact(role="Coordinator", name=name, email=mail, audience=Audience.MEMBERS))
    return tuple(found)


def _draw_relations(rng: Random, number: int, seed: int) -> tuple[Relation, ...]:
    kind, other = draw_one(rng, _RELATIONS), _draw_earlier_id(rng, number, seed)
    if other is None or rng.random() < 0.3:
        return (Relation(kind, actor=f"{draw_town(rng)} Fund (fictional)"),)
    return (Relation(kind, organization=other),)


def _draw_earlier_id(rng: Random, number: int, seed: int) -> str | None:
    """An earlier one, so that no parent is a descendant; the first organizations have the most branches."""
    earlier = range(1, number)
    return fictional_id(earlier[int(len(earlier) * rng.random() ** 3)], seed) if earlier else None
