import tomllib

import pytest

from directory.vocabulary.region_files import DATA, RegionKind
from directory.vocabulary.regions import REGIONS

CENSUS_KINDS = (RegionKind.CENSUS_REGION, RegionKind.CENSUS_DIVISION)
UNION_KINDS = {RegionKind.CUSTOM, RegionKind.METRO_AREA, RegionKind.TRIBAL_AREA, *CENSUS_KINDS}
TERRITORIES = ("US-AS", "US-GU", "US-MP", "US-PR", "US-UM", "US-VI")


def test_the_number_of_regions_of_each_kind() -> None:
    varying = (RegionKind.CUSTOM, RegionKind.TRIBAL_AREA)
    counts = {kind: len(REGIONS.list_of_kind(kind)) for kind in RegionKind if kind not in varying}
    assert counts == {
        RegionKind.COUNTRY: 249 - len(TERRITORIES),
        RegionKind.CENSUS_REGION: 4,
        RegionKind.CENSUS_DIVISION: 9,
        RegionKind.STATE: 57 + 13 + 32,
        RegionKind.COUNTY: 3143 + 78 + 13,  # states and DC, Puerto Rico, other territories
        RegionKind.METRO_AREA: 392,
    }


@pytest.mark.parametrize(
    ("code", "count"),
    [
        *(("APPALACHIA", 431), ("DELTA", 252), ("NORTHERN-BORDER", 60), ("SOUTHEAST-CRESCENT", 428)),
        *(("SOUTHWEST-BORDER", 93), ("NORTHERN-GREAT-PLAINS", 484), ("SOUTHERN-CALIFORNIA", 10), ("UPPER-PENINSULA", 15)),
        *(("NORTHERN-CALIFORNIA", 48), ("CHEROKEE-NATION", 14), ("US-METRO-12060", 29), ("US-METRO-41740", 1)),
    ],
)
def test_the_number_of_counties(code: str, count: int) -> None:
    assert len(REGIONS.contained_codes(code, RegionKind.COUNTY)) == count


def test_no_name_means_two_unions() -> None:
    for phrase, codes in REGIONS.phrases().items():
        assert sum(REGIONS.require(code).kind in UNION_KINDS for code in codes) <= 1, phrase


def test_the_name_of_a_city_is_not_a_metropolitan_area() -> None:
    for words in ("Atlanta", "Akron, OH", "New York", "Washington, DC", "Winston-Salem, NC", "Carson City, NV"):
        assert not [region for region in REGIONS.find(words) if region.kind is RegionKind.METRO_AREA]


def test_every_union_has_a_spanish_name_and_a_basis() -> None:
    for name in ("custom_regions.toml", "agency_regions.toml", "tribal_areas.toml"):
        for regions in tomllib.loads((DATA / name).read_text()).values():
            for code, entry in regions.items():
                assert entry["name_es"], code
                assert entry["basis"], code


def test_a_disputed_region_is_marked() -> None:
    disputed = {region.code for region in REGIONS if region.is_disputed}
    assert {"NORTHWEST", "SOUTHERN-CALIFORNIA", "RUST-BELT", "WEST-TEXAS"} <= disputed
    assert not disputed & {"APPALACHIA", "DELTA", "BAY-AREA", "NAVAJO-NATION"}


def test_a_territory_is_not_also_a_country() -> None:
    assert not [code for code in ("PR", "GU", "VI", "AS", "MP", "UM") if code in REGIONS]


def test_counties_of_well_known_states() -> None:
    expected = {"US-TX": 254, "US-GA": 159, "US-VA": 133, "US-LA": 64, "US-CT": 8, "US-DE": 3, "US-DC": 1, "US-AK": 30}
    assert {state: len(REGIONS.contained_codes(state, RegionKind.COUNTY)) for state in expected} == expected


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("US-LA-071", "Orleans Parish"),
        ("US-VA-760", "Richmond city"),
        ("US-VA-159", "Richmond County"),
        ("US-MD-510", "Baltimore city"),
        ("US-AK-110", "Juneau City and Borough"),
        ("US-NV-510", "Carson City"),
        ("US-NM-013", "Doña Ana County"),
        ("US-PR-113", "Ponce Municipio"),
        ("US-SD-102", "Oglala Lakota County"),
    ],
)
def test_legal_names(code: str, name: str) -> None:
    assert REGIONS.require(code).name == name
