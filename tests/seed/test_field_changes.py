from directory.records import Audience
from directory.store.store import Store
from seed.plan_report import build_row_report
from tests.seed.plan_builders import SHELTER, plan_rows, seed_rows

STAFF_CONTACT = {"name": "A. Person", "email": "person@example.org", "audience": Audience.STAFF.value}


def test_only_changed_contacts_and_locations_are_reported(store: Store) -> None:
    """Reports are shared, so they must not contain private parts of a record that the row keeps."""
    seed_rows(store, {"slug": "tu", "name": "Tenants Union", "locations": [SHELTER], "contacts": [STAFF_CONTACT]})
    office = {"role": "Office", "phone": "404 588 9761"}
    (item,) = plan_rows(
        store, {"slug": "tu", "locations": [SHELTER, {"city": "Macon", "state": "GA"}], "contacts": [office]}
    ).items
    changes = {change.field: (change.old, change.new) for change in build_row_report(item).changes}
    assert changes == {
        "locations": ("", "Macon, GA [HIDDEN]"),
        "contacts": ("", "Office +14045889761 [PUBLIC]"),
    }


def test_a_changed_contact_is_reported_before_and_after(store: Store) -> None:
    seed_rows(store, {"slug": "tu", "name": "Tenants Union", "contacts": [STAFF_CONTACT]})
    (item,) = plan_rows(store, {"slug": "tu", "contacts": [{"name": "A. Person", "phone": "404 588 9761"}]}).items
    (change,) = build_row_report(item).changes
    assert change.old == "A. Person person@example.org [STAFF]"
    assert change.new == "A. Person person@example.org +14045889761 [STAFF]"
