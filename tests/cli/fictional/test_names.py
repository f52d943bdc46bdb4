"""Invented names: of places that exist nowhere, each with the word that says so."""

from random import Random

from cli.fictional.names import ACRONYM_MARK, MARK, MARK_ES, build_slug, draw_person_name
from cli.fictional.organizations import generate_fictional_organizations
from cli.fictional.phrases import PHRASES
from directory.gazetteer.gazetteer import get_gazetteer
from directory.records import NameKind
from directory.slugs import SLUG_LIMIT, check_slug
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

TOWNS = {first + second for first in PHRASES.towns.first for second in PHRASES.towns.second}


def marked(name: str) -> bool:
    return name.endswith((MARK, MARK_ES, ACRONYM_MARK))


def test_every_name_says_that_it_is_fictional() -> None:
    for one in list(generate_fictional_organizations(1_000))[1:]:
        assert marked(one.name)
        assert all(marked(other.name) for other in one.names)


def test_every_name_but_acronyms_carries_an_invented_town() -> None:
    for one in list(generate_fictional_organizations(1_000))[1:]:
        for name in (one.name, *(other.name for other in one.names if other.kind is not NameKind.ACRONYM)):
            assert any(word in TOWNS for word in name.split())


def test_no_invented_town_is_a_place() -> None:
    states = [region.code for region in REGIONS.list_of_kind(RegionKind.STATE) if region.code.startswith("US-")]
    assert get_gazetteer().find_city("Atlanta", "US-GA")
    assert not [town for town in TOWNS for state in states if get_gazetteer().find_city(town, state)]
    assert not [town for town in TOWNS if REGIONS.find(town)]


def test_nobody_bears_an_invented_persons_name() -> None:
    given, family = draw_person_name(Random(1)).split()  # noqa: S311
    assert given in PHRASES.given_names
    assert family in PHRASES.family_names


def test_a_slug_is_its_numbers_own_however_long_the_name() -> None:
    long = build_slug("Quillo " * 60, 12345)
    assert check_slug(long) == long
    assert len(long) <= SLUG_LIMIT
    assert long != build_slug("Quillo " * 60, 12346)
