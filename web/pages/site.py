"""What the pages know about the network from the settings."""

import re

from msgspec import Struct

DEFAULT_COLOR = "#223f6b"
MIN_CONTRAST = 4.5  # of white text on the color: WCAG 2.2, success criterion 1.4.3
MAX_ATTRIBUTION = 200  # characters, about four lines on a phone
_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_TILES = re.compile(
    r"(?:https://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|http://(?:localhost|127\.0\.0\.1))(?::\d{1,5})?"
    r"/(?:[!-z|~]|\{[xyzr]\}){1,300}"
)


class Site(Struct, frozen=True):
    """`contact` is the address for corrections, "mailto:..." or "https://...", None if there is none."""

    color: str = DEFAULT_COLOR
    contact: str | None = None
    join: str | None = None  # where to become a member
    tiles: str | None = None  # the address of a tile server with {z}, {x} and {y}
    tiles_attribution: str | None = None  # its credit on the map, never None if there is a tile server
    exit: str = "https://www.weather.gov/"  # where "Exit this page" leads


def parse_tiles(text: str) -> str:
    """Return the address of a tile server. Raises ValueError if a browser could not load tiles from it.

    The policy of the pages contains its host, so only the characters of a host are possible there.
    """
    if not _TILES.fullmatch(text):
        raise ValueError(
            "it is not an address that starts with https:// and a host, without braces except {z}, {x}, {y} and {r}. "
            "A server on the same computer can be http://127.0.0.1:PORT"
        )
    missing = [name for name in ("{z}", "{x}", "{y}") if name not in text]
    if missing:
        raise ValueError(f"it does not contain {' and '.join(missing)}, which stand for the part of the map")
    return text


def parse_attribution(text: str) -> str:
    """Return the attribution of a tile server. Raises ValueError if it is blank, too long or not on one line."""
    if not (text.strip() and len(text) <= MAX_ATTRIBUTION and text.isprintable()):
        raise ValueError(f"it is not a text of 1 to {MAX_ATTRIBUTION} characters on one line")
    return text


def parse_color(text: str) -> str:
    """Return the color. Raises ValueError if it is not like "#223f6b" or if white text on it is hard to read."""
    if not _HEX_COLOR.fullmatch(text):
        raise ValueError("it is not a color such as #223f6b")
    contrast = compute_contrast_with_white(text)
    if contrast < MIN_CONTRAST:
        raise ValueError(
            f"white text on it has a contrast of {contrast:.1f}, and {MIN_CONTRAST} is needed. Choose a darker color"
        )
    return text.lower()


def compute_contrast_with_white(color: str) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)
