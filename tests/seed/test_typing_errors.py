"""A list with one typing error in each name creates no records and no public names."""

import string
from collections.abc import Sequence
from random import Random

import pytest

from cli.fictional.organizations import seed_fictional_network
from directory.live import Directory
from directory.records import PrivatePlace, StoredOrganization
from directory.store.store import Store
from seed.plan.planned_row import OrganizationRow, RowAction
from tests.seed.plan_builders import NOW, plan_rows, seed_rows

COUNT = 60
ERRORS = ("missing letter", "double letter", "swapped letters", "wrong letter")


def misspell(name: str, error: str, rng: Random) -> str:
    """Return the name with one typing error in a random place."""
    while True:
        position = rng.randrange(len(name) - 1)
        one, other = name[position], name[position + 1]
        rest = name[:position], name[position + 1 :]
        new = {
            "missing letter": "".join(rest),
            "double letter": one.join((rest[0] + one, rest[1])),
            "swapped letters": rest[0] + other + one + name[position + 2 :],
            "wrong letter": rng.choice(string.ascii_lowercase).join(rest),
        }[error]
        if one.isalpha() and other.isalpha() and new.lower() != name.lower():
            return new


def pick_records(store: Store, rng: Random) -> list[tuple[StoredOrganization, str]]:
    """Return records that have a street and a ZIP code, with the street."""
    with store.begin_read() as reading:
        streets = reading.load_withheld_streets()
        records = [record for record, _ in reading.load_organizations()]
    found = []
    for record in records:
        place = record.sites[0] if record.sites else None
        street = (place.private or PrivatePlace()).street or streets.get(place.id) if place else None
        if place and place.postal_code and street:
            found.append((record, street))
    return rng.sample(found, COUNT)


def plan_with_errors(store: Store, picked: Sequence[tuple[StoredOrganization, str]], rng: Random) -> Sequence[OrganizationRow]:
    rows = []
    for number, (record, street) in enumerate(picked):
        place = record.sites[0]
        location = {"street": street, "city": place.city, "state": place.state, "postal_code": place.postal_code}
        rows.append({"name": misspell(record.name, ERRORS[number % len(ERRORS)], rng), "locations": [location]})
    return plan_rows(store, *rows, source="misspelled").items


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_record_and_no_name_is_created(store: Store, seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - test data
    seed_fictional_network(Directory(store), 400, seed=seed, now=NOW)
    picked = pick_records(store, rng)
    items = plan_with_errors(store, picked, rng)
    found = 0
    for item, (record, _) in zip(items, picked, strict=True):
        assert item.action in (RowAction.UPDATE, RowAction.SKIP, RowAction.REVIEW), item.row.fields["name"]
        if item.record_after is not None:
            assert (item.record_after.name, item.record_after.names) == (record.name, record.names)
        found += record.id in (item.record_before.id if item.record_before else "", *(one.id for one in item.candidates))
    assert found == COUNT
    assert {item.action for item in items} >= {RowAction.SKIP, RowAction.REVIEW}, "both verdicts occur"


def test_a_misspelling_is_found_among_many_records_in_one_building(store: Store) -> None:
    """More neighbors than are all compared, and no error that the index of misspelled words knows."""
    place = {"street": "600 Commons Way", "city": "Madison", "state": "WI", "postal_code": "53703"}
    words = ("Aspen", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper", "Kapok", "Larch")
    seed_rows(store, *({"name": f"{word} Law Fund", "same_as": "new", "locations": [place]} for word in words))
    for name in ("Xedar Law Fund", "Hzael Law Fund", "Fir Law Fun"):
        (item,) = plan_rows(store, {"name": name, "locations": [place]}, source="misspelled").items
        true_name = {"X": "Cedar Law Fund", "H": "Hazel Law Fund", "F": "Fir Law Fund"}[name[0]]
        assert item.action is not RowAction.CREATE
        names = (item.record_before.name if item.record_before else "", *(one.name for one in item.candidates))
        assert true_name in names


def test_a_list_that_corrects_its_misspelled_name_leaves_no_former_name(store: Store) -> None:
    place = {"street": "88 Canal St", "city": "Troy", "state": "NY", "postal_code": "12180"}
    seed_rows(store, {"name": "Coaltion for Immigrant Dignity", "locations": [place]})
    seed_rows(store, {"name": "Coalition for Immigrant Dignity", "locations": [place]})
    ((record, _),) = store.load_organizations()
    assert (record.name, record.names) == ("Coalition for Immigrant Dignity", ())
