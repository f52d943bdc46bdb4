"""The first organizations of a search, and links to searches with the numbers of organizations that they find."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from web.pages.page import PageRequest
from web.pages.search.results import NO_NAMES, PRECISIONS, format_freshness, format_place
from web.pages.search.search_form import Pair, format_pairs

NOT_NATIONWIDE, ONLY_NATIONWIDE = ("nationwide", "EXCLUDE"), ("nationwide", "ONLY")  # of a search


class CountLink(Struct, frozen=True):
    """A link to a search that finds `count` organizations. `label` is "" if the page has a sentence of its own for it."""

    label: str
    count: int
    address: str


class OrganizationRow(Struct, frozen=True):
    """`place` and `precision` are None if the organization does not state where it is."""

    name: str
    address: str
    place: str | None
    precision: str | None
    other_places: int
    freshness: str
    is_due: bool


class OrganizationList(Struct, frozen=True):
    """The first organizations of a search. `address` is the page of the whole search, which has `count`.

    `is_indexed` is false if one of them refuses search engines: a page with its name must not be found by them either.
    """

    rows: tuple[OrganizationRow, ...]
    count: int
    address: str
    is_indexed: bool


def build_count_link(request: PageRequest, label: str, count: int, *pairs: Pair) -> CountLink:
    """Return a link to the search with these pairs, which finds `count` organizations."""
    return CountLink(label, count, request.link("/", format_pairs(pairs)))


def build_organization_list(
    request: PageRequest, connection: Mapping[str, Any], states: Sequence[Mapping[str, Any]], search: str
) -> OrganizationList:
    """Return the list. `states` are counts of the states where organizations are, and `search` is what was searched for."""
    names = {state["value"]: state["label"] for state in states}
    rows = tuple(build_organization_row(request, node, names) for node in connection["nodes"])
    return OrganizationList(rows, connection["totalCount"], request.link("/", search), is_list_indexed(connection))


def is_list_indexed(connection: Mapping[str, Any]) -> bool:
    """Whether search engines may list a page with these organizations: whether each of them allows it."""
    return all(node["searchEngines"] for node in connection["nodes"])


def build_organization_row(
    request: PageRequest, node: Mapping[str, Any], states: Mapping[str, str] = NO_NAMES
) -> OrganizationRow:
    """Return the row of an organization that has the fields of OrganizationRow.graphql. `states` are names by code."""
    locations = sorted(node["locations"], key=lambda location: not location["isPrimary"])
    place = format_place(locations[0], states, request.language.code) if locations else None
    language, today = request.language, request.context.now.date()
    return OrganizationRow(
        name=node["name"],
        address=request.link(f"/organizations/{node['slug']}"),
        place=place,
        precision=language.gettext(PRECISIONS[locations[0]["precision"]]) if place else None,
        other_places=len(locations) - 1 if place else 0,
        freshness=format_freshness(node["verifiedAt"], node["verificationDue"], language, today),
        is_due=node["verificationDue"],
    )
