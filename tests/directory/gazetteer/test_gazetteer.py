import pytest
import zipcodes

from directory.gazetteer.gazetteer import Gazetteer, get_gazetteer
from directory.gazetteer.place import MIN_RADIUS_KM, Place, PlaceKind, make_county_key
from directory.gazetteer.postal_columns import COUNTY_NAME_CORRECTIONS, MILITARY_CITIES
from directory.geo import Point, distance_km
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

OTHER_STATES = {"AA", "AE", "AP", "FM", "MH", "PW"}
NO_CENTROID = {"18768"}  # a mail distribution center without a coordinate, a county or a city


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return get_gazetteer()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    all_rows: list[dict[str, str]] = zipcodes.list_all()  # type: ignore[no-untyped-call]
    return [row for row in all_rows if row["state"] not in OTHER_STATES and row["city"] not in MILITARY_CITIES]


def require_place(place: Place | None) -> Place:
    assert place is not None
    return place


class TestEveryRow:
    def test_every_postal_code_is_a_place_in_its_state(self, places: Gazetteer, rows: list[dict[str, str]]) -> None:
        missing = set()
        for row in rows:
            place = places.find_postal_code(row["zip_code"])
            if place is None:
                missing.add(row["zip_code"])
                continue
            assert place.state == f"US-{row['state']}"
            assert place.state in place.regions
            assert place.county is None or place.regions[0] == place.county
            assert place.radius_km >= MIN_RADIUS_KM[place.kind]
            assert place.point != Point(0, 0)
        assert missing == NO_CENTROID

    def test_every_county_name_is_exactly_one_census_county(self, rows: list[dict[str, str]]) -> None:
        names = {(f"US-{row['state']}", row["county"]) for row in rows if row["county"]}
        counties: dict[tuple[str, str], list[str]] = {}
        for county in REGIONS.list_of_kind(RegionKind.COUNTY):
            counties.setdefault((county.code[:5], make_county_key(county.name)), []).append(county.code)
        unmatched = {name for name in names if len(counties.get((name[0], make_county_key(name[1])), ())) != 1}
        assert unmatched == set(COUNTY_NAME_CORRECTIONS)
        assert all(code in REGIONS for code in COUNTY_NAME_CORRECTIONS.values())

    def test_almost_all_stated_counties_are_used(self, places: Gazetteer, rows: list[dict[str, str]]) -> None:
        without = [row for row in rows if row["county"] and not getattr(places.find_postal_code(row["zip_code"]), "county", None)]
        assert len(without) < 120
        assert all(
            row["zip_code_type"] != "STANDARD"
            or not row["active"]
            or ("US-" + row["state"], row["county"]) in COUNTY_NAME_CORRECTIONS
            for row in without
        )

    def test_military_mail_and_freely_associated_states_are_not_places(self, places: Gazetteer) -> None:
        for code in ("09001", "96201", "34001", "09905", "96941", "96960", "96940"):
            assert places.find_postal_code(code) is None

    def test_every_city_is_consistent_and_found_by_its_id_and_name(self, places: Gazetteer) -> None:
        for number, city in enumerate(places.iter_cities()):
            assert city.state in city.regions
            assert city.county is None or city.county == city.regions[0]
            assert 5 <= city.radius_km < 100 or city.state == "US-AK", city
            if number % 40 == 0:
                assert places.get_place(city.id) == city
                assert places.resolve(city.name).id == city.id

    def test_every_county_and_state_is_found_by_its_name(self, places: Gazetteer) -> None:
        for kind in (RegionKind.COUNTY, RegionKind.STATE):
            for region in REGIONS.list_of_kind(kind)[::9]:
                place = places.find_region(region.code)
                if place:
                    assert place.regions[0] == region.code
                    assert places.get_place(place.id) == place
                    assert place in places.autocomplete(place.name)


class TestPostalCode:
    @pytest.mark.parametrize(
        ("code", "latitude", "longitude"),
        [("30312", 33.746, -84.372), ("90012", 34.06, -118.24), ("02134", 42.358, -71.13), ("96813", 21.31, -157.85)],
    )
    def test_the_point_is_right(self, places: Gazetteer, code: str, latitude: float, longitude: float) -> None:
        assert distance_km(require_place(places.find_postal_code(code)).point, Point(latitude, longitude)) < 5

    def test_zip_plus_four_is_the_zip(self, places: Gazetteer) -> None:
        assert places.find_postal_code("30312-1234") == places.find_postal_code(" 30312 ")

    @pytest.mark.parametrize(
        "code", ["", "3031", "303121", "30312-12", "303121234", "3O312", "٣٠٣١٢", "00000", "2134.0", "-0312"]
    )
    def test_other_texts_are_none(self, places: Gazetteer, code: str) -> None:
        assert places.find_postal_code(code) is None

    def test_a_po_box_without_a_centroid_has_the_point_of_its_city(self, places: Gazetteer) -> None:
        box, city = require_place(places.find_postal_code("46245")), require_place(places.find_city("Indianapolis", "IN"))
        assert box.point == city.point
        assert box.postal_codes == 0

    def test_a_po_box_of_dc(self, places: Gazetteer) -> None:
        box = require_place(places.find_postal_code("20013"))
        assert (box.city, box.state, box.county) == ("Washington", "US-DC", "US-DC-001")

    def test_a_county_in_another_state_is_dropped(self, places: Gazetteer) -> None:
        assert require_place(places.find_postal_code("30138")).regions == ("US-GA", *REGIONS.containing_codes("US-GA"))

    def test_a_county_far_from_the_city_is_dropped(self, places: Gazetteer) -> None:
        assert require_place(places.find_postal_code("79942")).county is None

    def test_territories_without_counties_in_the_data(self, places: Gazetteer) -> None:
        assert require_place(places.find_postal_code("96910")).regions[:2] == ("US-GU-010", "US-GU")  # Guam is one county
        assert require_place(places.find_postal_code("96950")).regions == ("US-MP", "US-TERRITORIES", "FEDERAL-REGION-9", "US")
        assert require_place(places.find_postal_code("00802")).regions == ("US-VI", "US-TERRITORIES", "FEDERAL-REGION-2", "US")


class TestCity:
    def test_the_regions_are_those_that_its_postal_codes_share(self, places: Gazetteer) -> None:
        atlanta, chicago = require_place(places.find_city("Atlanta", "GA")), require_place(places.find_city("chicago", "US-IL"))
        assert atlanta.county is None  # Fulton and DeKalb
        assert atlanta.regions[:4] == ("US-METRO-12060", "US-GA", "DEEP-SOUTH", "SOUTHEAST-CRESCENT")
        assert all(REGIONS.covers(code, county) for code in atlanta.regions for county in ("US-GA-089", "US-GA-121"))
        assert chicago.county == "US-IL-031"
        assert chicago.regions[:2] == ("US-IL-031", "CHICAGOLAND")

    def test_the_point_is_right(self, places: Gazetteer) -> None:
        for name, state, center in (
            ("Atlanta", "GA", Point(33.749, -84.388)),
            ("Detroit", "MI", Point(42.331, -83.046)),
            ("San Juan", "PR", Point(18.42, -66.06)),
            ("Anchorage", "AK", Point(61.18, -149.9)),
        ):
            city = require_place(places.find_city(name, state))
            assert distance_km(city.point, center) < 12
            assert city.radius_km < 60

    @pytest.mark.parametrize(
        ("name", "state"),
        [
            ("St. Louis", "MO"),
            ("saint louis", "MO"),
            ("McLean", "VA"),
            ("O'Fallon", "IL"),
            ("Coeur d'Alene", "ID"),
            ("MAYAGÜEZ", "PR"),
        ],
    )
    def test_spelling_does_not_matter(self, places: Gazetteer, name: str, state: str) -> None:
        assert require_place(places.find_city(name, state)).postal_codes >= 1

    def test_an_accepted_postal_name_is_a_city(self, places: Gazetteer) -> None:
        hollywood = require_place(places.find_city("Hollywood", "CA"))
        assert hollywood.postal_codes < require_place(places.find_city("Los Angeles", "CA")).postal_codes
        assert hollywood.county == "US-CA-037"

    def test_an_accepted_postal_name_in_two_spellings_counts_once(self, places: Gazetteer) -> None:
        assert require_place(places.find_city("St. Louis Park", "MN")).postal_codes == 4

    def test_unknown_is_none(self, places: Gazetteer) -> None:
        for name, state in (("Atlanta", "US-XX"), ("", "GA"), ("Nowhereville", "GA"), ("Atlanta", "")):
            assert places.find_city(name, state) is None


class TestCountyStateRegion:
    def test_county_by_code_and_name(self, places: Gazetteer) -> None:
        fulton = require_place(places.find_county("US-GA-121"))
        assert (fulton.name, fulton.kind, fulton.county, fulton.state) == (
            "Fulton County, GA",
            PlaceKind.COUNTY,
            "US-GA-121",
            "US-GA",
        )
        for name in ("Fulton County", "fulton", "Condado de Fulton"):
            assert places.find_county_by_name(name, "GA") == fulton
        assert places.find_county_by_name("Baltimore", "MD") is None
        assert require_place(places.find_county_by_name("Baltimore city", "MD")).county == "US-MD-510"
        assert require_place(places.find_county_by_name("Richmond County", "VA")).county == "US-VA-159"
        assert places.find_county_by_name("Fulton", "CA") is None

    def test_state(self, places: Gazetteer) -> None:
        assert places.find_state("GA") == places.find_state("US-GA") == places.find_region("US-GA")
        assert distance_km(require_place(places.find_state("AK")).point, Point(61.5, -152)) < 400
        assert require_place(places.find_state("VI")).regions == ("US-VI", "US-TERRITORIES", "FEDERAL-REGION-2", "US")
        assert places.find_state("US-UM") is None  # it has no addresses

    def test_a_region_is_as_large_as_its_parts(self, places: Gazetteer) -> None:
        bay = require_place(places.find_region("BAY-AREA"))
        assert (bay.id, bay.kind, bay.state) == ("region:BAY-AREA", PlaceKind.REGION, "US-CA")
        assert bay.postal_codes == sum(
            require_place(places.find_county(code)).postal_codes
            for code in REGIONS.contained_codes("BAY-AREA", RegionKind.COUNTY)
        )
        assert require_place(places.find_region("DEEP-SOUTH")).state is None

    @pytest.mark.parametrize("code", ["FR", "MX", "MX-OAX", "CA", "CA-QC", "XX", ""])
    def test_other_countries_are_regions_without_a_place(self, places: Gazetteer, code: str) -> None:
        assert places.find_region(code) is None
        assert places.get_bounds(code) is None

    def test_the_bounds_of_alaska_are_narrow(self, places: Gazetteer) -> None:
        box = places.get_bounds("US-AK")
        assert box is not None
        assert require_place(places.find_postal_code("99546")).point in box  # Adak, far down the Aleutians
        assert require_place(places.find_postal_code("99901")).point in box  # Ketchikan
        assert (box.east - box.west) % 360 < 60

    def test_bounds_of_the_country_reach_guam_across_the_antimeridian(self, places: Gazetteer) -> None:
        box = places.get_bounds("US")
        assert box is not None
        assert box.crosses_antimeridian
        assert require_place(places.find_postal_code("96910")).point in box
        assert Point(48.85, 2.35) not in box

    @pytest.mark.parametrize(
        "id_", ["", "zip:", "zip:1", "city:US-GA", "city:GA:atlanta", "county:US-GA", "state:BAY-AREA", "x:y", "region:XX"]
    )
    def test_an_unknown_id_is_none(self, places: Gazetteer, id_: str) -> None:
        assert places.get_place(id_) is None
