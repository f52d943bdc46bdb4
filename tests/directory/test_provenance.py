"""Which audience sees the sources of facts and the record numbers of the sources."""

import datetime as dt

import pytest
from msgspec.json import encode
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.publish import classify_change, is_source_identifier, publish, publish_identifiers, publish_organization_sources
from directory.records import Audience, Identifier, Organization, Source, VerificationMethod
from tests.builders import NOW, a_stored_organization

EIN, OWN = Identifier("US-EIN", "52-1633883"), Identifier("X-BAPD", "rec123")
DAY = dt.date(2026, 4, 1)
STORED = Source(
    "name", "A government list", "https://example.org/list", DAY, Disclosure.CITY, "a-list", "list of 5 Elm St.csv", 7
)
PUBLISHED = Source("name", "A government list", "https://example.org/list", DAY)


def publish_for(*sources: Source, audience: Audience = Audience.PUBLIC) -> tuple[Source, ...]:
    return publish_organization_sources(sources, audience, [])


@pytest.mark.parametrize("audience", list(Audience))
def test_the_row_and_file_of_a_fact_are_never_published(audience: Audience) -> None:
    assert publish_for(STORED, audience=audience) == (PUBLISHED,)
    entry = a_stored_organization("A", sources=(STORED,), verification_method=VerificationMethod.VISIT)
    encoded = encode(publish(entry, audience, NOW, lambda _: True))
    for private in (b"a-list", b"Elm", b"VISIT", b"method"):
        assert private not in encoded


def test_equal_published_sources_are_listed_once_and_share_one_object() -> None:
    again = replace(STORED, row=8, file="another.csv")
    assert publish_for(STORED, again) == (PUBLISHED,)
    assert publish_for(STORED)[0] is publish_for(again)[0]
    assert publish_for(STORED, replace(STORED, title="Another list"))[1].title == "Another list"


def test_another_row_or_file_is_not_a_visible_change() -> None:
    one, other = (
        a_stored_organization("A", sources=(replace(STORED, row=row, file=str(row), origin=str(row)),)) for row in (1, 2)
    )
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


def test_only_staff_see_a_change_of_a_sources_own_number() -> None:
    def publish_with(number: str, audience: Audience) -> Organization | None:
        return publish(a_stored_organization("A", identifiers=(EIN, replace(OWN, value=number))), audience, NOW, lambda _: True)

    shown = [audience for audience in Audience if classify_change(publish_with("1", audience), publish_with("2", audience))]
    assert shown == [Audience.STAFF]
