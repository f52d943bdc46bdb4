"""Random organizations and coalitions with everything that makes an ally, and the snapshots that contain them."""

from collections.abc import Collection, Iterable, Sequence
from random import Random

from msgspec.structs import replace

from directory.geo import Precision
from directory.kinds.coalition import Coalition, CoalitionMember
from directory.records import Audience, Location, Organization, Relation
from directory.search.snapshot import Snapshot, SnapshotState
from directory.vocabulary.choices import RelationKind
from tests.builders import a_stored_coalition, an_id, publish_for
from tests.directory.search.generated_records import generate_record

PARENTS = 12  # records that can have branches
SOUGHT = (
    "legal services",
    "litigation",
    "organizing",
    "tenants",
    "a van for weekends",
    "Spanish",
    "childcare",
    "vans",
    "education",
)
CROSSING_AREAS = ("US-METRO-16980", "US-IL", "US-IN", "US-IL-031")  # Greater Chicago lies in several states
COALITIONS = ("Tenants Alliance", "UPR Task Force", "Bail Fund")


def generate_allies(rng: Random, count: int) -> list[Organization]:
    return [generate_ally(rng, number) for number in range(count)]


def generate_ally(rng: Random, number: int) -> Organization:
    """Generate a record. The number determines the id, so another record with the same number is a change of the first."""
    record = generate_record(rng, number)
    has_parent = number > 0 and rng.random() < 0.25
    return replace(
        record,
        parent=an_id(str(rng.randrange(min(number, PARENTS)))) if has_parent else None,
        relations=_generate_relations(rng, number),
        locations=tuple(_blur(rng, location) for location in record.locations),
        service_areas=tuple(rng.sample(CROSSING_AREAS, 2)) if rng.random() < 0.3 else record.service_areas,
        seeks=_generate_text(rng),
        offers=_generate_text(rng),
    )


def _generate_relations(rng: Random, number: int) -> tuple[Relation, ...]:
    if rng.random() < 0.8:
        return ()
    other = rng.choice([one for one in range(20) if one != number])
    return (Relation(RelationKind.FUNDER, actor="A fund"), Relation(RelationKind.PARTNER, organization=an_id(str(other))))


def _blur(rng: Random, location: Location) -> Location:
    return replace(location, precision=Precision.STATE) if rng.random() < 0.1 else location


def _generate_text(rng: Random) -> str | None:
    return None if rng.random() < 0.4 else ", ".join(rng.sample(SOUGHT, rng.randint(1, 3)))


def generate_coalitions(rng: Random, records: Sequence[Organization]) -> list[Coalition]:
    return [_build_coalition(name, rng.sample(records, 7)) for name in COALITIONS]


def _build_coalition(name: str, members: Iterable[Organization]) -> Coalition:
    stored = replace(a_stored_coalition(name), members=tuple(CoalitionMember(one.id) for one in members))
    coalition = publish_for(stored)
    assert isinstance(coalition, Coalition)
    return coalition


def show_only(
    records: Iterable[Organization], coalitions: Iterable[Coalition], ids: Collection[str]
) -> tuple[list[Organization], list[Coalition]]:
    """Return what an audience sees that sees only the organizations with these ids."""
    return (
        [_hide_others(record, ids) for record in records if record.id in ids],
        [replace(one, members=tuple(member for member in one.members if member.organization in ids)) for one in coalitions],
    )


def _hide_others(record: Organization, ids: Collection[str]) -> Organization:
    relations = tuple(one for one in record.relations if one.organization is None or one.organization in ids)
    return replace(record, parent=record.parent if record.parent in ids else None, relations=relations)


def build_snapshot(records: Iterable[Organization], coalitions: Iterable[Coalition] = ()) -> Snapshot:
    return Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), [*records, *coalitions], {}, [])
