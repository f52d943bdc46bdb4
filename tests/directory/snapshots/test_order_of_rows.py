"""What decides between equals is published: never the order of rows, which depends on the past and on hidden records."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from directory.errors import BadInput
from directory.live import Directory
from directory.question import Question
from directory.records import Audience, StoredRecord
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Put
from directory.store.store import Store
from tests.builders import NOW, a_stored_coalition, a_stored_instrument, a_stored_provision, an_id

HIDDEN_RECORDS = 1_100  # more than MAX_ADDED_ROWS, so rows are numbered anew
ALLIANCES = [a_stored_coalition("Harbor Alliance", id=an_id(key), slug=f"harbor-{key}") for key in "ab"]
ARTICLES = [
    replace(a_stored_provision("5", name, id=an_id(f"5 {name}"), slug=f"article-{name.lower()}"), issue_areas=(topic,))
    for name, topic in (("Declaration", "housing"), ("Covenant", "immigration"))
]
INSTRUMENTS = [a_stored_instrument("Declaration"), a_stored_instrument("Covenant")]
SIMILAR = [a_stored_coalition(f"Tenants {key}", slug=f"tenants-{key}") for key in "abc"]


def suggest_slugs(snapshot: Snapshot) -> Any:
    with pytest.raises(BadInput) as raised:
        _ = snapshot.find(Question(coalition="tenants-d")).page
    return raised.value.params["suggestions"]


def name_alliance(snapshot: Snapshot) -> Any:
    return snapshot.record_phrases.match(["harbor", "alliance"], 0)


def name_article(snapshot: Snapshot) -> Any:
    return snapshot.record_phrases.match(["article", "5"], 0)


def write(directory: Directory, *records: StoredRecord) -> None:
    directory.write([Put(record) for record in records], actor="staff", now=NOW, reason="test")


@pytest.mark.parametrize(
    ("equals", "ask"), [(SIMILAR, suggest_slugs), (ALLIANCES, name_alliance), (ARTICLES, name_article)], ids=lambda one: ""
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_the_order_of_writes_does_not_matter(
    store: Store, equals: list[StoredRecord], ask: Callable[[Snapshot], Any], is_reversed: bool
) -> None:
    directory = Directory(store)
    directory.build_snapshots(Audience)
    write(directory, *INSTRUMENTS)
    for record in sorted(equals, key=lambda record: record.id, reverse=is_reversed):
        write(directory, record)
    snapshot = directory.get_snapshot(Audience.PUBLIC)
    assert ask(snapshot) == ask(Directory(store).get_snapshot(Audience.PUBLIC))


def test_hidden_records_do_not_decide_what_a_name_means(store: Store) -> None:
    directory = Directory(store)
    directory.build_snapshots(Audience)
    for record in sorted(ALLIANCES, key=lambda record: record.id, reverse=True):
        write(directory, record)
    before = directory.get_snapshot(Audience.PUBLIC)
    meaning = name_alliance(before)
    write(directory, *(a_stored_coalition(f"Hidden {number}", audience=Audience.STAFF) for number in range(HIDDEN_RECORDS)))
    after = directory.get_snapshot(Audience.PUBLIC)
    assert after.version == before.version
    assert name_alliance(after) == meaning
