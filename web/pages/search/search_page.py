"""The page of a search: one sentence or address in, a list with its reasons, facets and next steps out."""

import re
from typing import Any

from web.pages.documents import DocumentData
from web.pages.page import Page, PageRequest
from web.pages.search.download_parts import list_downloads
from web.pages.search.facets import build_facets
from web.pages.search.home_page import build_home_page
from web.pages.search.matched_terms import find_matched_terms
from web.pages.search.place_questions import build_place_questions
from web.pages.search.results import ResultContext, build_result, list_chips
from web.pages.search.search_addresses import FACET_KEYS, SearchAddresses
from web.pages.search.search_form import RADIUS, SearchForm
from web.pages.search.search_origin import find_search_origin
from web.pages.search.search_problems import Problem, find_problems
from web.pages.search.state_map import build_region_map
from web.pages.sensitive_themes import is_sensitive_search

RADII_MILES = (5, 10, 25, 50, 100, 250)
RADII_KM = (10, 25, 50, 100, 250, 500)
STATE_CODE = re.compile(r"(US-[A-Z]{2})(-\d{3})?")  # "US-GA", or one of its counties, "US-GA-121"


def build_search_page(request: PageRequest) -> Page:
    form = SearchForm.read(request.parameters)
    if form.is_empty:
        return build_home_page(request)
    answer, problems = _run(request, form), [Problem.from_leftover(pair) for pair in form.leftovers]
    if answer.data.get("organizations") is None:
        problems += find_problems(request, form, answer.errors)
        form = form.without([pair for problem in problems for pair in problem.pairs])
        answer = _run(request, form)
    if answer.data.get("organizations") is None:  # its parts are valid, but not together
        problems = [Problem.from_error(answer.errors[0], form.pairs)]
        form = SearchForm(unit=form.unit)
        answer = _run(request, form)
    return Page("search.html", _build_values(request, form, answer, problems))


def _run(request: PageRequest, form: SearchForm) -> DocumentData:
    state = _find_single_state(form)
    return request.ask("search", **form.build_variables(), countyState=state, withCounties=state is not None)


def _find_single_state(form: SearchForm) -> str | None:
    """Return the state whose counties the map shows, None if the search is not about one state or a county of it."""
    codes = [value for key, value in form.pairs if key == "region"]
    match = STATE_CODE.fullmatch(codes[0]) if len(codes) == 1 else None
    return match[1] if match else None


def _build_values(request: PageRequest, form: SearchForm, answer: DocumentData, problems: list[Problem]) -> dict[str, Any]:
    connection = answer.data["organizations"]
    addresses = SearchAddresses(connection["search"], form.unit)
    matched_terms = find_matched_terms(request, form, connection["search"], addresses.pairs)
    context = ResultContext.build(request, answer.data, form.unit, matched_terms)
    understanding = connection["understanding"]
    origin = find_search_origin(request, connection["question"], form.unit)
    return {
        "network": answer.data["network"],
        "sensitive": is_sensitive_search(addresses.pairs),
        "today": request.context.now.date(),
        "form": form,
        "addresses": addresses,
        "problems": problems,
        "count": connection["totalCount"],
        "chips": list_chips(connection["question"], request.language, origin),
        "understanding": understanding and build_place_questions(understanding, request.language),
        "page_info": connection["pageInfo"],
        "results": [build_result(edge, context) for edge in connection["edges"]],
        "relaxations": connection["relaxations"],
        "facets": build_facets(connection["facets"], request.ask_vocabulary()["issueAreas"]["nodes"]),
        "hidden_pairs": addresses.list_pairs_without(*FACET_KEYS, RADIUS, "order"),
        "order": addresses.get("order") or addresses.default_order,
        "map": build_region_map(request, connection["facets"], addresses, _find_single_state(form), origin),
        "origin": origin,
        "downloads": list_downloads(request, connection["search"], connection["totalCount"]),
        "location_not_stated": connection["facets"]["locationNotStated"],
        "radii_miles": RADII_MILES,
        "radii_km": RADII_KM,
    }
