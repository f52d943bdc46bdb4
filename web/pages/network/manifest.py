"""/manifest.webmanifest: the name, colors and icons with which a phone adds the directory to its home screen."""

import msgspec

from web.pages.assets import ASSETS, ICON_SIZES
from web.pages.page import Download, PageRequest

PATH = "/manifest.webmanifest"
MEDIA_TYPE = "application/manifest+json"
PAPER = "#fbf9f5"  # the background of pages in assets/pages.css


def build_manifest(request: PageRequest) -> Download:
    """Return the manifest in the language of the address."""
    manifest = {
        "name": request.ask("network").data["network"]["name"],
        "description": request.language.gettext("A directory of organizations: what they work on, for whom, and where."),
        "lang": request.language.code,
        "dir": "ltr",
        "id": f"{request.root}/",
        "start_url": request.link("/"),
        "scope": f"{request.root}/",
        "display": "minimal-ui",
        "theme_color": request.site.color,
        "background_color": PAPER,
        "icons": [_describe_icon(request, name, f"{size}x{size}") for name, size in ICON_SIZES.items()],
    }
    return Download(msgspec.json.encode(manifest), MEDIA_TYPE)


def _describe_icon(request: PageRequest, name: str, sizes: str) -> dict[str, str]:
    return {"src": f"{request.root}{ASSETS.get_address(name)}", "sizes": sizes, "type": "image/png", "purpose": "any maskable"}
