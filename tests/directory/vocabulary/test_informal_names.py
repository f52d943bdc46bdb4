from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest

from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import PlaceKind
from directory.text import fold
from directory.vocabulary.informal_names import (
    AMBIGUOUS_NAMES,
    APPROXIMATE_NAMES,
    NEIGHBORHOODS,
    read_approximate_names,
    read_neighborhoods,
)
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

TABLES: tuple[Mapping[str, object], ...] = (APPROXIMATE_NAMES, AMBIGUOUS_NAMES, NEIGHBORHOODS)


@pytest.mark.parametrize("table", TABLES, ids=["approximate", "ambiguous", "neighborhoods"])
def test_names_are_folded_and_are_not_regions(table: Mapping[str, object]) -> None:
    assert table
    for name in table:
        assert name == fold(name)
        assert len(name) > 1
        assert not REGIONS.find(name), name


def test_no_name_is_in_two_tables() -> None:
    for one, other in combinations(TABLES, 2):
        assert not one.keys() & other.keys()


def test_an_approximate_name_means_states_or_one_county() -> None:
    for name, codes in APPROXIMATE_NAMES.items():
        kinds = [REGIONS.require(code).kind for code in codes]
        assert set(kinds) == {RegionKind.STATE} or kinds == [RegionKind.COUNTY], name
        assert len(codes) == len(set(codes)), name


def test_an_ambiguous_name_has_several_candidates_that_exist() -> None:
    for name, candidates in AMBIGUOUS_NAMES.items():
        assert 2 <= len(candidates) == len(set(candidates)) <= 6, name
        for candidate in candidates:
            assert get_gazetteer().get_place(candidate) if ":" in candidate else candidate in REGIONS, (name, candidate)


def test_a_neighborhood_is_in_a_city() -> None:
    for name, city in NEIGHBORHOODS.items():
        place = get_gazetteer().get_place(city)
        assert place, (name, city)
        assert place.kind is PlaceKind.CITY


@pytest.mark.parametrize(
    ("name", "city"),
    [
        ("Harlem", "city:US-NY:new york"),
        ("Bushwick", "city:US-NY:new york"),
        ("the South Side", "city:US-IL:chicago"),
        ("Pilsen", "city:US-IL:chicago"),
        ("Boyle Heights", "city:US-CA:los angeles"),
        ("Roxbury", "city:US-MA:boston"),
        ("Third Ward", "city:US-TX:houston"),
        ("Little Haiti", "city:US-FL:miami"),
        ("la pequena habana", "city:US-FL:miami"),
        ("Hyde Park, Chicago", "city:US-IL:chicago"),
    ],
)
def test_well_known_neighborhoods(name: str, city: str) -> None:
    assert NEIGHBORHOODS[fold(name)] == city


def test_names_with_several_meanings() -> None:
    assert {"US-CA-037", "RIO-GRANDE-VALLEY", "CENTRAL-VALLEY-CA", "US-METRO-38060"} <= set(AMBIGUOUS_NAMES["the valley"])
    assert AMBIGUOUS_NAMES["greater portland"] == ("US-METRO-38900", "US-METRO-38860")
    assert {"city:US-IL:chicago", "city:US-MA:boston"} <= set(AMBIGUOUS_NAMES["hyde park"])
    assert "chinatown" in AMBIGUOUS_NAMES


def test_approximate_names_in_both_languages() -> None:
    assert APPROXIMATE_NAMES["east texas"] == APPROXIMATE_NAMES["este de texas"] == ("US-TX",)
    assert APPROXIMATE_NAMES["san fernando valley"] == ("US-CA-037",)


def test_the_tables_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        NEIGHBORHOODS["harlem"] = "city:US-GA:harlem"  # type: ignore[index]


def test_a_name_listed_twice_is_refused(tmp_path: Path) -> None:
    toml, table = tmp_path / "names.toml", tmp_path / "names.csv"
    toml.write_text('[[approximate]]\nnames = ["The Hills", "the hills"]\nregions = ["US-TX"]\n')
    table.write_text("name,city,aliases,source\nThe Hills,city:US-TX:austin,the hills,\n")
    for read, path in ((read_approximate_names, toml), (read_neighborhoods, table)):
        with pytest.raises(ValueError, match="'the hills' is listed twice"):
            read(path)
