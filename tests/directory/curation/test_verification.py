"""Records are due if they were never verified or more than a year ago, the most overdue first."""

import datetime as dt

from directory.curation.verification import list_overdue
from directory.records import Membership, MembershipStatus, Source, StoredOrganization, VerificationMethod
from tests.builders import a_stored_organization

TODAY = dt.date(2026, 6, 1)


def a_verified_organization(name: str, days: int, **fields: object) -> StoredOrganization:
    moment = dt.datetime.combine(TODAY, dt.time(23, 59), dt.UTC) - dt.timedelta(days=days)
    return a_stored_organization(name, verified_at=moment, **fields)


def slugs(*entries: StoredOrganization, **options: bool) -> list[str]:
    return [record.slug for record in list_overdue(entries, TODAY, **options)]


def test_a_record_is_due_after_more_than_a_year() -> None:
    assert slugs(
        a_verified_organization("Now", 0),
        a_verified_organization("Year", 365),
        a_verified_organization("Over", 366),
        a_verified_organization("Ahead", -1),
    ) == ["over"]
    assert slugs() == []


def test_the_most_overdue_come_first() -> None:
    old, older = (Source("name", "A list", date=dt.date(year, 1, 1)) for year in (2020, 2010))
    entries = [
        a_verified_organization("Year", 400),
        a_stored_organization("Never", sources=(Source("name", "A letter"),)),
        a_verified_organization("Long", 4000),
        a_stored_organization("Beta", sources=(old,)),
        a_stored_organization("Alpha", sources=(old,)),
        a_stored_organization("Oldest", sources=(old, older)),
    ]
    assert slugs(*entries) == ["oldest", "alpha", "beta", "never", "long", "year"]


def test_a_due_record_states_its_verification_and_oldest_source() -> None:
    newer, older = Source("name", "A", date=dt.date(2020, 1, 1)), Source("kind", "B", date=dt.date(2010, 1, 1))
    (overdue,) = list_overdue(
        [a_verified_organization("A", 400, verification_method=VerificationMethod.PHONE, sources=(newer, older))], TODAY
    )
    assert (overdue.name, overdue.days, overdue.method, overdue.source) == ("A", 400, VerificationMethod.PHONE, older)
    (never,) = list_overdue([a_stored_organization("A", verification_method=VerificationMethod.PHONE)], TODAY)
    assert (never.verified_at, never.days, never.method, never.source) == (None, None, None, None)


def test_only_active_members_are_listed_unless_all_are_requested() -> None:
    entries = [a_stored_organization(status, membership=Membership(status)) for status in MembershipStatus]
    assert slugs(*entries) == ["active"]
    assert sorted(slugs(*entries, include_nonmembers=True)) == ["active", "lapsed", "none", "prospect"]


def test_days_are_counted_in_utc() -> None:
    evening = dt.datetime(2025, 5, 31, 20, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert slugs(a_stored_organization("A", verified_at=evening)) == []
