"""Made-up names contain a town that does not exist and are marked as fictional."""

from random import Random

from cli.fictional.names import ACRONYM_MARK, MARK, MARK_ES, build_slug, draw_person_name
from cli.fictional.organizations import generate_fictional_organizations
from cli.fictional.phrases import PHRASES
from directory.gazetteer.gazetteer import get_gazetteer
from directory.records import NameKind
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.slugs import SLUG_LIMIT, check_slug

TOWNS = {first + second for first in PHRASES.towns.first for second in PHRASES.towns.second}


def is_marked(name: str) -> bool:
    return name.endswith((MARK, MARK_ES, ACRONYM_MARK))


def test_every_name_is_marked_as_fictional() -> None:
    for organization in list(generate_fictional_organizations(1_000))[1:]:
        assert is_marked(organization.name)
        assert all(is_marked(other.name) for other in organization.names)


def test_every_name_except_acronyms_contains_a_made_up_town() -> None:
    for organization in list(generate_fictional_organizations(1_000))[1:]:
        for name in (organization.name, *(other.name for other in organization.names if other.kind is not NameKind.ACRONYM)):
            assert any(word in TOWNS for word in name.split())


def test_no_made_up_town_exists() -> None:
    states = [region.code for region in REGIONS.list_of_kind(RegionKind.STATE) if region.code.startswith("US-")]
    assert get_gazetteer().find_city("Atlanta", "US-GA")
    assert not [town for town in TOWNS for state in states if get_gazetteer().find_city(town, state)]
    assert not [town for town in TOWNS if REGIONS.find(town)]


def test_persons_have_made_up_names() -> None:
    given_name, family_name = draw_person_name(Random(1)).split()  # noqa: S311
    assert given_name in PHRASES.given_names
    assert family_name in PHRASES.family_names


def test_slugs_of_long_names_are_valid_and_unique() -> None:
    long = build_slug("Quillo " * 60, 12345)
    assert check_slug(long) == long
    assert len(long) <= SLUG_LIMIT
    assert long != build_slug("Quillo " * 60, 12346)
