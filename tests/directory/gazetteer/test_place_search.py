from itertools import pairwise
from pathlib import Path

import pytest

from directory.errors import AmbiguousPlace, BadInput, UnknownPlace
from directory.gazetteer.gazetteer import Gazetteer, get_gazetteer
from directory.gazetteer.place_search import load_city_aliases


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return get_gazetteer()


class TestResolve:
    @pytest.mark.parametrize(
        ("words", "id_"),
        [
            ("atlanta", "city:US-GA:atlanta"),
            ("Atlanta, GA", "city:US-GA:atlanta"),
            ("  ATLANTA   georgia ", "city:US-GA:atlanta"),
            ("30312", "zip:30312"),
            ("Fulton County, GA", "county:US-GA-121"),
            ("fulton county georgia", "county:US-GA-121"),
            ("Georgia", "state:US-GA"),
            ("GA", "state:US-GA"),
            ("New York", "city:US-NY:new york"),
            ("new york ny", "city:US-NY:new york"),
            ("nueva york", "city:US-NY:new york"),
            ("New York State", "state:US-NY"),
            ("NYC", "region:NEW-YORK-CITY"),
            ("Washington", "city:US-DC:washington"),
            ("Washington, D.C.", "city:US-DC:washington"),
            ("washington state", "state:US-WA"),
            ("Chicago", "city:US-IL:chicago"),
            ("Houston", "city:US-TX:houston"),
            ("Portland", "city:US-OR:portland"),
            ("Portland, Maine", "city:US-ME:portland"),
            ("Springfield Missouri", "city:US-MO:springfield"),
            ("Kansas City", "city:US-MO:kansas city"),
            ("West Virginia", "state:US-WV"),
            ("Manhattan", "county:US-NY-061"),
            ("Brooklyn", "city:US-NY:brooklyn"),
            ("Bay Area", "region:BAY-AREA"),
            ("el Sur", "region:US-SOUTH"),
            ("Puerto Rico", "state:US-PR"),
            ("San Juan", "city:US-PR:san juan"),
            ("St. Louis County, MO", "county:US-MO-189"),
            ("Filadelfia", "city:US-PA:philadelphia"),
            ("Appalachia", "region:APPALACHIA"),  # also a town in Virginia
            ("Appalachia, VA", "city:US-VA:appalachia"),
            ("Pine Ridge", "region:PINE-RIDGE"),  # also towns in four states
            ("Pine Ridge, SD", "city:US-SD:pine ridge"),
            ("the Bay", "region:BAY-AREA"),
            ("Bay, AR", "city:US-AR:bay"),
            ("Atlanta metro area", "region:US-METRO-12060"),
            ("Abilene, TX metro area", "region:US-METRO-10180"),
            ("Abilene, TX", "city:US-TX:abilene"),
            ("Nación Navajo", "region:NAVAJO-NATION"),
        ],
    )
    def test_the_place_that_a_name_means(self, places: Gazetteer, words: str, id_: str) -> None:
        assert places.resolve(words).id == id_

    @pytest.mark.parametrize("words", ["Springfield", "Richmond", "Aurora", "Orange County", "Jackson"])
    def test_an_ambiguous_name_is_refused_with_candidates(self, places: Gazetteer, words: str) -> None:
        with pytest.raises(AmbiguousPlace) as refusal:
            places.resolve(words)
        candidates = refusal.value.params["candidates"]
        assert isinstance(candidates, list)
        assert len(candidates) > 1
        assert [places.resolve(candidate).name for candidate in candidates] == candidates

    def test_springfield_is_in_many_states(self, places: Gazetteer) -> None:
        with pytest.raises(AmbiguousPlace) as refusal:
            places.resolve("springfield")
        assert {"Springfield, IL", "Springfield, MA", "Springfield, MO"} <= set(refusal.value.params["candidates"])  # type: ignore[call-overload]

    @pytest.mark.parametrize("words", ["Mexico", "Canada", "Peru"])
    def test_a_country_does_not_mean_a_town_of_its_name(self, places: Gazetteer, words: str) -> None:
        with pytest.raises(AmbiguousPlace) as refusal:
            places.resolve(words)
        assert "outside the United States" in refusal.value.user_message

    def test_a_misspelled_name_gives_a_suggestion(self, places: Gazetteer) -> None:
        with pytest.raises(UnknownPlace) as refusal:
            places.resolve("Atlnta")
        assert refusal.value.params["suggestions"] == ["Atlanta, GA"]

    @pytest.mark.parametrize("words", ["", "   ", "?", "99999", "18768", "09001", "France", "\x00", "xyzzyqqq", "a" * 5000, "☃"])
    def test_nothing_is_guessed(self, places: Gazetteer, words: str) -> None:
        with pytest.raises(UnknownPlace) as refusal:
            places.resolve(words)
        assert isinstance(refusal.value, BadInput)
        assert len(refusal.value.user_message) < 250


class TestFind:
    def test_exact_names_come_before_names_that_start_so(self, places: Gazetteer) -> None:
        names = [place.name for place in places.autocomplete("new york", limit=5)]
        assert names[:2] == ["New York, NY", "New York"]
        assert "New York County, NY" in names

    def test_places_of_one_name_are_sorted_by_size(self, places: Gazetteer) -> None:
        sizes = [place.postal_codes for place in places.autocomplete("springfield", limit=20)]
        assert len(sizes) == 20
        assert all(one >= next_ for one, next_ in pairwise(sizes))

    @pytest.mark.parametrize(
        ("prefix", "name"),
        [
            ("atlan", "Atlanta, GA"),
            ("atlanta g", "Atlanta, GA"),
            ("geor", "Georgia"),
            ("303", "30303"),
            ("fulton county g", "Fulton County, GA"),
        ],
    )
    def test_an_incomplete_name_finds_places(self, places: Gazetteer, prefix: str, name: str) -> None:
        assert name in [place.name for place in places.autocomplete(prefix)]

    def test_abbreviations_come_only_if_nothing_else_matches(self, places: Gazetteer) -> None:
        assert "Atl, GA" not in [place.name for place in places.autocomplete("atl", limit=50)]
        assert [place.name for place in places.autocomplete("Virginia Bch")] == ["Virginia Bch, VA"]
        assert places.resolve("Atl").name == "Atl, GA"

    def test_each_place_comes_once_and_the_number_is_limited(self, places: Gazetteer) -> None:
        for limit in (0, 1, 3, 50):
            results = places.autocomplete("san", limit)
            assert len(results) <= limit
            assert len({place.id for place in results}) == len(results)

    @pytest.mark.parametrize("words", ["", " ", "!!", "qqqzzz", "99999", "999999999"])
    def test_nothing_found_is_empty(self, places: Gazetteer, words: str) -> None:
        assert places.autocomplete(words) == ()


class TestCityAliases:
    def test_an_alias_leads_to_the_cities_that_have_it(self, tmp_path: Path) -> None:
        path = tmp_path / "city_aliases.toml"
        path.write_text('"Boston, MA" = ["Beantown"]\n"Portland, OR" = ["PDX", "Beantown"]\n')
        ids_by_alias = load_city_aliases(path, {"US-MA:boston", "US-OR:portland"})
        assert ids_by_alias == {"beantown": ["city:US-MA:boston", "city:US-OR:portland"], "pdx": ["city:US-OR:portland"]}

    @pytest.mark.parametrize("city", ["Bostonn, MA", "Boston, NH", "Boston"])
    def test_an_alias_of_a_city_that_does_not_exist_is_named_with_its_file(self, tmp_path: Path, city: str) -> None:
        path = tmp_path / "city_aliases.toml"
        path.write_text(f'"{city}" = ["Beantown"]\n')
        with pytest.raises(ValueError, match=rf"city_aliases\.toml: there is no city \"{city}\".*Beantown"):
            load_city_aliases(path, {"US-MA:boston"})
