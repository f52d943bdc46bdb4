"""The maps of states and counties."""

import re
from pathlib import Path

import pytest

from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from tests.web.maps.built_outlines import ATLAS, COUNTY_COUNT, STATE_COUNT, needs_outlines
from web.maps.area_map import WIDTHS, AreaMap, load_county_map, load_state_map
from web.maps.atlas import Atlas
from web.maps.label_spots import CHARACTER_WIDTH, TEXT_HEIGHT
from web.maps.side_labels import LABEL_HEIGHT, LABEL_WIDTH, ROW, SIDE_LABELS

# Counties of the gazetteer that are younger than the outlines, and two islands without people.
WITHOUT_OUTLINE = {"US-AK-063", "US-AK-066", "US-AS-030", "US-AS-040"}
SMALL_DIGITS = 0.75  # of the size of others, in pages.css
TOUCH = 0.15  # of the size of a digit; a digit has some room around it
PHONE, PHONE_MARGINS, MIN_TARGET = 360, 34, 24  # CSS pixels; WCAG 2.2, success criterion 2.5.8


@pytest.fixture(scope="module")
def states() -> AreaMap:
    found = load_state_map()
    assert found
    return found


def test_without_files_there_is_no_map(tmp_path: Path) -> None:
    atlas = Atlas(tmp_path)
    assert atlas.states is None
    assert atlas.counties is None
    assert atlas.find_areas("US-GA") is atlas.find_areas("US-GA-121") is None


@needs_outlines
def test_every_state_is_on_the_map_and_nothing_else(states: AreaMap) -> None:
    codes = {region.code for region in REGIONS if region.kind is RegionKind.STATE and region.code.startswith("US-")}
    assert states.shapes.keys() == codes - {"US-UM"}
    assert len(states.shapes) == STATE_COUNT


@needs_outlines
def test_every_county_of_the_gazetteer_has_an_outline_but_those_that_are_known() -> None:
    assert ATLAS.counties
    codes = {region.code for region in REGIONS if region.kind is RegionKind.COUNTY}
    assert codes - ATLAS.counties.rings.keys() == WITHOUT_OUTLINE
    assert len(ATLAS.counties.rings) == COUNTY_COUNT
    assert ATLAS.find_areas("US-GA-121") is ATLAS.counties
    assert ATLAS.find_areas("US-AK-063") is None


@needs_outlines
def test_paths_are_valid_and_on_the_grid(states: AreaMap) -> None:
    for map in (states, *(load_county_map(code) for code in ("US-GA", "US-AK", "US-HI", "US-RI", "US-TX"))):
        assert map
        for code, shape in map.shapes.items():
            assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)*", shape.path), code
            assert not shape.path or ((shape.ring >= 0).all() and (shape.ring <= (map.width, map.height)).all()), code


@needs_outlines
def test_a_map_of_states_is_small(states: AreaMap) -> None:
    assert sum(len(shape.path) for shape in states.shapes.values()) < 12_000


@needs_outlines
def test_the_counties_of_a_state() -> None:
    georgia = load_county_map("US-GA")
    assert georgia
    assert len(georgia.shapes) == 159
    assert all(code.startswith("US-GA-") and shape.path for code, shape in georgia.shapes.items())
    assert load_county_map("US-ZZ") is load_county_map("US-UM") is None


@needs_outlines
def test_numbers_stand_on_their_areas(states: AreaMap) -> None:
    x, y = (float(share.removesuffix("%")) for share in states.locate_number("US-CO"))
    assert (x, y) == pytest.approx((27, 31), abs=1)
    assert states.find_width("US-TX", 3) == "always"
    assert states.find_width("US-WV", 2) == "wide"  # hidden beside the list and on phones
    assert states.find_width("US-WV", 4) == "small"  # at every width
    assert states.find_width("US-RI", 9) == "always"  # beside the map
    assert list(WIDTHS) == ["always", "medium", "wide"]


@needs_outlines
@pytest.mark.parametrize("digits", [1, 2, 3])
@pytest.mark.parametrize("width", [20.4, 25.4, 40])
def test_every_state_has_its_number_and_none_overlaps_another(states: AreaMap, digits: int, width: float) -> None:
    """`width` is that of the map in sizes of its font. Digits have a border in the color of their state, so some may touch."""
    boxes = [(code, *measure_number(states, code, digits, width)) for code in states.shapes]
    for place, (code, x, y, half_width, half_height) in enumerate(boxes):
        for other, other_x, other_y, other_half_width, other_half_height in boxes[:place]:
            across, down = half_width + other_half_width - abs(x - other_x), half_height + other_half_height - abs(y - other_y)
            assert min(across, down) < TOUCH * states.width / width, (code, other)


def measure_number(states: AreaMap, code: str, digits: int, width: float) -> tuple[float, float, float, float]:
    """Return the middle of a number or of its label, and half its width and height, in steps of the grid."""
    shape = states.shapes[code]
    name = states.find_width(code, digits)
    assert name
    if shape.side_label:
        return (*shape.middle, LABEL_WIDTH / 2, LABEL_HEIGHT / 2)
    size = states.width / width * (1 if width >= WIDTHS.get(name, width + 1) else SMALL_DIGITS)
    return (*shape.middle, digits * CHARACTER_WIDTH * size / 2, TEXT_HEIGHT * size / 2)


@needs_outlines
def test_small_states_have_labels_that_a_finger_can_hit(states: AreaMap) -> None:
    pixels = (PHONE - PHONE_MARGINS) / states.width
    assert min(LABEL_WIDTH * pixels, ROW * pixels) >= MIN_TARGET
    assert min(LABEL_HEIGHT, LABEL_WIDTH) * pixels >= MIN_TARGET - 1  # the space between two labels belongs to neither
    for code, shape in states.shapes.items():
        assert (shape.side_label is not None) == (code in SIDE_LABELS)


def test_labels_do_not_overlap_and_are_on_the_grid() -> None:
    labels = list(SIDE_LABELS.values())
    for place, label in enumerate(labels):
        assert 0 <= label.x <= 960 - LABEL_WIDTH
        assert 0 <= label.y <= 744 - LABEL_HEIGHT
        for other in labels[:place]:
            assert abs(label.x - other.x) >= LABEL_WIDTH or abs(label.y - other.y) >= LABEL_HEIGHT, (label, other)


@needs_outlines
def test_lines_lead_from_labels_to_their_states(states: AreaMap) -> None:
    with_outline = [code for code in SIDE_LABELS if states.shapes[code].path]
    ends = re.findall(r"M\d+ \d+L(\d+) (\d+)", states.leaders)
    assert len(ends) == len(with_outline)
    spots = {(round(states.shapes[code].spot.x), round(states.shapes[code].spot.y)) for code in with_outline}
    assert {(int(x), int(y)) for x, y in ends} == spots


def test_a_line_starts_at_the_edge_of_its_label() -> None:
    label = SIDE_LABELS["US-MA"]
    assert label.write_leader(700, 140) == f"M{label.x} {label.y + LABEL_HEIGHT // 2}L700 140"
    above = SIDE_LABELS["US-VT"]
    assert above.write_leader(above.x + 100, 200) == f"M{above.x + 100} {above.y + LABEL_HEIGHT}L{above.x + 100} 200"
