"""Allies of generated directories: as the reference finds them, on all pages, for every audience, and after every change."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.kinds.coalition import Coalition
from directory.partners.allies.allies import AllyPage, find_allies
from directory.partners.allies.request import AllyMode, AllyRequest, AllyWeights, describe_organization
from directory.question import Page
from directory.records import Audience, MembershipStatus, Organization, RecordKind
from directory.search.search_index import RecordChanges
from directory.search.snapshot import Snapshot, SnapshotChanges, SnapshotState
from tests.directory.partners.allies.ally_records import (
    build_snapshot,
    generate_allies,
    generate_ally,
    generate_coalitions,
    show_only,
)
from tests.directory.partners.allies.reference_allies import ReferenceAllies

COUNT = 45
TODAY = dt.date(2026, 6, 1)
SEEDS = st.integers(0, 10_000)
MODES = st.sampled_from(AllyMode)
FEW = settings(max_examples=20)
STATE = SnapshotState(2, "v2")

Records = tuple[list[Organization], list[Coalition]]


@cache
def generate(seed: int) -> Records:
    """Return records of organizations and coalitions without references to others that do not exist."""
    rng = Random(seed)  # noqa: S311
    records = generate_allies(rng, COUNT)
    return show_only(records, generate_coalitions(rng, records), {one.id for one in records})


def choose_group(seed: int, size: int, records: Sequence[Organization]) -> list[Organization]:
    return Random(seed).sample(records, size)  # noqa: S311


def choose_weights(seed: int) -> AllyWeights:
    """Return the default weights for even seeds, and for others any with some zeros."""
    rng = Random(seed)  # noqa: S311
    names = AllyWeights.__struct_fields__ if seed % 2 else ()
    values = {name: rng.choice((0, 0.1, 1, 2.5)) for name in names}
    return AllyWeights(**({**values, "issue_area": 1, "distance": 0.5, "seeks_and_offers": 1} if values else {}))


def ask(
    snapshot: Snapshot,
    group: Sequence[Organization],
    mode: AllyMode,
    weights: AllyWeights | None = None,
    page: Page | None = None,
) -> AllyPage:
    request = AllyRequest(
        group=tuple(map(describe_organization, group)),
        mode=mode,
        weights=weights or AllyWeights(),
        page=page or Page(first=100),
    )
    return find_allies(snapshot, request, TODAY)


def list_scores(page: AllyPage) -> list[tuple[str, int]]:
    return [(ally.organization.id, sum(reason.points for reason in ally.list_reasons())) for ally in page.edges]


def tell(page: AllyPage) -> object:
    """Return everything that a page shows, without row numbers."""
    allies = [
        (
            *(ally.organization, ally.score, ally.cursor, ally.distance_km, ally.reason_count),
            [
                (reason.kind, reason.subject, reason.points, reason.format(), reason.format("es"))
                for reason in ally.list_reasons()
            ],
        )
        for ally in page.edges
    ]
    return allies, page.total_count, page.has_next_page, page.has_previous_page, page.ties


@FEW
@given(SEEDS, MODES, st.integers(1, 4))
def test_scores_and_order_are_those_of_the_reference_and_contributions_add_up(seed: int, mode: AllyMode, size: int) -> None:
    records, coalitions = generate(seed % 8)
    group, weights = choose_group(seed, size, records), choose_weights(seed)
    page = ask(build_snapshot(records, coalitions), group, mode, weights)
    expected = ReferenceAllies(records, coalitions, group, mode, weights).list_allies()
    assert list_scores(page) == expected
    assert [(ally.organization.id, round(ally.score * 10_000)) for ally in page.edges] == expected
    assert page.total_count == len(expected)


@settings(max_examples=4)
@given(SEEDS)
def test_two_members_with_the_same_themes_have_the_same_score_for_each_other(seed: int) -> None:
    """A group of one each. Weights that differ between the two, and the other modes, are not symmetric."""
    records, coalitions = generate(seed % 8)
    snapshot, weights = build_snapshot(records, coalitions), choose_weights(seed)
    standalone = [one for one in records if one.membership.status is MembershipStatus.ACTIVE]
    scores = {one.id: dict(list_scores(ask(snapshot, [one], AllyMode.SAME_THEMES, weights))) for one in standalone}
    pairs = 0
    for one in standalone:
        for other, score in scores[one.id].items():
            if one.id in scores[other]:  # not, if a branch of the same organization suits better
                pairs += 1
                assert scores[other][one.id] == score
    assert pairs > 100


@FEW
@given(SEEDS, MODES)
def test_the_order_of_the_group_does_not_matter(seed: int, mode: AllyMode) -> None:
    records, coalitions = generate(seed % 8)
    snapshot, group = build_snapshot(records, coalitions), choose_group(seed, 3, records)
    forward, backward = ask(snapshot, group, mode), ask(snapshot, group[::-1], mode)
    assert list_scores(forward) == list_scores(backward)
    assert [ally.cursor for ally in forward.edges] == [ally.cursor for ally in backward.edges]
    assert forward.ties == backward.ties


@FEW
@given(SEEDS, MODES, st.sampled_from(AllyWeights.__struct_fields__))
def test_a_larger_weight_never_lowers_a_score(seed: int, mode: AllyMode, name: str) -> None:
    """If the best of a family changes, it is another one that is suggested, and no score is compared."""
    records, coalitions = generate(seed % 8)
    snapshot, group = build_snapshot(records, coalitions), choose_group(seed, 2, records)
    weights = AllyWeights()
    larger = replace(weights, **{name: getattr(weights, name) * 2})
    before, after = (dict(list_scores(ask(snapshot, group, mode, one))) for one in (weights, larger))
    for identity in before.keys() & after.keys():
        assert after[identity] >= before[identity]
    assert len(before) == len(after)
    assert len(before.keys() & after.keys()) > len(before) / 2 or len(before) < 4


# Pages


def iter_pages(snapshot: Snapshot, group: Sequence[Organization], mode: AllyMode, backward: bool) -> Iterator[AllyPage]:
    cursor: str | None = None
    while True:
        page = ask(snapshot, group, mode, page=Page(last=4, before=cursor) if backward else Page(first=4, after=cursor))
        yield page
        if not (page.has_previous_page if backward else page.has_next_page):
            return
        cursor = page.start_cursor if backward else page.end_cursor


def advance(snapshot: Snapshot, *changes: Organization) -> Snapshot:
    records = {RecordKind.ORGANIZATION: RecordChanges((), list(changes))}
    return snapshot.with_changes(SnapshotChanges(STATE, records, {}, []))


def list_twins(records: Sequence[Organization]) -> list[Organization]:
    """Return copies of records with other ids and no family, some with the same name: they tie with the originals."""
    return [
        replace(
            one, id=f"{one.id[:-2]}zz", slug=f"{one.slug}-twin", name=one.name + " B" * (number % 2), parent=None, relations=()
        )
        for number, one in enumerate(records)
    ]


@FEW
@given(SEEDS, MODES)
def test_pages_neither_skip_nor_repeat_with_ties_and_added_rows(seed: int, mode: AllyMode) -> None:
    records, coalitions = generate(seed % 8)
    snapshot, twins = build_snapshot(records, coalitions), list_twins(records)
    group = choose_group(seed, 2, records)
    advanced = advance(snapshot, *twins)
    whole = ask(advanced, group, mode)
    expected = [(ally.organization.id, ally.score) for ally in whole.edges]
    forward, backward = ([*iter_pages(advanced, group, mode, direction)] for direction in (False, True))
    assert [(ally.organization.id, ally.score) for page in forward for ally in page.edges] == expected
    assert [(ally.organization.id, ally.score) for page in reversed(backward) for ally in page.edges] == expected
    assert [page.has_previous_page for page in forward] == [number > 0 for number in range(len(forward))]
    assert [page.has_next_page for page in backward] == [number > 0 for number in range(len(backward))]
    assert tell(whole) == tell(ask(build_snapshot([*records, *twins], coalitions), group, mode))


# Audiences and changes


@FEW
@given(SEEDS, MODES)
def test_what_an_audience_does_not_see_changes_nothing(seed: int, mode: AllyMode) -> None:
    records, coalitions = generate(seed % 8)
    ids = {one.id for one in Random(seed).sample(records, COUNT * 2 // 3)}  # noqa: S311
    public, public_coalitions = show_only(records, coalitions, ids)
    state, everything = SnapshotState(1, "v1"), [*public, *public_coalitions]
    narrow = Snapshot.build(Audience.STAFF, state, [*records, *coalitions], {}, []).narrow(
        Audience.PUBLIC, state, everything, {}, []
    )
    group = choose_group(seed, 2, public)
    assert tell(ask(narrow, group, mode)) == tell(ask(build_snapshot(public, public_coalitions), group, mode))


@FEW
@given(SEEDS, MODES)
def test_a_snapshot_that_follows_a_change_answers_like_a_new_one(seed: int, mode: AllyMode) -> None:
    records, coalitions = generate(seed % 8)
    rng, state = Random(seed), SnapshotState(1, "v1")  # noqa: S311
    ids = {one.id for one in rng.sample(records, COUNT * 2 // 3)}
    public, public_coalitions = show_only(records, coalitions, ids)
    staff = Snapshot.build(Audience.STAFF, state, [*records, *coalitions], {}, [])
    narrow = staff.narrow(Audience.PUBLIC, state, [*public, *public_coalitions], {}, [])
    ask(narrow, public[:1], mode)  # so that caches are filled
    numbers = rng.sample(range(COUNT), 6)
    known = {one.id for one in records}
    changed = show_only([generate_ally(rng, number) for number in numbers], [], known)[0]
    after = [*({one.id: one for one in records} | {one.id: one for one in changed}).values()]
    ids_after = (ids - {changed[0].id, changed[1].id}) | {changed[2].id}
    public_after, coalitions_after = show_only(after, coalitions, ids_after)
    before = {one.id: one for one in public}
    upserted = [one for one in public_after if before.get(one.id) != one]
    changes = {
        RecordKind.ORGANIZATION: RecordChanges([*(ids - ids_after)], upserted),
        RecordKind.COALITION: RecordChanges((), coalitions_after),
    }
    wider = advance(staff, *changed)
    slugs = {RecordKind.ORGANIZATION: {one.slug for one in (*changed, *records)}}
    followed = narrow.follow(wider, SnapshotChanges(STATE, changes, {}, []), slugs)
    group = choose_group(seed, 2, public_after)
    assert tell(ask(followed, group, mode)) == tell(ask(build_snapshot(public_after, coalitions_after), group, mode))
