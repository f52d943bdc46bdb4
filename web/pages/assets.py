"""The files that pages load: our stylesheet and icons, and what hatch_build.py builds from web/front.

All are read once, when the server starts. Their addresses contain a hash of their content, so that browsers never ask for them
again. A file that was not built has no address: pages work without the font, the script and the map.
"""

import gzip
import re
from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.http.content_negotiation import accepts_gzip
from web.pages.network.icon import draw_icon

OWN_FOLDER = Path(__file__).parent / "assets"
BUILT_FOLDER = Path(__file__).parents[1] / "static" / "pages"
PATH = "/assets/"
STYLESHEET, FONT, SCRIPT = "pages.css", "font.woff2", "pages.js"
ICON_SIZES = {"icon-192.png": 192, "icon-512.png": 512}  # sides in pixels: those that phones and previews ask for
IMMUTABLE = "public, max-age=31536000, immutable"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".speculationrules": "application/speculationrules+json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_COMPRESSED = (".css", ".js", ".json", ".md", ".svg", ".txt")
_HASH = re.compile(r"\.[\w-]{8}(?=\.\w+$)")  # in the names that files import each other by (web/front/vite.pages.config.ts)
_FONT_FACE = '@font-face{font-family:"Atkinson";src:url("%s") format("woff2");font-weight:400 750;font-display:optional}\n'


class Asset(Struct, frozen=True, dict=True):
    name: str  # in its address, with a hash
    content: bytes
    media_type: str

    @cached_property
    def gzip_content(self) -> bytes:
        return gzip.compress(self.content, 9, mtime=0)


class Assets:
    """The files by their names without a hash."""

    def __init__(self, *folders: Path) -> None:
        self._files = {path.name: path for folder in folders if folder.exists() for path in sorted(folder.iterdir())}

    @cached_property
    def by_name(self) -> Mapping[str, Asset]:
        assets = {_drop_hash(name): _load(path) for name, path in self._files.items() if path.suffix in MEDIA_TYPES}
        assets |= {name: _build(name, draw_icon(size)) for name, size in ICON_SIZES.items()}
        if FONT in assets:
            style = assets[STYLESHEET]
            assets[STYLESHEET] = _build(STYLESHEET, (_FONT_FACE % assets[FONT].name).encode() + style.content)
        return assets

    @cached_property
    def _by_address(self) -> Mapping[str, Asset]:
        return {asset.name: asset for asset in self.by_name.values()}

    def get_address(self, name: str) -> str | None:
        """Return the path of a file, None if it was not built."""
        asset = self.by_name.get(name)
        return PATH + asset.name if asset else None

    async def serve(self, request: Request) -> Response:
        asset = self._by_address.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        headers = {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"}
        is_compressed = Path(asset.name).suffix in _COMPRESSED and accepts_gzip(request.headers.get("accept-encoding", ""))
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        return Response(asset.gzip_content if is_compressed else asset.content, headers=headers, media_type=asset.media_type)


def _drop_hash(name: str) -> str:
    """Return "map.js" for "map.Ab12Cd34.js"."""
    return _HASH.sub("", name)


def _load(path: Path) -> Asset:
    return _build(path.name, path.read_bytes())


def _build(name: str, content: bytes) -> Asset:
    path = Path(name)
    if not _HASH.search(name):
        name = f"{path.stem}-{blake2b(content, digest_size=4).hexdigest()}{path.suffix}"
    return Asset(name, content, MEDIA_TYPES[path.suffix])


ASSETS = Assets(OWN_FOLDER, BUILT_FOLDER)
