import pytest

from directory.errors import BadInput
from web.pages.site import DEFAULT_COLOR, compute_contrast_with_white, parse_color
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
    ],
)
def test_an_invalid_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"--{name.replace('_', '-')} cannot be"):
        load_settings({name: value})
