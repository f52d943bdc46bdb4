"""What somebody types into the form of a plan: the name of a place or of a member, and words that members must match."""

from collections.abc import Mapping, Sequence
from typing import Any

from directory.question.text_limits import PLACE_NAME_LIMIT, QUERY_LIMIT
from directory.text import fold
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS
from web.pages.kinds.coalition_list import describe_members, list_members
from web.pages.kinds.list_form import MAX_ECHO_LENGTH
from web.pages.page import PageRequest
from web.pages.plan.plan_form import FILTER, INCLUDE, MEMBER, PLACE, REGION, WORDS, PlanForm, link_plan
from web.pages.plan.plan_names import name_region

LIMITS = {PLACE: PLACE_NAME_LIMIT, MEMBER: QUERY_LIMIT, WORDS: QUERY_LIMIT}  # characters
MAX_BEGINNINGS = 10  # places whose names only begin with the text


def add_typed(request: PageRequest, form: PlanForm) -> PlanForm:
    """Return the form with what the typed texts stand for. What stands for nothing gets a sentence."""
    for key, add in ((PLACE, _add_place), (MEMBER, _add_member), (WORDS, _add_words)):
        text, language = form.texts.get(key, ""), request.language
        if len(text) > LIMITS[key]:
            sentence = language.gettext("A text was too long and was left out. It can have at most %(number)s characters.")
            form = form.warn(sentence % {"number": language.format_count(LIMITS[key])})
        elif text:
            form = add(request, form, text)
    return form


def drop_invalid_filter(request: PageRequest, form: PlanForm) -> PlanForm:
    """Return the form without a filter that is not valid."""
    search = form.get(FILTER)
    if not search or request.ask("check", search=search).data.get("organizations"):
        return form
    return form.drop(FILTER).warn(request.language.gettext("The filter of this plan is not valid, so it was left out."))


def _add_place(request: PageRequest, form: PlanForm, text: str) -> PlanForm:
    """Return the form with the region that is called so, in the home country if there is one. Several are suggested."""
    data = request.ask("plan_place", name=text).data if fold(text) else {}
    nodes = (data.get("regions") or {}).get("nodes", ())
    exact = [node["code"] for node in nodes if _is_called(node, text)]
    at_home = [code for code in exact if REGIONS.get_country_code(code) == HOME_COUNTRY]
    codes = at_home or exact or [node["code"] for node in nodes][:MAX_BEGINNINGS]
    if not codes:
        return _warn_no_region(request, form, text, data.get("places") or ())
    if len(codes) == 1:
        return form.add(REGION, codes[0])
    sentence = request.language.gettext("Several places have a name that is or begins with “%(name)s”. Choose one.")
    return _warn(form, sentence, text, _link_regions(request, form, codes))


def _is_called(node: Mapping[str, Any], text: str) -> bool:
    names = {fold(name) for name in (node["name"], node["spanish"], *node["aliases"])}
    return fold(text) in names or node["code"] in (text.upper(), f"US-{text.upper()}")


def _warn_no_region(request: PageRequest, form: PlanForm, text: str, places: Sequence[Mapping[str, Any]]) -> PlanForm:
    language = request.language
    if not places:
        sentence = language.gettext(
            "No place is called “%(name)s”. Write the name of a state, county, metropolitan area or region."
        )
        return _warn(form, sentence, text)
    sentence = language.gettext("“%(name)s” is a city or a ZIP code, and a plan needs a county or a larger place.")
    codes = [region["code"] for region in places[0]["regions"]]
    return _warn(form, sentence, text, _link_regions(request, form, codes))


def _link_regions(request: PageRequest, form: PlanForm, codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(name_region(code, request.language.code), link_plan(request, form.add(REGION, code))) for code in codes]


def _add_member(request: PageRequest, form: PlanForm, text: str) -> PlanForm:
    """Return the form with the organization that is called so as one that must take part."""
    found = list_members(request, text)
    if len(found) == 1:
        return form.add(INCLUDE, found[0].slug)
    links = [(member.name, link_plan(request, form.add(INCLUDE, member.slug))) for member in found]
    return form.warn(describe_members(request.language, text, found), links)


def _add_words(request: PageRequest, form: PlanForm, text: str) -> PlanForm:
    """Return the form with the words in its filter."""
    found = request.ask("check", words=text, search=form.get(FILTER) or None).data.get("organizations")
    if found and found["search"]:
        return form.choose(FILTER, found["search"])
    return _warn(form, request.language.gettext("“%(name)s” cannot be searched for, so the plan does not use it."), text)


def _warn(form: PlanForm, sentence: str, text: str, suggestions: Sequence[tuple[str, str]] = (), **values: str) -> PlanForm:
    return form.warn(sentence % {"name": text[:MAX_ECHO_LENGTH], **values}, suggestions)
