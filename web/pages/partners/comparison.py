"""Up to three suggested organizations side by side: a row for each fact, a column for each organization."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.geo import distance_km
from directory.vocabulary.terms import ISSUE_AREAS
from web.pages.browse.organization_lists import OrganizationRow, build_organization_row
from web.pages.kinds.list_choices import list_labels, list_states
from web.pages.kinds.list_form import MAX_ECHO_LENGTH, ListProblem
from web.pages.languages import Language
from web.pages.organization.facts import format_region
from web.pages.page import PageRequest
from web.pages.partners.ally_rows import describe_distance
from web.pages.partners.partner_form import COMPARE, PartnerForm
from web.pages.partners.partner_seeker import ACTIVE, Seeker, find_partner, list_points
from web.pages.plan.plan_form import INCLUDE
from web.pages.plan.plan_form import PATH as PLAN_PATH
from web.pages.search.results import format_place
from web.pages.search.search_form import format_pairs

MAX_VALUES = 8  # names in a cell; the page of the organization has all


class ComparedPartner(Struct, frozen=True):
    """A column: the organization, and the address of the page without it."""

    organization: OrganizationRow
    without: str


class ComparedCell(Struct, frozen=True):
    """What one organization states: `values`, or in their absence `missing`, which says whether there are none."""

    values: tuple[str, ...]
    missing: str
    more: int = 0


class ComparedFact(Struct, frozen=True):
    """A row."""

    heading: str
    cells: tuple[ComparedCell, ...]


class Comparison(Struct, frozen=True):
    """The table. `slugs` are those of its columns, `plan` is the address of a coalition with all of them."""

    slugs: tuple[str, ...]
    plan: str
    partners: tuple[ComparedPartner, ...]
    facts: tuple[ComparedFact, ...]


def find_candidates(request: PageRequest, form: PartnerForm, seeker: Seeker) -> tuple[list[dict[str, Any]], PartnerForm]:
    """Return the organizations that the form compares, and the form with their slugs.

    Former members are left out with the same sentence as organizations that never existed or that not everyone sees.
    """
    found: dict[str, dict[str, Any]] = {}
    problems = []
    for slug in form.get_all(COMPARE):
        node = find_partner(request, slug[:MAX_ECHO_LENGTH])
        if node is None or node["membership"]["status"] != ACTIVE:
            text = request.language.gettext("No member of this directory that could be compared is called “%(name)s”.")
            problems.append(ListProblem(text % {"name": slug[:MAX_ECHO_LENGTH]}))
        elif node["slug"] == seeker.slug:
            text = request.language.gettext("An organization cannot be compared with itself. Choose others.")
            problems.append(ListProblem(text))
        else:
            found[node["slug"]] = node
    return list(found.values()), form.with_values(COMPARE, list(found), *problems)


def build_comparison(
    request: PageRequest, form: PartnerForm, seeker: Seeker, nodes: Sequence[Mapping[str, Any]]
) -> Comparison | None:
    """Return the table; None if nothing is compared."""
    if not nodes:
        return None
    slugs = tuple(node["slug"] for node in nodes)
    states = dict(list_states(request))
    partners = (
        ComparedPartner(
            build_organization_row(request, node, states),
            request.link(form.path, form.format(compare=[slug for slug in slugs if slug != node["slug"]])),
        )
        for node in nodes
    )
    columns = [dict(_list_facts(request, seeker, node, states)) for node in nodes]
    facts = (ComparedFact(heading, tuple(column[heading] for column in columns)) for heading in columns[0])
    members = [seeker.slug, *slugs] if seeker.is_member else slugs
    plan = request.link(PLAN_PATH, format_pairs([(INCLUDE, slug) for slug in members]))
    return Comparison(slugs, plan, tuple(partners), tuple(facts))


def _list_facts(
    request: PageRequest, seeker: Seeker, node: Mapping[str, Any], states: Mapping[str, str]
) -> Iterator[tuple[str, ComparedCell]]:
    """Yield the headings of the rows and what an organization states, in the order of the table."""
    language, gettext = request.language, request.language.gettext
    missing = gettext("Not stated")
    common, new = _split_themes(seeker, node)
    none = gettext("None") if node["issueAreas"] else missing
    places = [format_place(location, states, language.code) for location in node["locations"]]
    yield gettext("Kind"), _fill([dict(list_labels(request, "kinds"))[node["kind"]]], missing)
    yield gettext("Themes in common"), _fill(common, none)
    yield gettext("Themes that are new to you"), _fill(new, none)
    yield gettext("Communities"), _fill(_mark_common(seeker, node, "communities", language), missing)
    yield gettext("Ways of working"), _fill(_mark_common(seeker, node, "workAreas", language), missing)
    yield gettext("Places"), _fill([place for place in places if place], gettext("Location not stated"))
    yield (
        gettext("Distance"),
        _fill(_measure(seeker, node, language), gettext("Unknown: no precise place")),
    )
    yield gettext("Serves"), _fill([format_region(region, language) for region in node["serviceAreas"]], missing)
    yield gettext("Looks for"), _fill([node["seeks"]] if node["seeks"] else [], missing)
    yield gettext("Offers"), _fill([node["offers"]] if node["offers"] else [], missing)


def _fill(values: Sequence[str], missing: str) -> ComparedCell:
    distinct = tuple(dict.fromkeys(values))
    return ComparedCell(distinct[:MAX_VALUES], missing, max(0, len(distinct) - MAX_VALUES))


def _split_themes(seeker: Seeker, node: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the themes on which both work, counting those that are broader or narrower, and the others."""
    own = seeker.terms["issueAreas"]
    known = {slug for term in own for slug in (*ISSUE_AREAS.closure(term), *ISSUE_AREAS.ancestors(term))}
    common = [term["label"] for term in node["issueAreas"] if term["slug"] in known]
    return common, [term["label"] for term in node["issueAreas"] if term["slug"] not in known]


def _mark_common(seeker: Seeker, node: Mapping[str, Any], field: str, language: Language) -> list[str]:
    """Return the labels of terms, those in common first and with a note."""
    common = [term["label"] for term in node[field] if term["slug"] in seeker.terms[field]]
    others = [term["label"] for term in node[field] if term["slug"] not in seeker.terms[field]]
    return [language.gettext("%(name)s (in common)") % {"name": label} for label in common] + others


def _measure(seeker: Seeker, node: Mapping[str, Any], language: Language) -> list[str]:
    """Return the distance between the nearest of the published places in words; [] if it is unknown."""
    distances = [distance_km(one, other) for one in seeker.points for other in list_points(node)]
    described = describe_distance(min(distances, default=None), language)
    return [described] if described else []
