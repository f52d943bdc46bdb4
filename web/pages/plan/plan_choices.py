"""What is chosen for a plan, as chips that can be removed one by one, and the themes that can be chosen."""

from collections.abc import Mapping

from msgspec import Struct

from web.pages.coverage.coverage_form import list_rules
from web.pages.kinds.list_choices import Option, list_themes
from web.pages.page import PageRequest
from web.pages.plan.plan_form import (
    BY,
    EXCLUDE,
    FILTER,
    INCLUDE,
    ISSUE,
    MOST,
    NATIONWIDE,
    NEED,
    REGION,
    PlanForm,
    link_plan,
)
from web.pages.plan.plan_names import describe_filter, name_region, name_themes

RESULT = "result"  # the part of the page with the plan


class Chip(Struct, frozen=True):
    """A part of the question. `address` is the plan without it. `is_unlisted`: nobody has the name that the address gives."""

    text: str
    address: str
    is_unlisted: bool = False


class ThemeChoice(Struct, frozen=True):
    """A theme and the narrower ones."""

    slug: str
    label: str
    narrower: "tuple[ThemeChoice, ...]"


def build_chips(request: PageRequest, form: PlanForm, names: Mapping[str, str]) -> dict[str, list[Chip]]:
    """Return the chips by what they are about. `names` are those of organizations by their slugs."""
    themes, code = name_themes(request), request.language.code

    def list_of(key: str, texts: Mapping[str, str]) -> list[Chip]:
        listed = [(value, texts.get(value)) for value in form.list(key)]
        return [Chip(text or value, _link(request, form.drop(key, value)), text is None) for value, text in listed]

    return {
        ISSUE: list_of(ISSUE, themes),
        REGION: list_of(REGION, {region: name_region(region, code) for region in form.list(REGION)}),
        "rules": _list_rule_chips(request, form),
        INCLUDE: list_of(INCLUDE, names),
        EXCLUDE: list_of(EXCLUDE, names),
    }


def list_theme_choices(request: PageRequest) -> tuple[ThemeChoice, ...]:
    """Return the broadest themes by name, each with its narrower ones by name. A theme is below only one other."""
    nodes = request.ask_vocabulary()["issueAreas"]["nodes"]
    broader = {node["slug"]: [each["slug"] for each in node["broader"]] for node in nodes}
    narrower: dict[str | None, list[Option]] = {}
    for slug, label in list_themes(request):
        for each in broader[slug][:1] or (None,):
            narrower.setdefault(each, []).append((slug, label))

    def list_below(slug: str | None) -> tuple[ThemeChoice, ...]:
        return tuple(ThemeChoice(each, label, list_below(each)) for each, label in narrower.get(slug, ()))

    return list_below(None)


def _list_rule_chips(request: PageRequest, form: PlanForm) -> list[Chip]:
    """Return a chip for each rule that is not the usual one."""
    language, texts = request.language, dict[str, str]()
    if need := int(form.get(NEED) or 1) - 1:
        texts[NEED] = language.gettext("each combination by at least %(count)s members") % {"count": need + 1}
    if by := form.get(BY):
        texts[BY] = dict(list_rules(language)).get(by, "")
    if form.get(NATIONWIDE) == "INCLUDE":
        texts[NATIONWIDE] = language.gettext("nationwide members count in every place")
    elif form.get(NATIONWIDE) == "ONLY":
        texts[NATIONWIDE] = language.gettext("only nationwide members count")
    if most := form.get(MOST):
        text = language.ngettext("at most %(count)s member", "at most %(count)s members", int(most))
        texts[MOST] = text % {"count": most}
    if labels := describe_filter(request, form):
        texts[FILTER] = language.gettext("only members found by: %(filter)s") % {"filter": ", ".join(labels)}
    return [Chip(text, _link(request, form.drop(key))) for key, text in texts.items()]


def _link(request: PageRequest, form: PlanForm) -> str:
    return link_plan(request, form, fragment=RESULT)
