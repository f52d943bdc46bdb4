"""The possible allies of a member on its page, and the relations that others state to it.

Whether search engines may list the page depends on the organization, and on those that its own record names. The page that they
may list suggests nobody who refuses them. Otherwise it could not be listed because of another organization, which it did not
choose; and the page of one that refuses would become known by the pages of all its possible allies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from web.pages.languages import mark
from web.pages.organization.facts import RelatedOrganization
from web.pages.page import PageRequest
from web.pages.partners.ally_rows import AllyRow, build_ally_rows
from web.pages.partners.partner_form import MODE, ORGANIZATION
from web.pages.partners.partner_form import PATH as PARTNERS_PATH
from web.pages.search.search_form import format_pairs

SHOWN = {"sameThemes": 3, "otherThemes": 2, "exchanges": 2}  # suggestions, by names in the document
FETCHED = 5  # some may not be shown: they refuse search engines, or are in another list
MAX_RELATIONS = 20  # that others state
MODES = {"sameThemes": "SAME_THEMES", "otherThemes": "SAME_PLACE_OTHER_THEMES", "exchanges": "SEEKS_AND_OFFERS"}
STATED_FACTS = ("issueAreas", "communities", "workAreas", "locations", "serviceAreas", "seeks", "offers")
STATED_RELATIONS = {  # what the organization of the page is to one that states a relation, before the name of that one
    "BRANCH_OF": mark("Branch"),
    "SUCCESSOR_OF": mark("Continued by"),
    "FISCAL_SPONSOR": mark("Fiscal sponsor of"),
    "SISTER": mark("Sister organization"),
    "PARTNER": mark("Partner"),
    "FUNDER": mark("Funder of"),
    "HOST": mark("Provides space for"),
}


class AllyList(Struct, frozen=True):
    """The best suggestions of one mode that the page may name. `address` is the page of all, None if these are all."""

    rows: list[AllyRow]
    address: str | None


class PossibleAllies(Struct, frozen=True):
    """`lists` are the suggestions by names in the document. `relations` are those that others state."""

    lists: Mapping[str, AllyList]
    relations: tuple[RelatedOrganization, ...]
    states_facts: bool  # from which somebody could be suggested

    @property
    def is_empty(self) -> bool:
        return not any(each.rows or each.address for each in self.lists.values())


def build_possible_allies(request: PageRequest, organization: Mapping[str, Any], is_indexed: bool) -> PossibleAllies | None:
    """Return the possible allies of an organization as its page reads it, None if it is not an active member."""
    if organization["membership"]["status"] != "ACTIVE":
        return None
    slug, has_exchanges = organization["slug"], bool(organization["seeks"] or organization["offers"])
    answer = request.ask("organization_allies", slug=slug, first=FETCHED, hasExchanges=has_exchanges)
    found = answer.data["organization"]
    ties = [tie for tie in found["sameThemes"]["ties"] if _can_be_named(tie["organization"], is_indexed)]
    return PossibleAllies(
        lists=_build_lists(request, slug, found, is_indexed),
        relations=tuple(islice(_iter_stated_relations(request, ties), MAX_RELATIONS)),
        states_facts=bool(organization["coalitions"]["totalCount"]) or any(organization[name] for name in STATED_FACTS),
    )


def _build_lists(request: PageRequest, slug: str, found: Mapping[str, Any], is_indexed: bool) -> dict[str, AllyList]:
    """Return the lists. Who shares themes is not suggested again for other ones."""
    lists, shown = dict[str, AllyList](), set[str]()
    for name, mode in MODES.items():
        connection = found.get(name) or {"edges": (), "totalCount": 0}
        known = shown if name == "otherThemes" else ()
        edges = [
            edge for edge in connection["edges"] if _can_be_named(edge["node"], is_indexed) and edge["node"]["slug"] not in known
        ][: SHOWN[name]]
        shown.update(edge["node"]["slug"] for edge in edges)
        lists[name] = _build_list(request, slug, mode, edges, connection["totalCount"])
    return lists


def _build_list(request: PageRequest, slug: str, mode: str, edges: Sequence[Mapping[str, Any]], total: int) -> AllyList:
    address = request.link(PARTNERS_PATH, format_pairs([(ORGANIZATION, slug), (MODE, mode)]))
    return AllyList(build_ally_rows(request, edges), address if total > len(edges) else None)


def _can_be_named(other: Mapping[str, Any], is_indexed: bool) -> bool:
    return other["searchEngines"] or not is_indexed


def _iter_stated_relations(request: PageRequest, ties: Iterable[Mapping[str, Any]]) -> Iterator[RelatedOrganization]:
    for tie in ties:
        other, relation = tie["organization"], tie["relation"]
        if tie["isStatedByIt"]:
            kind = request.language.gettext(STATED_RELATIONS[relation["kind"]])
            address = request.link(f"/organizations/{other['slug']}")
            yield RelatedOrganization(kind, other["name"], address, relation["note"], relation["url"], is_stated_by_it=True)
