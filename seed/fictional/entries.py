"""Invented organizations, each made from the seed and its number alone: the first thousand of a hundred thousand are the
thousand. They are made as entries, past the checks of a draft; a test holds that a draft would give the very same.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from uuid import UUID, uuid5

from msgspec.structs import replace

from directory.errors import BadInput
from directory.records import (
    Audience,
    Entry,
    KeptContact,
    Link,
    Membership,
    MembershipStatus,
    OrganizationKind,
    Relation,
    RelationKind,
    Source,
)
from directory.slugs import new_suffix, private_slug
from directory.store import Edit, Network, Put, Reading, Receipt, Store
from directory.written import slug_of
from seed.fictional.names import NETWORK_NAME, Naming, naming, person, town
from seed.fictional.phrases import PHRASES, Shares, one
from seed.fictional.places import home, service_areas, sites
from seed.fictional.subjects import subject
from seed.fictional.wording import SHARE_IN_SPANISH, SHARE_WITH_DESCRIPTION, description, summary

FOUNDED_YEARS = range(1950, 2025)
EPOCH = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)  # what ages are counted from unless told
LARGEST = 2_000_000  # organizations; as many as there are non-profits in the country
OLDEST_VERIFICATION_DAYS = 5 * 365

_NAMESPACE = UUID("5c0f7d2e-1f0b-5b8e-9a53-0f1c71041a1f")  # of the ids of this module, drawn once
_SOURCE = (Source("name", "Invented for the fictional network"),)
_AUDIENCES = Shares(tuple(Audience), (94, 4, 2))
_STATUSES = Shares(tuple(MembershipStatus), (90, 4, 4, 2))  # ACTIVE, PROSPECT, LAPSED, NONE
_RARE_LANGUAGES = Shares(("ht", "zh", "vi", "ar", "ase", "tl", "ko", "fr", "pt", "so", "nv"), (9, 9, 8, 8, 7, 6, 6, 6, 5, 3, 2))
_RELATIONS = tuple(kind for kind in RelationKind if kind is not RelationKind.BRANCH_OF)


def fictional_entries(count: int, seed: int = 1, now: dt.datetime = EPOCH) -> Iterator[Entry]:
    """`count` entries, the first of which is the fictional network itself, the same at every call.

    Dates are counted back from `now`, which needs a time zone. Raises BadInput at once for a count that cannot be.
    """
    if not 1 <= count <= LARGEST:
        raise BadInput(f"A fictional network has 1 to {LARGEST:,} organizations; {count} is not.", argument="count", value=count)
    return _entries(count, seed, now.astimezone(dt.UTC))


def seed_fictional(store: Store, count: int, *, seed: int, now: dt.datetime) -> Receipt:
    """Fills an empty database in one change of the ledger, and marks it as fictional.

    Raises BadInput where the database holds or ever held anything, and for a count that cannot be.
    """

    def edits(reading: Reading) -> Sequence[Edit]:
        if reading.slugs():
            raise BadInput(
                "A fictional network goes into an empty database only; this one holds records. Name another with --database-url."
            )
        return [Put(entry, if_revision=0) for entry in fictional_entries(count, seed, now)]

    network = Network(fictional_id(0, seed), fictional=True)
    return store.write(edits, actor="directory fictional", now=now, reason=f"A fictional network (seed {seed})", network=network)


def fictional_id(number: int, seed: int = 1) -> str:
    """The id of the organization of that number; 0 is the network."""
    return str(uuid5(_NAMESPACE, f"{seed}:{number}"))


def _entries(count: int, seed: int, now: dt.datetime) -> Iterator[Entry]:
    rng = Random()  # noqa: S311 - what is invented has to be the same at every call
    yield _network(seed, now)
    for number in range(1, count):
        rng.seed(seed * LARGEST + number)
        entry = _entry(rng, number, seed, now)
        is_public = entry.audience is Audience.PUBLIC
        yield entry if is_public else replace(entry, slug=private_slug(entry.slug, new_suffix(rng.choice)))


def _network(seed: int, now: dt.datetime) -> Entry:
    return Entry(
        id=fictional_id(0, seed),
        slug=slug_of(NETWORK_NAME),
        name=NETWORK_NAME,
        kind=OrganizationKind.NETWORK,
        summary="A network that does not exist, of organizations that do not exist, for trying out this directory.",
        website="https://network.example/",
        languages=("en", "es"),
        service_areas=("US",),
        membership=Membership(MembershipStatus.NONE),
        sources=_SOURCE,
        verified_at=now,
    )


def _entry(rng: Random, number: int, seed: int, now: dt.datetime) -> Entry:
    own_id, language = fictional_id(number, seed), "es" if rng.random() < SHARE_IN_SPANISH else "en"
    about, place = subject(rng), home(rng)
    named = naming(rng, about, number, language)
    founded = _founded(rng)
    host = f"{named.town.lower()}-{number}.example"
    return Entry(
        id=own_id,
        slug=named.slug,
        name=named.name,
        names=named.names,
        kind=about.kind,
        summary=summary(rng, about, named.town, language),
        description=description(rng, about, named.town, language) if rng.random() < SHARE_WITH_DESCRIPTION else None,
        founded=founded,
        website=f"https://{host}/" if rng.random() < 0.8 else None,
        links=(Link("newsletter", f"https://news.{host}/"),) if rng.random() < 0.15 else (),
        languages=_languages(rng, language),
        issue_areas=about.issue_areas,
        communities=about.communities,
        work_areas=about.work_areas,
        service_areas=service_areas(rng, place),
        membership=_membership(rng, founded, now.date()),
        verified_at=_verified_at(rng, now),
        audience=_AUDIENCES.draw(rng),
        sites=sites(rng, own_id, place),
        contacts=_contacts(rng, named, host),
        parent=_another(rng, number, seed) if rng.random() < 0.03 else None,
        relations=_relations(rng, number, seed) if rng.random() < 0.02 else (),
        sources=_SOURCE,
    )


def _founded(rng: Random) -> int | None:
    """More of late than long ago; a seventh do not state it."""
    years_ago = int(len(FOUNDED_YEARS) * rng.random() ** 2)
    return FOUNDED_YEARS[-1] - years_ago if rng.random() < 6 / 7 else None


def _languages(rng: Random, language: str) -> tuple[str, ...]:
    spoken = ["es"] if language == "es" else []
    spoken += ["en"] if rng.random() < 0.95 else []
    spoken += ["es"] if rng.random() < 0.19 else []  # with the Spanish ones a quarter of all
    spoken += [_RARE_LANGUAGES.draw(rng)] if rng.random() < 0.06 else []
    return tuple(dict.fromkeys(spoken))


def _membership(rng: Random, founded: int | None, today: dt.date) -> Membership:
    status = _STATUSES.draw(rng)
    if status not in (MembershipStatus.ACTIVE, MembershipStatus.LAPSED):
        return Membership(status)
    earliest = max(dt.date(max(founded or 1995, 1995), 1, 1), today - dt.timedelta(days=30 * 365))
    joined = today - dt.timedelta(days=rng.randrange(30, max((today - earliest).days, 31)))
    if status is MembershipStatus.ACTIVE:
        return Membership(status, joined)
    return Membership(status, joined, today - dt.timedelta(days=rng.randrange(1, (today - joined).days)))


def _verified_at(rng: Random, now: dt.datetime) -> dt.datetime | None:
    """Up to five years ago, half of them within the last 15 months; an eighth never."""
    if rng.random() < 0.12:
        return None
    days = rng.randrange(int(OLDEST_VERIFICATION_DAYS * rng.random()) + 1)
    return (now - dt.timedelta(days=days)).replace(microsecond=0)


def _contacts(rng: Random, named: Naming, host: str) -> tuple[KeptContact, ...]:
    found = []
    if rng.random() < 0.7:
        phone = f"+1{one(rng, PHRASES.area_codes)}55501{rng.randrange(100):02}" if rng.random() < 0.6 else None
        found.append(KeptContact(role="Office", email=f"office@{host}", phone=phone, audience=Audience.PUBLIC))
    if rng.random() < 0.35:
        name = person(rng)
        mail = f"{name.lower().replace(' ', '.')}@{host}"
        found.append(KeptContact(role="Coordinator", name=name, email=mail, audience=Audience.MEMBERS))
    return tuple(found)


def _relations(rng: Random, number: int, seed: int) -> tuple[Relation, ...]:
    kind, other = one(rng, _RELATIONS), _another(rng, number, seed)
    if other is None or rng.random() < 0.3:
        return (Relation(kind, actor=f"{town(rng)} Fund (fictional)"),)
    return (Relation(kind, organization=other),)


def _another(rng: Random, number: int, seed: int) -> str | None:
    """An earlier one, so that no parent is a descendant; the first organizations have the most branches."""
    earlier = range(1, number)
    return fictional_id(earlier[int(len(earlier) * rng.random() ** 3)], seed) if earlier else None
