import datetime as dt

import pytest

from directory.geo import Disclosure
from directory.live import Directory
from directory.publish import publish
from directory.records import Audience, Source, StoredOrganization
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.rows import Row
from seed.sources.dataset import derive_dataset_key
from tests.seed.plan_builders import EIN, NOW, a_dataset

DAY = dt.date(2024, 4, 30)


def import_row(store: Store, row: Row, **dataset: object) -> StoredOrganization:
    planned = plan_import(a_dataset([row], **dataset), store, today=NOW.date())
    apply_plan(planned, Directory(store), now=NOW, reason="test")
    ((record, _),) = store.load_organizations()
    return record


def a_row(number: int = 7, **fields: object) -> Row:
    return Row("members.csv", number, {"name": "Tenants Union", "identifiers": [EIN], **fields})


def origins(record: StoredOrganization, field: str) -> list[tuple[str | None, int | None]]:
    return [(source.origin, source.row) for source in record.sources if source.field == field]


def test_each_fact_knows_the_source_file_row_and_day_it_came_from(store: Store) -> None:
    record = import_row(
        store, a_row(founded=1986, locations=[{"city": "Atlanta", "state": "GA"}]), date=DAY, url="https://example.org"
    )
    assert {source.field for source in record.sources} == {"name", "identifiers", "founded", "locations"}
    assert record.sources[0] == Source(
        "name", "A list", "https://example.org", DAY, Disclosure.EXACT, origin="a-list", file="members.csv", row=7
    )


def test_the_date_of_a_row_takes_precedence_over_the_dataset(store: Store) -> None:
    row = Row("members.csv", 7, {"name": "Tenants Union"}, as_of=dt.date(2024, 1, 2))
    assert {source.date for source in import_row(store, row, date=DAY).sources} == {dt.date(2024, 1, 2)}


def test_a_source_is_removed_with_its_value(store: Store) -> None:
    import_row(store, a_row(website="https://old.example.org", communities=["youth"]))
    record = import_row(store, a_row(9, website="https://new.example.org", communities=["women"]), key="another", title="Another")
    assert origins(record, "website") == [("another", 9)]
    assert origins(record, "name") == [("a-list", 7)], "what another source only repeats keeps its source"
    cleared = import_row(store, a_row(10, website=None), key="third", title="Third")
    assert origins(cleared, "website") == []


def test_the_same_source_is_listed_once(store: Store) -> None:
    import_row(store, a_row(communities=["youth"]))
    record = import_row(store, a_row(12, communities=["youth", "women"]), date=DAY)
    assert origins(record, "communities") == [("a-list", 12)]
    assert origins(record, "name") == [("a-list", 7)]


def test_the_public_sees_the_title_but_neither_file_nor_row(store: Store) -> None:
    record = import_row(store, a_row(founded=1986))
    published = publish(record, Audience.PUBLIC, NOW, lambda _: True)
    assert published is not None
    sources = {(source.title, source.file, source.row, source.origin) for source in published.sources}
    assert sources == {("A list", None, None, None)}


def test_a_dataset_with_provenance_is_not_added(store: Store) -> None:
    assert import_row(store, a_row(founded=1986), has_provenance=True).sources == ()


def test_record_numbers_of_a_source_have_no_source(store: Store) -> None:
    row = Row("members.csv", 7, {"name": "Tenants Union"}, source_id="rec7")
    assert {source.field for source in import_row(store, row).sources} == {"name"}


@pytest.mark.parametrize(
    ("words", "key"), [("BAPD Members", "bapd-members"), ("  Año  Uno! ", "ano-uno"), ("", "list"), ("---", "list")]
)
def test_a_key_is_made_of_words(words: str, key: str) -> None:
    assert derive_dataset_key(words) == key
