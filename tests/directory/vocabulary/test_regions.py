import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import UnknownRegion
from directory.vocabulary.region_files import Region, RegionKind, RegionRow
from directory.vocabulary.regions import REGIONS, Regions

CODES = st.sampled_from([region.code for region in REGIONS])
STATES = {region.code for region in REGIONS.list_of_kind(RegionKind.STATE) if region.code.startswith("US-")}
TERRITORIES = {"US-AS", "US-GU", "US-MP", "US-PR", "US-UM", "US-VI"}


def a_row(code: str, kind: RegionKind = RegionKind.COUNTRY, **rest: object) -> RegionRow:
    return RegionRow(Region(code, code.title(), None, kind), **rest)  # type: ignore[arg-type]


class TestContainment:
    def test_a_county_lies_in_everything_around_it_narrowest_first(self) -> None:
        assert REGIONS.containing_codes("US-GA-121") == (
            *("US-METRO-12060", "US-GA", "DEEP-SOUTH", "SOUTHEAST-CRESCENT", "US-SOUTH-ATLANTIC"),
            *("FEDERAL-REGION-4", "BEA-SOUTHEAST", "US-SOUTH", "US"),
        )

    def test_the_bay_area_covers_san_francisco_and_lies_in_california(self) -> None:
        assert REGIONS.covers("BAY-AREA", "US-CA-075")
        assert not REGIONS.covers("BAY-AREA", "US-CA")
        assert "US-CA" in REGIONS.containing_codes("BAY-AREA")
        assert len(REGIONS.contained_codes("BAY-AREA", RegionKind.COUNTY)) == 9

    def test_regions_that_cross_overlap_without_containing(self) -> None:
        assert REGIONS.covers("US-SOUTH-ATLANTIC", "DMV")
        assert REGIONS.overlaps("DMV", "US-SOUTH-ATLANTIC")
        assert REGIONS.overlaps("GULF-COAST", "US-SOUTH-ATLANTIC")
        assert not REGIONS.covers("US-SOUTH-ATLANTIC", "GULF-COAST")
        assert not REGIONS.overlaps("DMV", "US-NORTHEAST")

    def test_dc_is_a_state_and_a_county_and_the_broader_contains_the_narrower(self) -> None:
        assert REGIONS.containing_codes("US-DC-001")[0] == "US-DC"
        assert "US-DC-001" not in REGIONS.containing_codes("US-DC")
        assert REGIONS.overlaps("US-DC", "US-DC-001")

    def test_every_state_but_the_territories_lies_in_one_division_and_one_census_region(self) -> None:
        for state in STATES:
            kinds = [REGIONS.require(code).kind for code in REGIONS.containing_codes(state)]
            expected = 0 if state in TERRITORIES else 1
            assert kinds.count(RegionKind.CENSUS_DIVISION) == expected, state
            assert kinds.count(RegionKind.CENSUS_REGION) == expected, state

    def test_territories_are_in_the_country_and_together(self) -> None:
        assert set(REGIONS.contained_codes("US-TERRITORIES", RegionKind.STATE)) == TERRITORIES
        assert REGIONS.containing_codes("US-PR") == ("US-TERRITORIES", "FEDERAL-REGION-2", "US")

    def test_a_region_of_one_county_contains_the_county(self) -> None:
        outer = REGIONS.containing_codes("US-CA-073")
        assert outer[:2] == ("US-METRO-41740", "SOUTHERN-CALIFORNIA")
        assert REGIONS.containing_codes("US-AZ-019")[:2] == ("PASCUA-YAQUI", "US-METRO-46060")

    def test_a_metropolitan_area_may_cross_states(self) -> None:
        washington = "US-METRO-47900"
        assert REGIONS.covers(washington, "US-DC")
        assert not REGIONS.covers("US-DC", washington)
        assert {"US-MD", "US-VA", "US-WV"} <= REGIONS.overlapping_codes(washington)

    def test_the_only_states_in_a_metropolitan_area_are_dc_and_rhode_island(self) -> None:
        areas = REGIONS.list_of_kind(RegionKind.METRO_AREA)
        assert {code for area in areas for code in REGIONS.contained_codes(area.code, RegionKind.STATE)} == {"US-DC", "US-RI"}

    def test_no_county_is_in_two_metropolitan_areas(self) -> None:
        areas = REGIONS.list_of_kind(RegionKind.METRO_AREA)
        counties = [code for area in areas for code in REGIONS.contained_codes(area.code, RegionKind.COUNTY)]
        assert len(counties) == len(set(counties)) > 1100

    def test_a_country_without_parts_contains_nothing_and_lies_in_nothing(self) -> None:
        assert REGIONS.contained_codes("FR") == ()
        assert REGIONS.containing_codes("FR") == ()
        assert REGIONS.overlaps("FR", "FR")
        assert not REGIONS.overlaps("FR", "US")

    def test_regions_of_every_kind_have_a_country(self) -> None:
        assert [
            REGIONS.get_country_code(code) for code in ("US-GA-121", "BAY-AREA", "US-SOUTH", "US", "MX-OAX", "CA-QC", "FR")
        ] == [
            *["US"] * 4,
            "MX",
            "CA",
            "FR",
        ]

    @given(CODES, CODES)
    def test_containing_is_an_order_and_implies_overlap(self, one: str, other: str) -> None:
        assert REGIONS.overlaps(one, other) == REGIONS.overlaps(other, one)
        if REGIONS.covers(one, other):
            assert REGIONS.overlaps(one, other)
            assert one == other or not REGIONS.covers(other, one)
            assert set(REGIONS.containing_codes(one)) <= set(REGIONS.containing_codes(other))
        assert (one in REGIONS.containing_codes(other)) == (other in REGIONS.contained_codes(one))

    @given(CODES)
    def test_containing_regions_are_sorted_from_narrow_to_broad(self, code: str) -> None:
        outer = REGIONS.containing_codes(code)
        assert code not in outer
        for position, narrow in enumerate(outer):
            assert not any(REGIONS.covers(narrow, wide) for wide in outer[position + 1 :])


class TestRequire:
    def test_an_unknown_code_is_refused_with_similar_codes(self) -> None:
        with pytest.raises(UnknownRegion) as refusal:
            REGIONS.require("BAY-AERA")
        assert refusal.value.params == {"value": "BAY-AERA", "suggestions": ["BAY-AREA"]}
        assert "BAY-AREA" in refusal.value.user_message

    @pytest.mark.parametrize(
        ("typed", "suggested"),
        [
            ("Georgia", "US-GA"),
            ("GA ", "US-GA"),
            ("us-ga", "US-GA"),
            ("Nueva York", "US-NY"),
            ("PR", "US-PR"),
            ("Gerogia", "US-GA"),
        ],
    )
    def test_a_name_is_not_a_code_but_suggests_it(self, typed: str, suggested: str) -> None:
        with pytest.raises(UnknownRegion) as refusal:
            REGIONS.require(typed)
        suggestions = refusal.value.params["suggestions"]
        assert isinstance(suggestions, list)
        assert suggestions[0] == suggested

    @pytest.mark.parametrize("typed", ["", " ", "\x00", "☃", "qqqqqqqqqqqqqqqq", "'; DROP TABLE --", "a" * 5000])
    def test_nonsense_is_refused_without_a_guess(self, typed: str) -> None:
        assert REGIONS.get(typed) is None
        with pytest.raises(UnknownRegion) as refusal:
            REGIONS.require(typed)
        assert refusal.value.params["suggestions"] == []

    def test_every_method_refuses_an_unknown_region(self) -> None:
        for look_up in (REGIONS.containing_codes, REGIONS.contained_codes, REGIONS.get_country_code):
            with pytest.raises(UnknownRegion):
                look_up("US-XQ")
        for compare in (REGIONS.covers, REGIONS.overlaps):
            for pair in (("US-XQ", "US"), ("US", "US-XQ")):
                with pytest.raises(UnknownRegion):
                    compare(*pair)


class TestNames:
    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("georgia", "US-GA"),
            ("GA", "US-GA"),
            ("CA", "US-CA"),
            ("in", "US-IN"),
            ("us-ga", "US-GA"),
            ("Nueva York", "US-NY"),
            ("CAROLINA DEL NORTE", "US-NC"),
            ("Tejas", "US-TX"),
            ("el Sur", "US-SOUTH"),
            ("south", "US-SOUTH"),
            ("Mid-Atlantic", "US-MIDDLE-ATLANTIC"),
            ("the Bay Area", "BAY-AREA"),
            ("d.c.", "US-DC"),
            ("Fulton County, GA", "US-GA-121"),
            ("condado de fulton, georgia", "US-GA-121"),
            ("Brooklyn", "US-NY-047"),
            ("EE. UU.", "US"),
            ("U.S.", "US"),
            ("Mejico", "MX"),
            ("Cote d'Ivoire", "CI"),
            ("Greater Atlanta", "US-METRO-12060"),
            ("área metropolitana de Filadelfia", "US-METRO-37980"),
            ("Minneapolis-St. Paul", "US-METRO-33460"),
            ("Akron metro", "US-METRO-10420"),
            ("Metro Detroit", "METRO-DETROIT"),
            ("Greater Los Angeles", "GREATER-LOS-ANGELES"),
            ("Gran Los Ángeles", "GREATER-LOS-ANGELES"),
            ("the Twin Cities", "TWIN-CITIES"),
            ("Ciudades Gemelas", "TWIN-CITIES"),
            ("los Apalaches", "APPALACHIA"),
            ("the Delta", "DELTA"),
            ("el Delta", "DELTA"),
            ("Mississippi Delta", "MISSISSIPPI-DELTA"),
            ("the Bay", "BAY-AREA"),
            ("Nación Navajo", "NAVAJO-NATION"),
            ("Diné Bikéyah", "NAVAJO-NATION"),
            ("Pine Ridge Indian Reservation", "PINE-RIDGE"),
            ("SoCal", "SOUTHERN-CALIFORNIA"),
            ("northwest", "NORTHWEST"),
        ],
    )
    def test_found_by_any_spelling(self, words: str, code: str) -> None:
        assert REGIONS.find(words)[0].code == code

    def test_georgia_is_a_state_first_and_a_country_too(self) -> None:
        assert [region.code for region in REGIONS.find("Georgia")] == ["US-GA", "GE"]

    @pytest.mark.parametrize("words", ["", " ", "?!", "no such place"])
    def test_nothing_found_is_empty(self, words: str) -> None:
        assert REGIONS.find(words) == ()

    def test_common_words_are_not_region_phrases(self) -> None:
        assert not REGIONS.phrases().keys() & {"in", "or", "me", "us", "la", "de", "south", "west", "northwest", "pacific", ""}

    def test_every_region_is_found_by_its_own_labels(self) -> None:
        for region in REGIONS:
            for language in ("en", "es"):
                assert region in REGIONS.find(region.label(language)), region

    def test_labels(self) -> None:
        fulton, york = REGIONS.require("US-GA-121"), REGIONS.require("US-NY")
        assert (fulton.label(), fulton.label("es")) == ("Fulton County, GA", "Condado de Fulton, GA")
        assert (york.label(), york.label("es"), york.label("fr")) == ("New York", "Nueva York", "New York")


class TestRefusals:
    def test_a_code_given_twice_is_refused(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            Regions([a_row("XA"), a_row("XA")])

    def test_two_names_for_one_territory_are_refused(self) -> None:
        custom = RegionKind.CUSTOM
        with pytest.raises(ValueError, match="same territory"):
            Regions([a_row("XA"), a_row("ONE", custom, members=("XA",)), a_row("TWO", custom, members=("XA",))])

    def test_an_unknown_member_is_refused(self) -> None:
        with pytest.raises(ValueError, match="XB"):
            Regions([a_row("XA"), a_row("ONE", RegionKind.CUSTOM, members=("XB",))])
