"""Stated fields of a row are applied, all others are kept."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from directory.drafts.draft_parts import LIST_LIMIT
from directory.geo import Disclosure
from directory.records import Link, PrivatePlace, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store
from seed.plan.import_plan import plan_import
from seed.plan.planned_row import OrganizationPlan, OrganizationRow, RowAction
from seed.rows import Row
from tests.seed.plan_builders import NOW, a_dataset, only_message, plan_one_row, plan_rows, seed_rows

UNION: dict[str, Any] = {
    "slug": "tu",
    "name": "Tenants Union of Atlanta",
    "names": [{"name": "TUA", "kind": "ACRONYM"}],
    "summary": "Defends tenants.",
    "founded": 1986,
    "website": "https://tua.example.org/",
    "issue_areas": ["housing"],
    "links": [{"kind": "donate", "url": "https://tua.example.org/give"}],
    "locations": [{"street": "12 Peachtree St NE", "city": "Atlanta", "state": "GA", "postal_code": "30303"}],
    "contacts": [{"role": "Office", "email": "info@tua.example.org"}, {"name": "Ana Reyes", "phone": "404 588 9761"}],
    "membership": {"status": "ACTIVE", "joined_on": "2015-03-01"},
}


def load_record(store: Store) -> StoredOrganization:
    (record,) = (record for record, _ in store.load_organizations())
    return record


def import_fields(store: Store, **fields: Any) -> StoredOrganization:
    """Return the stored record after an import of these fields."""
    seed_rows(store, UNION)
    seed_rows(store, {"slug": "tu", **fields})
    return load_record(store)


def find_changed_fields(store: Store, **fields: Any) -> set[str]:
    """Return the fields that a row changes, without its sources."""
    seed_rows(store, UNION)
    (item,) = plan_rows(store, {"slug": "tu", **fields}).items
    return set(item.changed_fields) - {"sources"}


@pytest.mark.parametrize("field", sorted(UNION.keys() - {"slug"}))
def test_a_field_that_is_stated_again_changes_nothing(store: Store, field: str) -> None:
    assert find_changed_fields(store, **{field: UNION[field]}) == set()


def test_a_row_of_one_field_changes_that_field_alone(store: Store) -> None:
    seed_rows(store, UNION)
    before = load_record(store)
    seed_rows(store, {"slug": "tu", "founded": 1987})
    changed = {
        field for field in StoredOrganization.__struct_fields__ if getattr(before, field) != getattr(load_record(store), field)
    }
    assert changed == {"founded", "sources"}


@pytest.mark.parametrize(
    ("field", "cleared"),
    [("website", None), ("founded", None), ("issue_areas", []), ("names", []), ("contacts", []), ("links", None), ("sites", [])],
)
def test_none_and_an_empty_list_clear_a_field(store: Store, field: str, cleared: object) -> None:
    record = import_fields(store, **{"locations" if field == "sites" else field: cleared})
    assert not getattr(record, field)


def test_terms_replace_the_stored_ones(store: Store) -> None:
    assert import_fields(store, issue_areas=["tenants", "workers"]).issue_areas == ("tenants", "workers")


def test_another_name_is_added(store: Store) -> None:
    record = import_fields(store, names=[{"name": "Sindicato de Inquilinos", "kind": "TRANSLATED", "language": "es"}])
    assert [name.name for name in record.names] == ["TUA", "Sindicato de Inquilinos"]


@pytest.mark.parametrize(("source", "acronyms"), [("a-list", ["AT"]), ("another-list", ["TUA", "AT"])])
def test_a_list_replaces_the_acronym_that_it_stated_itself_and_adds_to_others(
    store: Store, source: str, acronyms: list[str]
) -> None:
    seed_rows(store, UNION)
    seed_rows(store, {"slug": "tu", "names": [{"name": "AT", "kind": "ACRONYM"}]}, source=source)
    assert [name.name for name in load_record(store).names] == acronyms


@pytest.mark.parametrize(("source", "pages"), [("a-list", ["new"]), ("another-list", ["give", "new"])])
def test_a_list_replaces_the_link_that_it_stated_itself_and_adds_to_others(store: Store, source: str, pages: list[str]) -> None:
    seed_rows(store, UNION)
    seed_rows(store, {"slug": "tu", "links": [{"kind": "donate", "url": "https://tua.example.org/new"}]}, source=source)
    assert [link.url.rpartition("/")[2] for link in load_record(store).links] == pages


def test_a_name_in_capitals_does_not_rename(store: Store) -> None:
    assert find_changed_fields(store, name="TENANTS UNION OF ATLANTA") == set()
    assert find_changed_fields(store, name="Tua") == set()
    assert find_changed_fields(store, name="Tenants Union of Atlanta, Inc.") == set()


def test_the_list_that_named_it_renames_it_and_the_old_name_is_a_former_one(store: Store) -> None:
    record = import_fields(store, name="Georgia Tenants Federation")
    assert record.name == "Georgia Tenants Federation"
    assert ("Tenants Union of Atlanta", "FORMER") in [(name.name, name.kind.value) for name in record.names]


def test_a_different_name_in_another_list_does_not_rename(store: Store) -> None:
    seed_rows(store, UNION)
    seed_rows(store, {"slug": "tu", "name": "Georgia Tenants Federation"}, source="another-list")
    record = load_record(store)
    assert record.name == "Tenants Union of Atlanta"
    assert ("Georgia Tenants Federation", "ALSO_KNOWN_AS") in [(name.name, name.kind.value) for name in record.names]


def test_terms_of_another_list_are_added(store: Store) -> None:
    seed_rows(store, UNION)
    seed_rows(store, {"slug": "tu", "issue_areas": ["workers", "housing"]}, source="another-list")
    assert load_record(store).issue_areas == ("housing", "workers")


def test_a_row_with_the_id_may_rename(store: Store) -> None:
    seed_rows(store, UNION)
    (item,) = plan_rows(store, {"id": load_record(store).id, "name": "Tenants union of Atlanta"}).items
    assert item.changed_fields[0] == "name"


def test_membership_keeps_parts_that_are_not_stated(store: Store) -> None:
    membership = import_fields(store, membership={"status": "LAPSED"}).membership
    assert (membership.status.value, membership.joined_on) == ("LAPSED", dt.date(2015, 3, 1))


def test_a_contact_is_matched_by_its_name(store: Store) -> None:
    record = import_fields(store, contacts=[{"name": "Ana Reyes", "email": "ana@tua.example.org"}])
    assert len(record.contacts) == 2
    assert (record.contacts[1].phone, record.contacts[1].email) == ("+14045889761", "ana@tua.example.org")


def test_a_contact_of_another_person_is_added(store: Store) -> None:
    record = import_fields(store, contacts=[{"role": "Organizer", "name": "B. Cruz"}])
    assert [contact.name for contact in record.contacts] == [None, "Ana Reyes", "B. Cruz"]


def test_a_public_office_that_gets_a_persons_mailbox_is_shown_to_members(store: Store) -> None:
    record = import_fields(store, contacts=[{"role": "Office", "email": "ana.reyes@tua.example.org"}])
    office = record.contacts[0]
    assert (office.email, office.audience.value) == ("ana.reyes@tua.example.org", "MEMBERS")


def stored_street(store: Store) -> PrivatePlace | None:
    last = store.load_history(load_record(store).id)[-1].after
    assert last is not None
    return last.sites[0].private


def test_a_city_alone_removes_neither_street_nor_postal_code(store: Store) -> None:
    assert find_changed_fields(store, locations=[{"city": "Atlanta", "state": "Georgia"}]) == set()
    record = import_fields(store, founded=1990, locations=[{"city": "atlanta", "state": "GA"}])
    assert [(site.city, site.postal_code) for site in record.sites] == [("Atlanta", "30303")]
    assert stored_street(store) == PrivatePlace("12 Peachtree St NE")


def test_the_only_location_moves_and_keeps_its_disclosure(store: Store) -> None:
    hidden = {**UNION["locations"][0], "disclosure": "HIDDEN"}
    seed_rows(store, {**UNION, "locations": [hidden]})
    seed_rows(store, {"slug": "tu", "locations": [{"street": "1 River St", "city": "Savannah", "state": "GA"}]})
    (site,) = load_record(store).sites
    assert (site.city, site.postal_code, site.disclosure) == ("Savannah", None, Disclosure.HIDDEN)
    assert stored_street(store) == PrivatePlace("1 River St")


def test_a_second_location_is_added(store: Store) -> None:
    second = {"city": "Macon", "state": "GA"}
    record = import_fields(store, locations=[{"city": "Atlanta", "state": "GA"}, second])
    assert [site.city for site in record.sites] == ["Atlanta", "Macon"]
    assert len({site.id for site in record.sites}) == 2


def plan_fallback_fields(store: Store, key: str, **defaults: Any) -> OrganizationRow:
    row = Row("a.csv", 1, {"slug": "tu"}, fallback_fields=defaults)
    (item,) = plan_with_key(store, row, key).items
    return item


def plan_with_key(store: Store, row: Row, key: str) -> OrganizationPlan:
    return plan_import(a_dataset([row], key=key), store, today=NOW.date())


def test_a_fallback_field_applies_if_no_other_source_stated_it(store: Store) -> None:
    seed_rows(store, UNION)
    item = plan_fallback_fields(store, "other", issue_areas=["workers"], membership={"status": "PROSPECT"})
    assert item.action is RowAction.SKIP
    assert plan_fallback_fields(store, "other", description="More.").changed_fields == ("description",)
    assert plan_fallback_fields(store, "a-list", issue_areas=["workers"]).changed_fields == ("issue_areas",)


def test_a_new_record_gets_fallback_fields(store: Store) -> None:
    row = Row("a.csv", 1, {"name": "Other"}, fallback_fields={"membership": {"status": "PROSPECT"}})
    item = plan_with_key(store, row, "a-list").items[0]
    assert item.record_after is not None
    assert item.record_after.membership.status.value == "PROSPECT"


def edit_record(store: Store, at: dt.datetime, **fields: Any) -> None:
    store.write([Put(replace(load_record(store), **fields))], actor="a person", now=at, reason="called them")


def test_what_a_person_edited_later_than_the_source_is_proposed(store: Store) -> None:
    seed_rows(store, UNION)
    edit_record(store, NOW, founded=1984)
    row = Row("a.csv", 2, {"slug": "tu", "founded": 1986, "summary": "Organizes tenants."}, as_of=dt.date(2024, 4, 1))
    (item,) = plan_with_key(store, row, "a-list").items
    assert (item.action, item.changed_fields, item.proposed_fields) == (RowAction.UPDATE, ("summary",), ("founded",))
    assert item.record_after is not None
    assert item.proposed_record is not None
    assert item.record_after.founded == 1984
    assert item.proposed_record.founded == 1986


def test_a_source_that_is_later_than_the_edit_overwrites_it(store: Store) -> None:
    seed_rows(store, UNION)
    edit_record(store, NOW, founded=1984)
    row = Row("a.csv", 2, {"slug": "tu", "founded": 1986}, as_of=dt.date(2024, 6, 1))
    assert plan_with_key(store, row, "a-list").items[0].changed_fields == ("founded",)


def test_a_source_without_a_day_never_overwrites_an_edit(store: Store) -> None:
    seed_rows(store, UNION)
    edit_record(store, NOW, founded=1984)
    item = plan_one_row(store, slug="tu", name=UNION["name"], founded=1986)
    assert (item.action, item.proposed_fields) == (RowAction.SKIP, ("founded",))


def test_each_fact_knows_its_file_row_and_day(store: Store) -> None:
    row = Row("members.csv", 7, {"name": "Tenants Union", "founded": 1986}, as_of=dt.date(2024, 4, 1))
    (item,) = plan_with_key(store, row, "members").items
    assert item.record_after is not None
    sources = {source.field: source for source in item.record_after.sources}
    assert sources.keys() == {"name", "founded"}
    one = sources["founded"]
    assert (one.title, one.origin, one.file, one.row, one.date) == ("A list", "members", "members.csv", 7, dt.date(2024, 4, 1))


def test_lists_do_not_grow_beyond_what_can_be_imported_again(store: Store) -> None:
    def people(letter: str) -> list[dict[str, str]]:
        return [{"name": f"{letter} {number}"} for number in range(100)]

    seed_rows(store, {"slug": "tu", "name": "Tenants Union", "contacts": people("A")})
    assert plan_one_row(store, slug="tu", contacts=people("A")).action is RowAction.SKIP
    item = plan_one_row(store, slug="tu", contacts=people("B"))
    assert item.problems[0].path == ("contacts",)
    assert "200 contacts" in only_message(item)


def test_a_list_that_is_as_long_as_a_row_may_state_is_taken(store: Store) -> None:
    seed_rows(store, {"slug": "tu", "name": "Tenants Union", "contacts": [{"name": f"A {number}"} for number in range(99)]})
    assert plan_one_row(store, slug="tu", contacts=[{"name": "B 1"}]).action is RowAction.UPDATE
    assert f"{LIST_LIMIT + 1} contacts" in only_message(
        plan_one_row(store, slug="tu", contacts=[{"name": "B 1"}, {"name": "B 2"}])
    )


def test_an_organization_whose_list_is_too_long_already_can_still_be_changed(store: Store) -> None:
    seed_rows(store, UNION)
    record = load_record(store)
    many = tuple(Link("donate", f"https://tua.example.org/{number}") for number in range(LIST_LIMIT + 1))
    store.write([Put(replace(record, links=many))], actor="staff", now=NOW, reason="test")
    assert plan_one_row(store, slug="tu", name=UNION["name"], founded=1987).action is RowAction.UPDATE
