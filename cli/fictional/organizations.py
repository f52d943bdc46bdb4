"""Generate made-up organizations.

Each depends only on the seed and its number, so a small network is the beginning of a larger one. They are built as stored
records without the checks of a draft, for speed; a test compares them with what a draft would give.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random

from msgspec.structs import replace

from cli.fictional.descriptions import (
    SHARE_IN_SPANISH,
    SHARE_WITH_DESCRIPTION,
    compose_description,
    compose_summary,
    draw_example_texts,
)
from cli.fictional.names import NETWORK_NAME, draw_names, draw_person_name, draw_town
from cli.fictional.network_records import build_other_records
from cli.fictional.phrases import PHRASES, WeightedChoice, draw_one
from cli.fictional.places import draw_home_place, draw_locations, draw_service_areas
from cli.fictional.record_parts import AUDIENCES, EPOCH, SOURCES, derive_id, hide_slug
from cli.fictional.subjects import draw_subject
from directory.drafts.free_text import find_text_problems
from directory.errors import BadInput
from directory.live import Directory
from directory.records import (
    Audience,
    Link,
    Membership,
    MembershipStatus,
    OrganizationKind,
    Relation,
    RelationKind,
    StoredContact,
    StoredOrganization,
)
from directory.store.ledger.edits import Edit, Network, Put, Receipt
from directory.store.read_transaction import ReadTransaction
from directory.vocabulary.slugs import slugify

FOUNDED_YEARS = range(1950, 2025)
MAX_ORGANIZATIONS = 2_000_000  # about the number of non-profits in the United States
OLDEST_VERIFICATION_DAYS = 5 * 365

_STATUSES = WeightedChoice(tuple(MembershipStatus), (90, 4, 4, 2))  # ACTIVE, PROSPECT, LAPSED, NONE
_RARE_LANGUAGES = WeightedChoice(
    ("ht", "zh", "vi", "ar", "ase", "tl", "ko", "fr", "pt", "so", "nv"), (9, 9, 8, 8, 7, 6, 6, 6, 5, 3, 2)
)
_RELATIONS = tuple(kind for kind in RelationKind if kind is not RelationKind.BRANCH_OF)


def generate_fictional_organizations(count: int, seed: int = 1, now: dt.datetime = EPOCH) -> Iterator[StoredOrganization]:
    """Yield `count` records, the first of which is the fictional network itself. Equal arguments give equal records.

    Dates are counted back from `now`, which needs a time zone. Raises BadInput at once if `count` is out of range.
    """
    if not 1 <= count <= MAX_ORGANIZATIONS:
        raise BadInput(
            f"A fictional network can have 1 to {MAX_ORGANIZATIONS:,} organizations, not {count:,}.",
            argument="count",
            value=count,
        )
    return _generate_organizations(count, seed, now.astimezone(dt.UTC))


def seed_fictional_network(directory: Directory, count: int, *, seed: int, now: dt.datetime) -> Receipt:
    """Fill an empty database with `count` organizations and records of all other kinds in one revision; mark it as fictional.

    The receipt has the results of the organizations only. Raises BadInput if the database has or ever had records, or if `count`
    is out of range.
    """

    def edits(reading: ReadTransaction) -> Sequence[Edit]:
        if reading.load_slug_targets():
            raise BadInput(
                "A fictional network needs an empty database, but this one has records. Set another one with --database-url."
            )
        organizations = list(generate_fictional_organizations(count, seed, now))
        records = (*organizations, *build_other_records(organizations, seed, now))
        return [Put(record, if_revision=0) for record in records]

    network = Network(fictional_id(0, seed), fictional=True)
    reason = f"A fictional network (seed {seed})"
    receipt = directory.write(edits, actor="directory fictional", now=now, reason=reason, network=network)
    return replace(receipt, results=receipt.results[:count])


def fictional_id(number: int, seed: int = 1) -> str:
    """Return the id of the organization with this number; 0 is the network."""
    return derive_id(str(number), seed)


def _generate_organizations(count: int, seed: int, now: dt.datetime) -> Iterator[StoredOrganization]:
    rng = Random()  # noqa: S311 - must be reproducible
    yield _build_network(seed, now)
    for number in range(1, count):
        rng.seed(seed * MAX_ORGANIZATIONS + number)
        yield hide_slug(rng, _drop_refused_texts(_build_organization(rng, number, seed, now)))


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
        sources=SOURCES,
        verified_at=now,
    )


def _build_organization(rng: Random, number: int, seed: int, now: dt.datetime) -> StoredOrganization:
    own_id, language = fictional_id(number, seed), "es" if rng.random() < SHARE_IN_SPANISH else "en"
    subject, place = draw_subject(rng), draw_home_place(rng)
    names = draw_names(rng, subject, number, language)
    founded = _draw_founding_year(rng)
    host = f"{names.town.lower()}-{number}.example"
    return StoredOrganization(
        id=own_id,
        slug=names.slug,
        name=names.name,
        names=names.names,
        kind=subject.kind,
        summary=compose_summary(rng, subject, names.town, language),
        description=compose_description(rng, subject, names.town, language) if rng.random() < SHARE_WITH_DESCRIPTION else None,
        **draw_example_texts(own_id, language),
        founded=founded,
        website=f"https://{host}/" if rng.random() < 0.8 else None,
        links=(Link("newsletter", f"https://news.{host}/"),) if rng.random() < 0.15 else (),
        languages=_draw_languages(rng, language),
        issue_areas=subject.issue_areas,
        communities=subject.communities,
        work_areas=subject.work_areas,
        service_areas=draw_service_areas(rng, place),
        membership=_draw_membership(rng, founded, now.date()),
        verified_at=_draw_verified_at(rng, now),
        audience=AUDIENCES.draw(rng),
        sites=draw_locations(rng, own_id, place),
        contacts=_draw_contacts(rng, host),
        parent=_draw_earlier_id(rng, number, seed) if rng.random() < 0.03 else None,
        relations=_draw_relations(rng, number, seed) if rng.random() < 0.02 else (),
        sources=SOURCES,
    )


def _drop_refused_texts(entry: StoredOrganization) -> StoredOrganization:
    """Return the record without example texts with a word that happens to be the name of its town, such as "van"."""
    return replace(entry, **{name: None for name, _ in find_text_problems(entry)})


def _draw_founding_year(rng: Random) -> int | None:
    """Recent years are more frequent; a seventh of the organizations state none."""
    years_ago = int(len(FOUNDED_YEARS) * rng.random() ** 2)
    return FOUNDED_YEARS[-1] - years_ago if rng.random() < 6 / 7 else None


def _draw_languages(rng: Random, language: str) -> tuple[str, ...]:
    languages = ["es"] if language == "es" else []
    languages += ["en"] if rng.random() < 0.95 else []
    languages += ["es"] if rng.random() < 0.19 else []  # a quarter of all, with those that write in Spanish
    languages += [_RARE_LANGUAGES.draw(rng)] if rng.random() < 0.06 else []
    return tuple(dict.fromkeys(languages))


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
    """Up to five years ago, half of them within the last 15 months; None for an eighth."""
    if rng.random() < 0.12:
        return None
    days = rng.randrange(int(OLDEST_VERIFICATION_DAYS * rng.random()) + 1)
    return (now - dt.timedelta(days=days)).replace(microsecond=0)


def _draw_contacts(rng: Random, host: str) -> tuple[StoredContact, ...]:
    contacts = []
    if rng.random() < 0.7:
        phone = f"+1{draw_one(rng, PHRASES.area_codes)}55501{rng.randrange(100):02}" if rng.random() < 0.6 else None
        contacts.append(StoredContact(role="Office", email=f"office@{host}", phone=phone, audience=Audience.PUBLIC))
    if rng.random() < 0.35:
        name = draw_person_name(rng)
        mail = f"{name.lower().replace(' ', '.')}@{host}"
        contacts.append(StoredContact(role="Coordinator", name=name, email=mail, audience=Audience.MEMBERS))
    return tuple(contacts)


def _draw_relations(rng: Random, number: int, seed: int) -> tuple[Relation, ...]:
    kind, other = draw_one(rng, _RELATIONS), _draw_earlier_id(rng, number, seed)
    if other is None or rng.random() < 0.3:
        return (Relation(kind, actor=f"{draw_town(rng)} Fund (fictional)"),)
    return (Relation(kind, organization=other),)


def _draw_earlier_id(rng: Random, number: int, seed: int) -> str | None:
    """Return the id of an earlier organization, most often a very early one; None for the first. This excludes cycles."""
    earlier = range(1, number)
    return fictional_id(earlier[int(len(earlier) * rng.random() ** 3)], seed) if earlier else None
