"""What the pages know about the network from the settings."""

import re

from msgspec import Struct

DEFAULT_COLOR = "#223f6b"
MIN_CONTRAST = 4.5  # of white text on the color: WCAG 2.2, success criterion 1.4.3
_HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class Site(Struct, frozen=True):
    """`contact` is the address for corrections, "mailto:..." or "https://...", None if there is none."""

    color: str = DEFAULT_COLOR
    contact: str | None = None
    join: str | None = None  # where to become a member
    tiles: str | None = None  # the address of a tile server with {z}, {x} and {y}
    exit: str = "https://www.weather.gov/"  # where "Exit this page" leads


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
