"""The files that the list of a search is downloaded as: one, or several with 1,000 records each."""

from msgspec import Struct

from web.pages.page import PageRequest
from web.pages.search.search_form import format_pairs

MAX_RECORDS = 1_000  # in one file, which takes about 0.2 s
PART = "part"  # the parameter with the number of a file, which counts from 1
FORMATS = ("csv", "geojson")


class FilePart(Struct, frozen=True):
    """The records from `first` to `last` of a list, counted from 1."""

    number: int
    first: int
    last: int


class ListDownload(Struct, frozen=True):
    """A list in one format: the links to its files, with what each contains."""

    format_name: str
    files: tuple[tuple[FilePart, str], ...]


def list_parts(count: int) -> list[FilePart]:
    """Return the files of a list of `count` records; an empty list is one file too."""
    firsts = range(1, max(count, 1) + 1, MAX_RECORDS)
    return [FilePart(number, first, min(first + MAX_RECORDS - 1, count)) for number, first in enumerate(firsts, 1)]


def find_part(count: int, number: str) -> FilePart | None:
    """Return the file with the number, as the address states it; None if there is none."""
    return next((part for part in list_parts(count) if str(part.number) == number), None)


def list_downloads(request: PageRequest, search: str, count: int) -> list[ListDownload]:
    """Return the downloads of a search that finds `count` organizations. `search` is its query string."""
    parts = list_parts(count)
    return [ListDownload(name, tuple((part, _build_address(request, name, search, part)) for part in parts)) for name in FORMATS]


def _build_address(request: PageRequest, format_name: str, search: str, part: FilePart) -> str:
    own = format_pairs([(PART, str(part.number))]) if part.number > 1 else ""
    return request.link(f"/organizations.{format_name}", "&".join(each for each in (search, own) if each))
