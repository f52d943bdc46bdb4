"""Who is told where a fact comes from, and under which number a source knows the record."""

import datetime as dt

import pytest
from msgspec.json import encode
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.publish import classify_change, is_source_identifier, publish, publish_identifiers, publish_sources
from directory.records import Audience, Identifier, Organization, Source, VerificationMethod
from tests.builders import NOW, a_stored_organization

EIN, OWN = Identifier("US-EIN", "52-1633883"), Identifier("X-BAPD", "rec123")
DAY = dt.date(2026, 4, 1)
KEPT = Source("name", "A government list", "https://example.org/list", DAY, Disclosure.CITY, "a-list", "list of 5 Elm St.csv", 7)
TOLD = Source("name", "A government list", "https://example.org/list", DAY)


def told(*sources: Source, audience: Audience = Audience.PUBLIC) -> tuple[Source, ...]:
    return publish_sources(sources, audience, [])


@pytest.mark.parametrize("audience", list(Audience))
def test_from_which_row_of_which_file_a_fact_came_is_published_to_nobody(audience: Audience) -> None:
    assert told(KEPT, audience=audience) == (TOLD,)
    entry = a_stored_organization("A", sources=(KEPT,), verification_method=VerificationMethod.VISIT)
    written = encode(publish(entry, audience, NOW, lambda _: True))
    for private in (b"a-list", b"Elm", b"VISIT", b"method"):
        assert private not in written


def test_what_is_told_alike_is_told_once_and_kept_in_memory_once() -> None:
    again = replace(KEPT, row=8, file="another.csv")
    assert told(KEPT, again) == (TOLD,)
    assert told(KEPT)[0] is told(again)[0]
    assert told(KEPT, replace(KEPT, title="Another list"))[1].title == "Another list"


def test_another_row_or_file_changes_nothing_that_anybody_sees() -> None:
    one, other = (a_stored_organization("A", sources=(replace(KEPT, row=row, file=str(row), origin=str(row)),)) for row in (1, 2))
    for audience in Audience:
        before, after = (publish(entry, audience, NOW, lambda _: True) for entry in (one, other))
        assert classify_change(before, after) is None


def test_a_sources_own_number_is_for_staff() -> None:
    assert [publish_identifiers((OWN, EIN), audience) for audience in Audience] == [(EIN,), (EIN,), (OWN, EIN)]
    assert publish_identifiers((), Audience.PUBLIC) == ()
    assert (is_source_identifier(OWN), is_source_identifier(EIN), is_source_identifier(Identifier("XI-IATI", "1"))) == (
        True,
        False,
        False,
    )


def test_a_change_of_a_sources_own_number_shows_to_staff_alone() -> None:
    def published(number: str, audience: Audience) -> Organization | None:
        return publish(a_stored_organization("A", identifiers=(EIN, replace(OWN, value=number))), audience, NOW, lambda _: True)

    shown = [audience for audience in Audience if classify_change(published("1", audience), published("2", audience))]
    assert shown == [Audience.STAFF]
