"""What is due: never verified or longer ago than a year, the most overdue first."""

import datetime as dt

from directory.curation.verification import list_overdue
from directory.records import Membership, MembershipStatus, Source, StoredOrganization, VerificationMethod
from tests.builders import a_stored_organization

TODAY = dt.date(2026, 6, 1)


def verified(name: str, days: int, **fields: object) -> StoredOrganization:
    moment = dt.datetime.combine(TODAY, dt.time(23, 59), dt.UTC) - dt.timedelta(days=days)
    return a_stored_organization(name, verified_at=moment, **fields)


def slugs(*entries: StoredOrganization, **asked: bool) -> list[str]:
    return [one.slug for one in list_overdue(entries, TODAY, **asked)]


def test_a_year_is_no_longer_than_a_year() -> None:
    assert slugs(verified("Now", 0), verified("Year", 365), verified("Over", 366), verified("Ahead", -1)) == ["over"]
    assert slugs() == []


def test_the_most_overdue_come_first() -> None:
    old, older = (Source("name", "A list", date=dt.date(year, 1, 1)) for year in (2020, 2010))
    entries = [
        verified("Year", 400),
        a_stored_organization("Never", sources=(Source("name", "A letter"),)),
        verified("Long", 4000),
        a_stored_organization("Beta", sources=(old,)),
        a_stored_organization("Alpha", sources=(old,)),
        a_stored_organization("Oldest", sources=(old, older)),
    ]
    assert slugs(*entries) == ["oldest", "alpha", "beta", "never", "long", "year"]


def test_it_tells_when_how_and_where_the_oldest_facts_come_from() -> None:
    newer, older = Source("name", "A", date=dt.date(2020, 1, 1)), Source("kind", "B", date=dt.date(2010, 1, 1))
    (one,) = list_overdue([verified("A", 400, verification_method=VerificationMethod.PHONE, sources=(newer, older))], TODAY)
    assert (one.name, one.days, one.method, one.source) == ("A", 400, VerificationMethod.PHONE, older)
    (never,) = list_overdue([a_stored_organization("A", verification_method=VerificationMethod.PHONE)], TODAY)
    assert (never.verified_at, never.days, never.method, never.source) == (None, None, None, None)


def test_members_alone_unless_everybody_is_asked_for() -> None:
    entries = [a_stored_organization(status, membership=Membership(status)) for status in MembershipStatus]
    assert slugs(*entries) == ["active"]
    assert sorted(slugs(*entries, include_nonmembers=True)) == ["active", "lapsed", "none", "prospect"]


def test_the_day_is_that_of_utc() -> None:
    evening = dt.datetime(2025, 5, 31, 20, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert slugs(a_stored_organization("A", verified_at=evening)) == []
