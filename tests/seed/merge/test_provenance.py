import datetime as dt

import pytest

from directory.geo import Disclosure
from directory.publish import publish
from directory.records import Audience, Source, StoredOrganization
from directory.store.store import Store
from seed.merge.provenance import derive_dataset_key
from seed.plan.import_plan import apply_plan, plan_import
from seed.rows import Row
from tests.seed.plan_builders import EIN, NOW, a_dataset

DAY = dt.date(2024, 4, 30)


def fed(store: Store, row: Row, **dataset: object) -> StoredOrganization:
    planned = plan_import(a_dataset([row], **dataset), store, today=NOW.date())
    apply_plan(planned, store, now=NOW, reason="test")
    ((entry, _),) = store.load_organizations()
    return entry


def a_row(number: int = 7, **stated: object) -> Row:
    return Row("members.csv", number, {"name": "Tenants Union", "identifiers": [EIN], **stated})


def origins(entry: StoredOrganization, field: str) -> list[tuple[str | None, int | None]]:
    return [(source.origin, source.row) for source in entry.sources if source.field == field]


def test_each_fact_knows_the_source_file_row_and_day_it_came_from(store: Store) -> None:
    entry = fed(store, a_row(founded=1986, locations=[{"city": "Atlanta", "state": "GA"}]), date=DAY, url="https://example.org")
    assert {source.field for source in entry.sources} == {"name", "identifiers", "founded", "locations"}
    assert entry.sources[0] == Source(
        "name", "A list", "https://example.org", DAY, Disclosure.EXACT, origin="a-list", file="members.csv", row=7
    )


def test_a_rows_own_day_goes_before_the_files(store: Store) -> None:
    row = Row("members.csv", 7, {"name": "Tenants Union"}, as_of=dt.date(2024, 1, 2))
    assert {source.date for source in fed(store, row, date=DAY).sources} == {dt.date(2024, 1, 2)}


def test_a_source_goes_with_the_value_that_it_gave(store: Store) -> None:
    fed(store, a_row(website="https://old.example.org", communities=["youth"]))
    entry = fed(store, a_row(9, website="https://new.example.org", communities=["women"]), key="another", title="Another")
    assert origins(entry, "website") == [("another", 9)]
    assert origins(entry, "name") == [("a-list", 7)], "what another source only repeats keeps its source"
    cleared = fed(store, a_row(10, website=None), key="third", title="Third")
    assert origins(cleared, "website") == []


def test_the_same_source_again_is_not_told_twice(store: Store) -> None:
    fed(store, a_row(communities=["youth"]))
    entry = fed(store, a_row(12, communities=["youth", "women"]), date=DAY)
    assert origins(entry, "communities") == [("a-list", 12)]
    assert origins(entry, "name") == [("a-list", 7)]


def test_the_public_is_told_the_title_and_neither_file_nor_row(store: Store) -> None:
    entry = fed(store, a_row(founded=1986))
    told = publish(entry, Audience.PUBLIC, NOW, lambda _: True)
    assert told is not None
    assert {(source.title, source.file, source.row, source.origin) for source in told.sources} == {("A list", None, None, None)}


def test_a_dataset_that_states_its_sources_is_given_none(store: Store) -> None:
    assert fed(store, a_row(founded=1986), has_provenance=True).sources == ()


def test_a_sources_own_numbers_need_no_source(store: Store) -> None:
    row = Row("members.csv", 7, {"name": "Tenants Union"}, source_id="rec7")
    assert {source.field for source in fed(store, row).sources} == {"name"}


@pytest.mark.parametrize(
    ("words", "key"), [("BAPD Members", "bapd-members"), ("  Año  Uno! ", "ano-uno"), ("", "list"), ("---", "list")]
)
def test_a_key_is_made_of_words(words: str, key: str) -> None:
    assert derive_dataset_key(words) == key
