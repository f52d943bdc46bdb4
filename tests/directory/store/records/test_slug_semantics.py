"""The store answers every question about slugs as if every slug had a row, after any sequence of writes."""

import random

import pytest
from msgspec.structs import replace

from directory.errors import BadInput
from directory.records import Audience, RecordKind, StoredOrganization
from directory.store.ledger.edits import Edit, Put, RecordId, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.records.reference_slugs import ReferenceSlugs, Request, TakenSlugError

NAMES = "ABCD"
PLAIN_SLUGS = ("harbor", "bay", "cove")
WRITES = 25
SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 12))]


class SuffixCounter:
    """Counts with the digits that suffixes may have."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> str:
        self.number += 1
        return "bcdfg" + "".join("23456789"[int(digit)] for digit in f"{self.number:05o}")


@pytest.mark.parametrize("seed", SEEDS)
def test_slugs_lead_where_explicit_rows_would_lead(sqlite_url: str, seed: int) -> None:
    suffixes = SuffixCounter(), SuffixCounter()
    store = Store.open(sqlite_url, suffixes[0])
    store.migrate()
    reference, choose = ReferenceSlugs(suffixes[1]), random.Random(seed)  # noqa: S311 - repeatable on purpose
    outcomes = []
    for _ in range(WRITES):
        outcomes.append(_write_both(store, reference, choose))
        suffixes[0].number = suffixes[1].number = max(suffix.number for suffix in suffixes)  # a refused write uses some up
    assert outcomes.count(True) > WRITES / 2  # most writes are accepted
    store.close()


def _write_both(store: Store, reference: ReferenceSlugs, choose: random.Random) -> bool:
    """Apply the same random edits to both, and compare every answer. Returns whether they were accepted."""
    requests = [_generate_request(reference, name, choose) for name in choose.sample(NAMES, choose.choice((1, 1, 2, 3)))]
    edits = [_build_edit(store, request, choose) for request in requests]
    refused = False
    try:
        store.write(edits, actor="tester", now=NOW, reason="a test")
    except BadInput as refusal:
        refused = True
        if refusal.params.get("argument") != "slug":  # for example a merge into a removed record, or two slugs exchanged
            return False
    if refused:
        with pytest.raises(TakenSlugError):
            reference.write(requests)
    else:
        reference.write(requests)
    _compare(store, reference)
    return not refused


def _generate_request(reference: ReferenceSlugs, name: str, choose: random.Random) -> Request:
    organization_id = an_id(name)
    if organization_id in reference.slugs and choose.random() < 0.2:
        others = [other for other in reference.slugs if other != organization_id]
        return Request(organization_id, survivor=choose.choice([None, *others]))
    slug = choose.choice([*PLAIN_SLUGS, *sorted(reference.slugs.values())])
    if choose.random() < 0.4:
        slug = reference.slugs.get(organization_id, slug)
    return Request(organization_id, slug, choose.choice(list(Audience)), is_flexible=choose.random() < 0.3)


def _build_edit(store: Store, request: Request, choose: random.Random) -> Edit:
    if request.audience is None:
        return Remove(request.id, survivor_id=request.survivor)
    current = {record.id: record for record, _ in store.load_organizations([request.id])}
    record: StoredOrganization = current.get(request.id) or a_stored_organization("A", id=request.id)
    changed = replace(record, slug=request.slug, audience=request.audience, summary=str(choose.random()))
    return Put(changed, allow_other_slug=request.is_flexible)


def _compare(store: Store, reference: ReferenceSlugs) -> None:
    assert {record.id: record.slug for record, _ in store.load_organizations()} == reference.slugs
    slugs = reference.list_slugs()
    with store.begin_read() as reading:
        audiences = reading.load_audiences()
        for audience in Audience:
            for ids in (None, [RecordId(RecordKind.ORGANIZATION, an_id(name)) for name in NAMES]):
                targets = reading.load_key_targets(ids)[audience].slugs.get(RecordKind.ORGANIZATION, {})
                visible = {slug: id_ for slug, id_ in targets.items() if id_ in audiences and audience.sees(audiences[id_])}
                wanted = {slug: reference.find_target(slug, audience) for slug in slugs}
                assert visible == {slug: target for slug, target in wanted.items() if target is not None}
    assert find_ledger_inconsistencies(store) == []
