"""The address of a coverage table: its rows, columns, goal and filter, and what of it cannot be used."""

from typing import Any

from directory.partners.coverage.question import MAX_CELLS, MAX_GOAL
from directory.question import Nationwide, RegionMatch
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import HOME_COUNTRY
from web.pages.kinds.list_choices import Option
from web.pages.kinds.list_form import MAX_ECHO_LENGTH, THEME, WORDS, ListForm, ListProblem, ask_list
from web.pages.languages import Language
from web.pages.page import PageRequest

PATH = "/coverage"
FACET, KIND, WITHIN, BY, NATIONWIDE, GOAL = "facet", "kind", "within", "by", "nationwide", "goal"
COMPARE = "compare"  # a past day
EVERYWHERE = "all"  # the value of `within` for the states of every country
DEFAULT_GOAL = 1
DEFAULT_FACET = "ISSUE_AREA"
SMALL_KINDS = {RegionKind.COUNTY: (RegionKind.STATE,), RegionKind.METRO_AREA: (RegionKind.STATE, RegionKind.CENSUS_DIVISION)}
GAPS, GAPS_OF_ONE_THEME = 5, 20


def read_form(request: PageRequest) -> ListForm:
    """Return the form of an address. What it has to be different for a table to be possible gets a sentence."""
    form = ListForm.read(request, _list_choices(request.language))
    if form.get(GOAL) and _parse_goal(form.get(GOAL)) is None:
        text = request.language.gettext("A goal is a number from 1 to %(most)s, not “%(value)s”. This is for a goal of 1.")
        values = {"most": request.language.format_count(MAX_GOAL), "value": form.get(GOAL)[:MAX_ECHO_LENGTH]}
        form = form.without((GOAL,), ListProblem(text % values))
    return _require_small_area(request, form)


def ask_coverage(request: PageRequest, form: ListForm) -> tuple[dict[str, Any], ListForm]:
    """Return the data of documents/coverage.graphql with the `search` of its words, and the form with what was used."""
    checked, form = ask_list(request, form, "check", lambda form: {"words": form.get(WORDS) or None, "search": None})
    search = checked["organizations"]["search"] if form.get(WORDS) else None

    def build_variables(form: ListForm) -> dict[str, Any]:
        return build_question_variables(form) | {"search": search or None, "gaps": GAPS_OF_ONE_THEME if form.get(THEME) else GAPS}

    answer = request.ask("coverage", **build_variables(form))
    if answer.errors and (cells := answer.errors[0]["extensions"].get("cells")):
        form = form.without((KIND,), _describe_size(request.language, int(cells)))
    data, form = ask_list(request, form, "coverage", build_variables)
    return data | {"search": search or ""}, form


def build_question_variables(form: ListForm) -> dict[str, Any]:
    """Return the variables of the matrix, without its filter."""
    within = form.get(WITHIN) or HOME_COUNTRY
    return {
        "facet": form.get(FACET) or DEFAULT_FACET,
        "values": [form.get(THEME)] if form.get(THEME) else None,
        "kind": form.get(KIND) or RegionKind.STATE.value,
        "within": None if within == EVERYWHERE else within,
        "goal": {
            "atLeast": get_goal(form),
            "by": form.get(BY) or RegionMatch.LOCATED_OR_SERVING.value,
            "nationwide": form.get(NATIONWIDE) or Nationwide.EXCLUDE.value,
        },
    }


def get_goal(form: ListForm) -> int:
    return _parse_goal(form.get(GOAL)) or DEFAULT_GOAL


def list_facets(language: Language) -> list[Option]:
    """Return what the rows can be, and what it is called."""
    return [
        (DEFAULT_FACET, language.gettext("Themes")),
        ("COMMUNITY", language.gettext("Communities")),
        ("WORK_AREA", language.gettext("Ways of working")),
    ]


def list_kinds(language: Language) -> list[Option]:
    """Return what the columns can be."""
    return [
        (RegionKind.STATE.value, language.gettext("States")),
        (RegionKind.CENSUS_REGION.value, language.gettext("Census regions")),
        (RegionKind.CENSUS_DIVISION.value, language.gettext("Census divisions")),
        (RegionKind.METRO_AREA.value, language.gettext("Metropolitan areas of a state or division")),
        (RegionKind.COUNTY.value, language.gettext("Counties of a state")),
    ]


def list_rules(language: Language) -> list[Option]:
    """Return how organizations can count in a region."""
    return [
        (RegionMatch.LOCATED_OR_SERVING.value, language.gettext("located there or serving it")),
        (RegionMatch.LOCATED.value, language.gettext("located there")),
        (RegionMatch.SERVING.value, language.gettext("serving it")),
    ]


def list_areas(request: PageRequest) -> list[tuple[str, list[Option]]]:
    """Return the areas that a table can be limited to, in groups with a name, each by name."""
    vocabulary, language = request.ask_vocabulary(), request.language

    def list_of(name: str) -> list[Option]:
        options = [(node["code"], node["name"]) for node in vocabulary[name]["nodes"]]
        return sorted(options, key=lambda option: fold(option[1]))

    return [
        (language.gettext("Census regions"), list_of("censusRegions")),
        (language.gettext("Census divisions"), list_of("censusDivisions")),
        (language.gettext("States"), list_of("states")),
    ]


def _list_choices(language: Language) -> dict[str, Any]:
    return {
        FACET: dict(list_facets(language)),
        KIND: dict(list_kinds(language)),
        WITHIN: None,
        BY: dict(list_rules(language)),
        NATIONWIDE: (Nationwide.INCLUDE.value,),
        GOAL: None,
        COMPARE: None,
        THEME: None,
        WORDS: None,
    }


def _parse_goal(text: str) -> int | None:
    is_short_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_GOAL))
    return int(text) if is_short_number and 1 <= int(text) <= MAX_GOAL else None


def _require_small_area(request: PageRequest, form: ListForm) -> ListForm:
    """Return the form with states instead of counties and metropolitan areas, unless it names the state that they are in."""
    kind = form.get(KIND)
    allowed = {code for code, _ in list_areas(request)[-1][1]}
    if kind == RegionKind.METRO_AREA:
        allowed |= {code for code, _ in list_areas(request)[1][1]}
    if kind not in SMALL_KINDS or form.get(WITHIN) in allowed:
        return form
    if kind == RegionKind.COUNTY:
        text = request.language.gettext(
            "Counties fit into a table only for one state, because there are more than 3,000 of them. "
            "Choose a state under “Area”. Until then, the columns are states."
        )
    else:
        text = request.language.gettext(
            "Metropolitan areas fit into a table only for one state or Census division, because there are almost 400 of them. "
            "Choose one under “Area”. Until then, the columns are states."
        )
    return form.without((KIND,), ListProblem(text))


def _describe_size(language: Language, cells: int) -> ListProblem:
    text = language.gettext(
        "This table would have %(cells)s cells, and a table can have at most %(most)s. "
        "Choose one theme or a smaller area. Until then, the columns are states."
    )
    return ListProblem(text % {"cells": language.format_count(cells), "most": language.format_count(MAX_CELLS)})
