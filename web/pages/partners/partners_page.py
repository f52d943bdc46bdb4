"""/partners: possible partners of an organization or of a group that is not listed, with reasons, side by side if asked."""

from collections.abc import Mapping
from typing import Any

from directory.errors import ErrorCode
from directory.partners.allies.request import AllyMode
from web.pages.kinds.list_choices import link_organization, list_states, list_terms
from web.pages.kinds.list_form import CURSOR_KEYS, ListProblem
from web.pages.page import Page, PageRequest, PageUnavailable
from web.pages.partners.ally_rows import build_ally_rows
from web.pages.partners.comparison import build_comparison, find_candidates
from web.pages.partners.partner_form import (
    COMPARE,
    DRAFT_KEYS,
    MAX_COMPARED,
    ORGANIZATION,
    REGION,
    TERM_KEYS,
    PartnerForm,
    list_places,
    list_served,
    read_form,
)
from web.pages.partners.partner_seeker import Seeker, build_draft, describe_group, find_seeker, list_counties
from web.pages.partners.partner_weights import (
    SAME_PLACE,
    SAME_THEMES,
    WEIGHT_KEYS,
    build_sliders,
    build_weights,
    list_weight_texts,
)
from web.pages.sensitive_themes import is_sensitive_organization

TEMPLATE = "partners.html"


def build_partners_page(request: PageRequest) -> Page:
    """Return the page: a form, or the partners of the organization or group that the address names.

    Caches may not store what a group that is not listed says of itself, nor a name that this directory does not have.
    """
    form = read_form(request)
    typed = form.get(ORGANIZATION)
    seeker, form = find_seeker(request, form)
    values: dict[str, Any] = {"typed": seeker.name if seeker else typed, "indexed": form.is_plain}
    if seeker is None:
        values |= {"network": request.ask("network").data["network"], "sensitive": False}
    else:
        found, form = _build_results(request, form, seeker)
        values |= found
    values |= {"form": form, "seeker": seeker, **_build_choices(request, form)}
    return Page(TEMPLATE, values, is_stored=not (form.has_draft or form.problems))


def _build_results(request: PageRequest, form: PartnerForm, seeker: Seeker) -> tuple[dict[str, Any], PartnerForm]:
    candidates, form = find_candidates(request, form, seeker)
    data, form = _ask(request, form, seeker)
    allies, comparison = data["allies"], build_comparison(request, form, seeker, candidates)
    shown = {edge["node"]["slug"] for edge in allies["edges"]}
    kept = [(COMPARE, slug) for slug in form.get_all(COMPARE) if slug not in shown]
    cursors = [(key, form.get(key)) for key in CURSOR_KEYS if form.get(key)]
    return {
        "network": data["network"],
        "today": request.context.now.date(),
        "profile": link_organization(request, {"name": seeker.name, "slug": seeker.slug}) if seeker.slug else None,
        "count": allies["totalCount"],
        "page_info": allies["pageInfo"],
        "rows": build_ally_rows(request, allies["edges"]),
        "ties": [_build_tie(request, data, tie) for tie in allies["ties"]],
        "comparison": comparison,
        "compare_pairs": [*form.list_pairs(COMPARE), *kept, *cursors],
        "advice": _advise(request, form, seeker),
        "sensitive": seeker.is_sensitive or any(map(is_sensitive_organization, candidates)),
    }, form


def _ask(request: PageRequest, form: PartnerForm, seeker: Seeker) -> tuple[dict[str, Any], PartnerForm]:
    """Execute the document, without the page or the weights that the API refuses. Raises PageUnavailable for other errors."""
    answer = request.ask("partners", **_build_variables(form, seeker))
    while answer.errors:
        form = _drop_refused(request, form, answer.errors[0]["extensions"])
        answer = request.ask("partners", **_build_variables(form, seeker))
    return answer.data, form


def _build_variables(form: PartnerForm, seeker: Seeker) -> dict[str, Any]:
    return {
        "organizations": [seeker.id] if seeker.id else None,
        "draft": build_draft(form),
        "mode": form.mode,
        "weights": build_weights(form.mode, form.get),
        "filter": {"regions": {"anyOf": [form.get(REGION)]}} if form.get(REGION) else None,
        **form.build_page(),
    }


def _drop_refused(request: PageRequest, form: PartnerForm, details: Mapping[str, Any]) -> PartnerForm:
    gettext = request.language.gettext
    if details.get("argument") == "weights" and any(form.get(key) for key in WEIGHT_KEYS):
        text = gettext(
            "With these numbers, nothing is left that could suggest anybody. Move a slider above 0. The usual numbers count now."
        )
        return form.without((*WEIGHT_KEYS, *CURSOR_KEYS), ListProblem(text))
    if any(form.get(key) for key in CURSOR_KEYS):
        text = gettext("This page of the list does not exist any more. This is the first page.")
        return form.without(CURSOR_KEYS, ListProblem(text))
    raise PageUnavailable(ErrorCode(details["code"]))


def _build_choices(request: PageRequest, form: PartnerForm) -> dict[str, Any]:
    """Return what the forms of the page offer, and the parameters that each of them keeps."""
    counties = list_counties(request, form)
    tuning_keys = (*WEIGHT_KEYS, REGION)
    return {
        "sliders": build_sliders(request.language, form.mode, form.get),
        "slider_texts": list_weight_texts(request.language, "{value}"),
        "terms": {key: list_terms(request, name) for key, name in TERM_KEYS.items()},
        "states": list_states(request),
        "home_states": list_places(list_states(request)),
        "counties": counties,
        "served": list_served(request),
        "group": describe_group(request, form, counties),
        "region": dict(list_states(request)).get(form.get(REGION)),
        "max_compared": MAX_COMPARED,
        "others": form.list_pairs(ORGANIZATION, *DRAFT_KEYS),
        "untuned": form.list_pairs(*tuning_keys),
        "usual": form.format(**dict.fromkeys(tuning_keys, "")),
        "is_tuned": any(form.get(key) for key in tuning_keys),
        **_describe_modes(request, form),
    }


def _describe_modes(request: PageRequest, form: PartnerForm) -> dict[str, Any]:
    """Return the ways to look for partners, with their addresses, and what the chosen one means."""
    gettext = request.language.gettext
    modes = {
        SAME_THEMES: (
            gettext("Same themes"),
            gettext("Finds organizations that share themes, communities, ways of working or coalitions with you."),
        ),
        SAME_PLACE: (
            gettext("Same place, other themes"),
            gettext("Finds organizations that are near you or serve the same places, and work on other themes."),
        ),
        AllyMode.SEEKS_AND_OFFERS.value: (
            gettext("What you look for and offer"),
            gettext("Finds organizations that offer what you look for, or look for what you offer."),
        ),
    }
    links = [
        (name, request.link(form.path, form.format(mode="" if mode == SAME_THEMES else mode)), mode == form.mode)
        for mode, (name, _) in modes.items()
    ]
    return {"modes": links, "mode_text": modes[form.mode][1]}


def _advise(request: PageRequest, form: PartnerForm, seeker: Seeker) -> str:
    """Return why nobody is suggested, and what to change."""
    gettext = request.language.gettext
    if form.mode == SAME_THEMES and not seeker.has_terms:
        return gettext("No themes, communities or ways of working are stated. State some, or look in another way.")
    if form.mode == SAME_PLACE and not seeker.has_place:
        return gettext("No place is stated. State one, or look in another way.")
    if form.mode == AllyMode.SEEKS_AND_OFFERS and not seeker.has_needs:
        return gettext("Neither what you look for nor what you offer is stated. State it, or look in another way.")
    if form.get(REGION):
        return gettext("Nobody in or serving the chosen place matches.")
    if any(form.get(key) == "0" for key in WEIGHT_KEYS):
        return gettext("Some reasons do not count, because their slider is at 0. Move it up, or look in another way.")
    return gettext("No member has anything of this in common with you yet. Look in another way.")


def _build_tie(request: PageRequest, data: Mapping[str, Any], tie: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {each["value"]: each["label"] for each in (*data["tieKinds"], *data["relationKinds"])}
    name, address = link_organization(request, tie["organization"])
    kind = kinds[tie["relation"]["kind"] if tie["relation"] else tie["kind"]]
    return {"name": name, "address": address, "kind": kind, "is_stated_by_it": tie["isStatedByIt"]}
