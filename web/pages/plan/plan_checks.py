"""What of an address cannot be used for a plan. It gets a sentence and is left out; the rest applies."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from directory.partners.plans.request import (
    MAX_CELLS,
    MAX_ECHO_LENGTH,
    MAX_ISSUE_AREAS,
    MAX_LISTED,
    MAX_MEMBERS,
    MAX_PER_CELL,
    MAX_REGIONS,
    MEMBER_KEY,
)
from directory.question import Nationwide, RegionMatch
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS
from web.pages.kinds.list_form import MAX_LEFTOVERS, build_leftover_problem
from web.pages.languages import Language, mark
from web.pages.page import PageRequest
from web.pages.plan.plan_form import BY, EXCLUDE, INCLUDE, ISSUE, MOST, NATIONWIDE, NEED, REGION, PlanForm, link_plan
from web.pages.plan.plan_names import name_region, name_themes
from web.pages.search.search_form import format_pairs

MAX_SUGGESTED_FOR = 3  # unknown themes and places that get suggestions, each of which takes milliseconds
IS_POSSIBLE: Mapping[str, Callable[[str], object]] = {
    ISSUE: ISSUE_AREAS.get,
    REGION: REGIONS.get,
    INCLUDE: MEMBER_KEY.fullmatch,
    EXCLUDE: MEMBER_KEY.fullmatch,
    BY: RegionMatch.__members__.__contains__,
    NATIONWIDE: Nationwide.__members__.__contains__,
}
NUMBERS = {
    MOST: (MAX_MEMBERS, mark("The limit on members is a number from 1 to %(most)s, not “%(value)s”. This plan has no limit.")),
    NEED: (
        MAX_PER_CELL,
        mark("The number of members for each theme in each place is 1 to %(most)s, not “%(value)s”. This plan is for 1."),
    ),
}
LIMITS = {
    ISSUE: (MAX_ISSUE_AREAS, mark("A plan can have at most %(most)s themes. The first %(most)s are in this one.")),
    REGION: (MAX_REGIONS, mark("A plan can have at most %(most)s places. The first %(most)s are in this one.")),
    INCLUDE: (MAX_LISTED, mark("At most %(most)s members can be chosen to take part. The first %(most)s are.")),
    EXCLUDE: (MAX_LISTED, mark("At most %(most)s members can be left out. The first %(most)s are.")),
}


def drop_impossible(request: PageRequest, form: PlanForm) -> PlanForm:
    """Return the form with values that are possible by themselves, and no more than a plan can have."""
    for key in IS_POSSIBLE:
        unknown = [value for value in form.list(key) if not IS_POSSIBLE[key](value)]
        form = form.drop(key, *unknown) if unknown else form
        for number, value in enumerate(unknown[:MAX_LEFTOVERS]):
            problem = build_leftover_problem(request.language, key, value)
            has_suggestions = key in (ISSUE, REGION) and number < MAX_SUGGESTED_FOR
            form = form.warn(problem.text, _suggest(request, form, key, value) if has_suggestions else ())
    for key, (most, sentence) in NUMBERS.items():
        if form.get(key) and not _is_number(form.get(key), most):
            form = form.drop(key).warn(_format(request.language, sentence, most, form.get(key)))
    for key, (most, sentence) in LIMITS.items():
        if len(form.list(key)) > most:
            form = form.choose(key, *form.list(key)[:most]).warn(_format(request.language, sentence, most))
    return form


def drop_contradictions(request: PageRequest, form: PlanForm, names: Mapping[str, str]) -> PlanForm:
    """Return the form without what contradicts the rest. `names` are those of organizations by their keys."""
    for key in set(form.list(INCLUDE)) & set(form.list(EXCLUDE)):
        text = request.language.gettext("“%(name)s” cannot both take part and be left out. The plan is made without it.")
        form = form.drop(INCLUDE, key).warn(text % {"name": names.get(key, key)})
    required, most = len(form.list(INCLUDE)), form.get(MOST)
    if most and required > int(most):
        text = request.language.gettext("%(count)s members must take part, so a plan of at most %(most)s is impossible.")
        form = form.drop(MOST).warn(text % {"count": request.language.format_count(required), "most": most})
    return form


def describe_size(language: Language, form: PlanForm) -> str | None:
    """Return why a plan with so many combinations of themes and places is not made; None if it can be made."""
    themes, places = len(form.list(ISSUE)), len(form.list(REGION))
    if themes * places <= MAX_CELLS:
        return None
    text = language.gettext(
        "%(themes)s themes in %(places)s places are %(cells)s combinations, and a plan can have at most %(most)s. "
        "Remove themes or places, or choose larger places."
    )
    counts = {"themes": themes, "places": places, "cells": themes * places, "most": MAX_CELLS}
    return text % {name: language.format_count(count) for name, count in counts.items()}


def _suggest(request: PageRequest, form: PlanForm, key: str, value: str) -> Sequence[tuple[str, str]]:
    """Return the names of themes or places that may have been meant, and the addresses of plans with them."""
    answer = request.ask("check", search=format_pairs([(key, value[:MAX_ECHO_LENGTH])]))
    values = [str(each) for error in answer.errors for each in error["extensions"].get("suggestions", ())]
    themes = name_themes(request)
    names = {each: name_region(each, request.language.code) if key == REGION else themes[each] for each in values}
    repeated = {name for name, count in Counter(names.values()).items() if count > 1}  # such as both Georgias
    texts = {each: f"{name} ({each})" if name in repeated else name for each, name in names.items()}
    return [(text, link_plan(request, form.add(key, each))) for each, text in texts.items()]


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most


def _format(language: Language, sentence: str, most: int, value: str = "") -> str:
    return language.gettext(sentence) % {"most": language.format_count(most), "value": value[:MAX_ECHO_LENGTH]}
