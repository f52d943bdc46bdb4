"""The command `python -m benchmarks.pages.screenshots [FOLDER]`: pictures of every page, and a page that shows them all."""

import argparse
import html
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from playwright.sync_api import Browser, Page

from benchmarks.fictional_networks import SEED, find_or_create_database
from benchmarks.http.load_driver import HOST
from benchmarks.http.server_processes import start_directory_server
from benchmarks.pages.browser import Device, MissingChromiumError, open_visitor, start_chromium
from benchmarks.pages.example_pages import MIN_RECORDS, list_example_pages
from web.pages.languages import LANGUAGES

DEFAULT_FOLDER = Path("build/screenshots")  # not in git
WIDTHS = (360, 768, 1440)
HEIGHT = 900
SCHEMES = ("light", "dark")
INDEX = "index.html"


class Screenshot(Struct, frozen=True):
    name: str  # of the page
    language: str
    width: int
    scheme: str

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.language}-{self.width}-{self.scheme}.png"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./dev screenshots",
        description="Take a picture of every page at 360, 768 and 1440 px, in both languages, light and dark.",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER, help=f"default: {DEFAULT_FOLDER}")
    parser.add_argument("--page", help="only this page, such as search-words")
    options = parser.parse_args(arguments)
    names = list_example_pages(SEED)
    if options.page and options.page not in names:
        parser.error(f"there is no page {options.page}. The pages are: {', '.join(names)}")
    try:
        screenshots = take_screenshots(options.folder, [options.page] if options.page else list(names))
    except MissingChromiumError:
        print("Chromium is not installed. Run ./dev test --install to install it.", file=sys.stderr)
        return 1
    (options.folder / INDEX).write_text(format_index(screenshots), encoding="utf-8")
    print(f"{len(screenshots)} screenshots in {options.folder}. Open {options.folder / INDEX} to see them.")
    return 0


def take_screenshots(folder: Path, names: Sequence[str]) -> list[Screenshot]:
    """Save the pictures of these pages in the folder, and return them. Raises MissingChromiumError."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, start_chromium() as chromium:
        network = find_or_create_database(MIN_RECORDS, Path(temporary))
        with start_directory_server(network.url, NETWORK_CONTACT="mailto:records@directory.example") as server:
            server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
            address = f"http://{HOST}:{server.port}"
            return [each for language in LANGUAGES for each in _take_in_language(chromium, address, language, names, folder)]


def _take_in_language(chromium: Browser, address: str, language: str, names: Sequence[str], folder: Path) -> Iterator[Screenshot]:
    with open_visitor(chromium, address, Device(language=language)) as visitor:
        visitor.open("/").close()  # so that the font is in the cache: no page waits for it
        for name in names:
            page = visitor.open(list_example_pages(SEED)[name])
            page.wait_for_load_state("networkidle")
            for width in WIDTHS:
                for scheme in SCHEMES:
                    yield _take(page, Screenshot(name, language, width, scheme), folder)
            page.close()


def _take(page: Page, screenshot: Screenshot, folder: Path) -> Screenshot:
    page.set_viewport_size({"width": screenshot.width, "height": HEIGHT})
    page.emulate_media(color_scheme="dark" if screenshot.scheme == "dark" else "light")
    page.screenshot(path=folder / screenshot.file_name, full_page=True)
    return screenshot


def format_index(screenshots: Sequence[Screenshot]) -> str:
    """Return a page with all pictures, those of one page beside each other."""
    ordered = sorted(screenshots, key=lambda each: each.name)
    groups = [(name, list(group)) for name, group in groupby(ordered, key=lambda each: each.name)]
    rows = "".join(f"<h2>{html.escape(name)}</h2><p>{''.join(map(_format_link, group))}</p>" for name, group in groups)
    style = "<style>img{width:300px;height:400px;object-fit:cover;object-position:top;border:1px solid}</style>"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title>{style}<h1>Screenshots</h1>{rows}</html>'
    )


def _format_link(screenshot: Screenshot) -> str:
    file_name = html.escape(screenshot.file_name)
    return f'<a href="{file_name}"><img src="{file_name}" alt="{file_name}" loading="lazy"></a> '


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
