"""/plan: choose themes and places, see who covers them together, and ask for another plan when somebody says no."""

from collections.abc import Mapping
from typing import Any

from directory.errors import ErrorCode
from directory.partners.plans.request import MAX_LISTED, MAX_PER_CELL
from directory.question import Nationwide
from web.pages.coverage.coverage_form import list_areas, list_rules
from web.pages.error_page import find_network
from web.pages.kinds.list_choices import link_organization
from web.pages.languages import mark
from web.pages.page import VALUE_ERRORS, Page, PageRequest, PageUnavailable
from web.pages.plan.plan_changes import describe_change
from web.pages.plan.plan_checks import describe_size, drop_contradictions, drop_impossible
from web.pages.plan.plan_choices import RESULT, build_chips, list_theme_choices
from web.pages.plan.plan_form import DECLINED, EXCLUDE, ISSUE, NATIONWIDE, PATH, REGION, PlanForm, link_plan
from web.pages.plan.plan_members import PlanAxes, build_members, build_table
from web.pages.plan.plan_names import name_region, name_themes, settle_names
from web.pages.plan.plan_proof import build_reason
from web.pages.plan.typed_names import add_typed, drop_invalid_filter
from web.pages.search.search_form import format_pairs
from web.pages.sensitive_themes import ISSUE_KEY, is_sensitive_search

CHANGE = "change"  # the part of the page that says what changed
MAX_SHOWN_GAPS = 20
CSV_PATH = f"{PATH}.csv"
_INVALID = mark("This plan cannot be made as it is. Remove a part of it, such as members or the filter.")
_TOO_COSTLY = mark("This plan takes too much work. Choose fewer themes or places, or fewer members for each theme in each place.")
REFUSALS = {
    **dict.fromkeys((*VALUE_ERRORS, ErrorCode.UNKNOWN_TERM, ErrorCode.UNKNOWN_REGION), _INVALID),
    **dict.fromkeys((ErrorCode.TOO_COMPLEX, ErrorCode.TOO_SLOW), _TOO_COSTLY),
}
EXAMPLE = (
    *((ISSUE, slug) for slug in ("housing", "incarceration", "racial-justice")),
    *((REGION, f"US-{division}") for division in ("SOUTH-ATLANTIC", "EAST-SOUTH-CENTRAL", "WEST-SOUTH-CENTRAL")),
)


def build_plan_page(request: PageRequest) -> Page:
    """Return the page. Caches may not store a name or another text that this directory does not have.

    Raises PageUnavailable while too many other plans are being made.
    """
    form, names = read_plan(request)
    data, form = ask_plan(request, form)
    plan = data.get("coalitionPlan")
    axes = PlanAxes(form.list(ISSUE), form.list(REGION))
    return Page(
        "plan.html",
        {
            "network": data["network"],
            "today": request.context.now.date(),
            "form": form,
            "plan": plan,
            "indexed": PlanForm.read(request).is_plain,
            "sensitive": is_sensitive_search([(ISSUE_KEY, slug) for slug in form.list(ISSUE)]),
            "example": request.link(PATH, format_pairs(EXAMPLE)),
            "chips": build_chips(request, form, names),
            **_build_choices(request, form),
            **(_build_plan(request, form, plan, axes, names) if plan else {}),
        },
        is_stored=not form.problems,
    )


def read_plan(request: PageRequest) -> tuple[PlanForm, dict[str, str]]:
    """Return what is valid in an address, and the names of the members that it includes or excludes by their slugs."""
    form = drop_impossible(request, PlanForm.read(request))
    form, names = settle_names(request, add_typed(request, drop_invalid_filter(request, form)))
    return drop_contradictions(request, form, names), names


def ask_plan(request: PageRequest, form: PlanForm) -> tuple[dict[str, Any], PlanForm]:
    """Return the data of documents/plan.graphql, and the form with why there is no plan. Raises PageUnavailable."""
    sentence = describe_size(request.language, form)
    if sentence is None and form.list(ISSUE) and form.list(REGION):
        data, code = _ask(request, form)
        if data.get("coalitionPlan"):
            return data, form
        if code not in REFUSALS:
            raise PageUnavailable(code)
        sentence = request.language.gettext(REFUSALS[code])
    return {"network": find_network(request)}, form.warn(sentence) if sentence else form


def _ask(request: PageRequest, form: PlanForm) -> tuple[dict[str, Any], ErrorCode]:
    """Return the data of a plan, and the code of the first error if it has no plan."""
    try:
        answer = request.ask("plan", search=form.format())
    except PageUnavailable as refusal:
        return {}, refusal.code
    return answer.data, ErrorCode(answer.errors[0]["extensions"]["code"] if answer.errors else ErrorCode.INTERNAL)


def _build_choices(request: PageRequest, form: PlanForm) -> dict[str, Any]:
    """Return what the form offers."""
    regions, divisions, states = list_areas(request)
    areas = [divisions, regions, states]
    listed = {code for _, options in areas for code, _ in options}
    others = [(code, name_region(code, request.language.code)) for code in form.list(REGION) if code not in listed]
    language = request.language
    return {
        "theme_choices": list_theme_choices(request),
        "areas": [(language.gettext("Other places"), others), *areas] if others else areas,
        "rules": list_rules(language),
        "nationwide_rules": [
            ("", language.gettext("count only where they are located")),
            (Nationwide.INCLUDE.value, language.gettext("count in every place")),
            (Nationwide.ONLY.value, language.gettext("are the only ones that count")),
        ],
        "needs": range(1, MAX_PER_CELL + 1),
    }


def _build_plan(
    request: PageRequest, form: PlanForm, plan: Mapping[str, Any], axes: PlanAxes, names: Mapping[str, str]
) -> dict[str, Any]:
    change, labels = describe_change(request, form, plan, names), name_themes(request)
    code = request.language.code
    return {
        "members": build_members(request, plan, axes, change.new if change else ()),
        "declines": _link_declines(request, form, plan),
        "change": change,
        "axes": axes,
        "table": [(labels[slug], cells) for slug, cells in build_table(plan, axes).items()],
        "places": [name_region(region, code) for region in axes.places],
        "gaps": [(gap["text"], [link_organization(request, node) for node in gap["nearest"]]) for gap in _list_gaps(plan)],
        "more_gaps": max(0, len(plan["uncovered"]) - MAX_SHOWN_GAPS),
        "reason": build_reason(request, plan),
        "count_nationwide": link_plan(request, form.choose(NATIONWIDE, Nationwide.INCLUDE.value), fragment=RESULT),
        "shared_address": request.build_absolute(link_plan(request, form)),
        "csv_address": request.link(CSV_PATH, form.format()),
    }


def _list_gaps(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    gaps: list[dict[str, Any]] = plan["uncovered"][:MAX_SHOWN_GAPS]
    return gaps


def _link_declines(request: PageRequest, form: PlanForm, plan: Mapping[str, Any]) -> dict[str, str]:
    """Return the address of the plan without each member by its slug; {} if the plan excludes as many as it can."""
    if len(form.list(EXCLUDE)) >= MAX_LISTED:
        return {}
    slugs = [member["organization"]["slug"] for member in plan["members"]]
    return {slug: link_plan(request, form, (DECLINED, slug), fragment=CHANGE) for slug in slugs}
