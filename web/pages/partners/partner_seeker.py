"""Who looks for partners on /partners: an organization of the directory, or a group that only the address describes."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Point
from directory.partners.allies.request import COARSE_PRECISIONS
from directory.text import fold
from web.pages.browse.regions import STATE_OF_COUNTY
from web.pages.kinds.list_choices import Option, list_states, list_terms
from web.pages.kinds.list_form import MAX_ECHO_LENGTH, ListProblem
from web.pages.page import PageRequest
from web.pages.partners.partner_form import (
    COMMUNITY,
    COUNTY,
    DRAFT_KEYS,
    OFFERS,
    ORGANIZATION,
    SEEKS,
    SERVES,
    STATE,
    TERM_KEYS,
    THEME,
    WORK,
    PartnerForm,
    list_places,
    list_served,
)
from web.pages.sensitive_themes import COMMUNITY_KEY, ISSUE_KEY, is_sensitive_organization, is_sensitive_search

ACTIVE = "ACTIVE"
MAX_NAME_LENGTH = 200
TERM_FIELDS = {"issueAreas": THEME, "communities": COMMUNITY, "workAreas": WORK}


class Seeker(Struct, frozen=True):
    """Who looks for partners. `id`, `slug` and `name` are "" for a group that is not listed.

    `terms` are slugs by the name of their field. `has_place` and `has_needs` say whether it states where it is or works, and what
    it looks for or offers. Distances are measured from `points`.
    """

    id: str
    slug: str
    name: str
    terms: Mapping[str, frozenset[str]]
    points: tuple[Point, ...]
    is_member: bool
    has_place: bool
    has_needs: bool
    is_sensitive: bool

    @property
    def has_terms(self) -> bool:
        return any(self.terms.values())


def find_seeker(request: PageRequest, form: PartnerForm) -> tuple[Seeker | None, PartnerForm]:
    """Return who looks for partners, and the form with the slug of the organization; None if the form does not say.

    An organization that not everyone sees is answered as one that does not exist.
    """
    node, form = _find_organization(request, form)
    if node is None:
        return (_describe_draft(form) if form.has_draft else None), form
    form = form.with_values(ORGANIZATION, [node["slug"]])
    if form.has_draft:
        form = _leave_out_draft(request, form, node["name"])
    return _describe_organization(node), form


def find_partner(request: PageRequest, slug: str) -> dict[str, Any] | None:
    """Return the data of an organization with a slug or a former slug (partner.graphql); None if nobody may see it."""
    found: dict[str, Any] | None = request.ask("partner", slug=slug).data.get("organization")
    return found


def build_draft(form: PartnerForm) -> dict[str, Any] | None:
    """Return the description of a group as the API takes it; None if the form has none."""
    if not form.has_draft:
        return None
    place = form.get(COUNTY) or form.get(STATE)
    return {
        **{field: list(form.get_all(key)) for field, key in TERM_FIELDS.items()},
        "regions": list(form.get_all(SERVES)),
        "place": {"region": place} if place else None,
        **{key: "; ".join(slug.replace("-", " ") for slug in form.get_all(key)) for key in (SEEKS, OFFERS)},
    }


def list_counties(request: PageRequest, form: PartnerForm) -> list[Option]:
    """Return the counties of the chosen state by name; [] if none is chosen."""
    if not form.get(STATE):
        return []
    region = request.ask("partner_counties", state=form.get(STATE)).data.get("region") or {"contains": ()}
    counties = list_places((node["code"], node["name"]) for node in region["contains"])
    return sorted(counties, key=lambda option: fold(option[1]))


def describe_group(request: PageRequest, form: PartnerForm, counties: Sequence[Option]) -> list[tuple[str, list[str]]]:
    """Return what a group that is not listed says of itself: pairs of a heading and names."""
    gettext = request.language.gettext
    headings = {
        THEME: gettext("Themes"),
        COMMUNITY: gettext("Communities"),
        WORK: gettext("Ways of working"),
        SEEKS: gettext("Looks for"),
        OFFERS: gettext("Offers"),
    }
    named = [(heading, form.get_all(key), dict(list_terms(request, TERM_KEYS[key]))) for key, heading in headings.items()]
    place = form.get_all(COUNTY) or form.get_all(STATE)
    full_names = [(code, f"{name}, {code[STATE_OF_COUNTY]}") for code, name in counties]
    named.append((gettext("Place"), place, dict([*list_states(request), *full_names])))
    named.append((gettext("Serves"), form.get_all(SERVES), dict(list_served(request))))
    return [(heading, [names.get(value, value) for value in values]) for heading, values, names in named if values]


def _find_organization(request: PageRequest, form: PartnerForm) -> tuple[dict[str, Any] | None, PartnerForm]:
    text = form.get(ORGANIZATION)
    if not text:
        return None, form
    if len(text) > MAX_NAME_LENGTH:
        sentence = request.language.gettext("The name of an organization can have at most %(number)s characters. Shorten it.")
        problem = ListProblem(sentence % {"number": request.language.format_count(MAX_NAME_LENGTH)})
        return None, form.without((ORGANIZATION,), problem)
    if node := find_partner(request, text):
        return node, form
    found = (request.ask("partner_names", query=text).data if fold(text) else {}).get("organizations") or {"nodes": ()}
    exact = [node["slug"] for node in found["nodes"] if fold(node["name"]) == fold(text)]
    if len(exact) == 1 and (node := find_partner(request, exact[0])):
        return node, form
    return None, form.without((ORGANIZATION,), _describe_name_problem(request, form, found["nodes"], len(exact)))


def _describe_name_problem(
    request: PageRequest, form: PartnerForm, nodes: Sequence[Mapping[str, Any]], exact: int
) -> ListProblem:
    """Say that a name is unknown or not unique, with links to those that are similar."""
    if exact:
        text = request.language.gettext("Several organizations are called “%(name)s”. Choose yours.")
    elif nodes:
        text = request.language.gettext("No organization is called exactly “%(name)s”. Choose yours, or type its whole name.")
    else:
        text = request.language.gettext(
            "No organization in this directory is called “%(name)s”. Check how it is written, or describe your group instead."
        )
    links = ((node["name"], request.link(form.path, form.format(**{ORGANIZATION: node["slug"]}))) for node in nodes)
    return ListProblem(text % {"name": form.get(ORGANIZATION)[:MAX_ECHO_LENGTH]}, tuple(links))


def _leave_out_draft(request: PageRequest, form: PartnerForm, name: str) -> PartnerForm:
    text = request.language.gettext(
        "The address names an organization and also describes a group. These are partners for the organization: %(name)s."
    )
    link = (request.language.gettext("partners for the described group"), request.link(form.path, form.format(organization="")))
    return form.without(DRAFT_KEYS, ListProblem(text % {"name": name}, (link,)))


def _describe_organization(node: Mapping[str, Any]) -> Seeker:
    return Seeker(
        id=node["id"],
        slug=node["slug"],
        name=node["name"],
        terms={field: frozenset(term["slug"] for term in node[field]) for field in TERM_FIELDS},
        points=list_points(node),
        is_member=node["membership"]["status"] == ACTIVE,
        has_place=bool(node["locations"] or node["serviceAreas"]),
        has_needs=bool(node["seeks"] or node["offers"]),
        is_sensitive=is_sensitive_organization(node),
    )


def list_points(node: Mapping[str, Any]) -> tuple[Point, ...]:
    """Return the published points of an organization; none if one of its places is too coarse for distances."""
    places = [place for place in node["locations"] if place["point"]]
    if any(place["precision"] in COARSE_PRECISIONS for place in node["locations"]):
        return ()
    return tuple(Point(place["point"]["latitude"], place["point"]["longitude"]) for place in places)


def _describe_draft(form: PartnerForm) -> Seeker:
    county = get_gazetteer().find_region(form.get(COUNTY)) if form.get(COUNTY) else None
    themes = [(ISSUE_KEY, slug) for slug in form.get_all(THEME)]
    return Seeker(
        id="",
        slug="",
        name="",
        terms={field: frozenset(form.get_all(key)) for field, key in TERM_FIELDS.items()},
        points=(county.point,) if county else (),
        is_member=False,
        has_place=any(form.get(key) for key in (STATE, COUNTY, SERVES)),
        has_needs=any(form.get(key) for key in (SEEKS, OFFERS)),
        is_sensitive=is_sensitive_search([*themes, *((COMMUNITY_KEY, slug) for slug in form.get_all(COMMUNITY))]),
    )
