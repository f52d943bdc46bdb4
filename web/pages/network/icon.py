"""The icon of the pages as PNG, for home screens and previews, which do not take assets/icon.svg.

It is a square of eight triangles around its center, two in each quarter.
"""

import struct
import zlib

CREAM, GOLD, BLUE, BRICK = range(4)
PALETTE = bytes.fromhex("f7f1e5 e0a11b 7fa4cd b8532f")
TOP = (BRICK, GOLD, BLUE, GOLD)  # the triangles that a row of pixels crosses, from the left
BOTTOM = (BLUE, BRICK, CREAM, GOLD)
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS_PER_PIXEL, _WITH_PALETTE, _NO_FILTER = 8, 3, b"\0"


def draw_icon(size: int) -> bytes:
    """Return a PNG (ISO/IEC 15948) of the icon. `size` is the length of its sides in pixels, an even number."""
    header = struct.pack(">IIBBBBB", size, size, _BITS_PER_PIXEL, _WITH_PALETTE, 0, 0, 0)
    pixels = b"".join(_NO_FILTER + _draw_row(y, size // 2) for y in range(size))
    chunks = [(b"IHDR", header), (b"PLTE", PALETTE), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(_format_chunk(name, data) for name, data in chunks)


def _draw_row(y: int, half: int) -> bytes:
    is_top = y < half
    inner = half - y if is_top else y - half + 1  # pixels between the middle and a diagonal
    widths = (half - inner, inner, inner, half - inner)
    return b"".join(bytes([color]) * width for color, width in zip(TOP if is_top else BOTTOM, widths, strict=True))


def _format_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
