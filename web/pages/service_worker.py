"""/service-worker.js: the script that shows the offline page when there is no connection."""

from hashlib import blake2b

from msgspec.structs import replace

from web.pages.assets import ASSETS, MEDIA_TYPES
from web.pages.languages import LANGUAGES, Language
from web.pages.network.about_page import build_offline_page
from web.pages.page import Download, PageNotFound, PageRequest
from web.pages.rendering import render_page

PATH = "/service-worker.js"
FILE = "service-worker.js"
OFFLINE_PATH = "/offline"


def build_service_worker(request: PageRequest) -> Download:
    """Return the script, which changes when the offline page does: browsers then store the new page. Raises PageNotFound."""
    script = ASSETS.by_name.get(FILE)
    if script is None:
        raise PageNotFound
    pages = (_render_offline_page(request, language) for language in LANGUAGES.values())
    version = blake2b(b"".join(pages), digest_size=8).hexdigest()
    return Download(f'const VERSION = "{version}";\n'.encode() + script.content, MEDIA_TYPES[".js"])


def _render_offline_page(request: PageRequest, language: Language) -> bytes:
    page_request = replace(request, language=language, path=OFFLINE_PATH)
    return render_page(build_offline_page(page_request), page_request)
