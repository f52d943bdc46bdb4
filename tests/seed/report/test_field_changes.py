from directory.records import Audience
from directory.store.store import Store
from seed.report.plan_report import build_row_report
from tests.seed.plan_builders import SHELTER, plan_rows, seed_rows

STAFFS = {"name": "A. Person", "email": "person@example.org", "audience": Audience.STAFF.value}


def test_of_contacts_and_places_only_those_are_told_that_differ(store: Store) -> None:
    """A report goes around: what the row leaves alone, above all what staff alone know, has no place in it."""
    seed_rows(store, {"slug": "tu", "name": "Tenants Union", "locations": [SHELTER], "contacts": [STAFFS]})
    office = {"role": "Office", "phone": "404 588 9761"}
    (item,) = plan_rows(
        store, {"slug": "tu", "locations": [SHELTER, {"city": "Macon", "state": "GA"}], "contacts": [office]}
    ).items
    told = {change.field: (change.old, change.new) for change in build_row_report(item).changes}
    assert told == {
        "locations": ("", "Macon, GA [HIDDEN]"),
        "contacts": ("", "Office +14045889761 [PUBLIC]"),
    }


def test_a_contact_that_changes_is_told_as_it_was_and_as_it_will_be(store: Store) -> None:
    seed_rows(store, {"slug": "tu", "name": "Tenants Union", "contacts": [STAFFS]})
    (item,) = plan_rows(store, {"slug": "tu", "contacts": [{"name": "A. Person", "phone": "404 588 9761"}]}).items
    (change,) = build_row_report(item).changes
    assert change.old == "A. Person person@example.org [STAFF]"
    assert change.new == "A. Person person@example.org +14045889761 [STAFF]"
