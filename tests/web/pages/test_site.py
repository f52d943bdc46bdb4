import pytest

from directory.errors import BadInput
from web.pages.site import DEFAULT_COLOR, MAX_ATTRIBUTION, compute_contrast_with_white, parse_attribution, parse_color
from web.settings import Settings, load_settings


def test_contrast_is_that_of_wcag() -> None:
    assert compute_contrast_with_white("#000000") == pytest.approx(21)
    assert compute_contrast_with_white("#ffffff") == pytest.approx(1)
    assert compute_contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)


def test_a_dark_color_is_accepted_in_either_case() -> None:
    assert parse_color("#9A3718") == "#9a3718"


@pytest.mark.parametrize("color", ["#777777", "#fff", "red", "#12345g", "#223f6b;}", "", "#223f6b "])
def test_a_light_or_malformed_color_is_refused(color: str) -> None:
    with pytest.raises(ValueError, match=r"color|contrast"):
        parse_color(color)


def test_the_settings_of_the_network_reach_the_pages() -> None:
    settings = Settings(network_contact="mailto:records@example.org", network_join="https://example.org/join")
    site = settings.build_site()
    assert (site.color, site.contact, site.join) == (DEFAULT_COLOR, "mailto:records@example.org", "https://example.org/join")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("network_color", "#eeeeee"),
        ("network_contact", "records@example.org"),
        ("network_contact", "javascript:alert(1)"),
        ("network_join", "http://example.org"),
        ("exit_page", "javascript:alert(1)"),
        ("tiles", "//tiles.example.org"),
        ("tiles", "http://tiles.example.org/{z}/{x}/{y}.png"),
        ("tiles", "http://127.0.0.1.example.org/{z}/{x}/{y}.png"),
        ("tiles", "https:///{z}/{x}/{y}.png"),
        ("tiles", "https://tiles.example.org/{z}/{x}.png"),
        ("tiles", "https://{s}.tiles.example.org/{z}/{x}/{y}.png"),
        ("tiles", "https://tiles.example.org/{style}/{z}/{x}/{y}.png"),
        ("tiles", "https://tiles.example.org/{z}/{x}/{y}.png}"),
        ("tiles", "https://tiles.example.org;script-src/{z}/{x}/{y}.png"),
        ("tiles", "https://tiles.example.org,*/{z}/{x}/{y}.png"),
        ("tiles", "https://user:secret@tiles.example.org/{z}/{x}/{y}.png"),
        ("tiles", "https://tiles.example.org/ {z}/{x}/{y}.png"),
        ("tiles", "https://tiles.example.org/" + "a" * 301 + "{z}{x}{y}"),
        ("tiles_attribution", ""),
        ("tiles_attribution", " "),
        ("tiles_attribution", "©" * 201),
        ("tiles_attribution", "one line\nand another"),
    ],
)
def test_an_invalid_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"--{name.replace('_', '-')} cannot be"):
        load_settings({name: value})


ATTRIBUTION = "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright"


@pytest.mark.parametrize(
    "tiles",
    [
        "https://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org:8443/styles/osm/{z}/{x}/{y}{r}.png?key=a-b_c",
        "http://127.0.0.1:8080/{z}/{x}/{y}.png",
        "http://localhost/{z}/{x}/{y}.png",
    ],
)
def test_a_tile_server_reaches_the_pages_with_its_attribution(tiles: str) -> None:
    site = load_settings({"tiles": tiles, "tiles_attribution": ATTRIBUTION}).build_site()
    assert (site.tiles, site.tiles_attribution) == (tiles, ATTRIBUTION)


def test_a_tile_server_needs_its_attribution_and_the_other_way_round() -> None:
    with pytest.raises(BadInput, match="DIRECTORY_TILES_ATTRIBUTION is missing"):
        load_settings({"tiles": "https://tiles.example.org/{z}/{x}/{y}.png"})
    with pytest.raises(BadInput, match="DIRECTORY_TILES is missing"):
        load_settings({"tiles_attribution": ATTRIBUTION})


def test_an_attribution_can_have_200_characters() -> None:
    assert parse_attribution("©" * MAX_ATTRIBUTION) == "©" * 200
