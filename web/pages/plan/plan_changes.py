"""What changes in a plan when a member says no, in words."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from directory.filters.labels import join_labels
from web.pages.languages import Language
from web.pages.page import PageRequest
from web.pages.plan.plan_form import PlanForm

MAX_NAMES = 4  # in a sentence; more are counted


class PlanChange(Struct, frozen=True):
    """What changed. `summary` says who said no and who takes its place, `details` the rest; `new` are slugs."""

    summary: str
    details: list[str]
    new: frozenset[str]


def describe_change(request: PageRequest, form: PlanForm, plan: Mapping[str, Any], names: Mapping[str, str]) -> PlanChange | None:
    """Return what changed, compared with the plan in which the member could take part.

    None if nobody has just said no, if nobody has that key, or if no plan can be made for the comparison.
    """
    name = names.get(form.decliner)
    if name is None:
        return None
    former = request.ask("plan_before", search=form.former).data.get("coalitionPlan")
    return _compare(request.language, form.decliner, name, former, plan) if former else None


def _compare(language: Language, slug: str, name: str, former: Mapping[str, Any], plan: Mapping[str, Any]) -> PlanChange:
    old, new = _list_names(former), _list_names(plan)
    joined = {key: each for key, each in new.items() if key not in old}
    left = [each for key, each in old.items() if key not in new and key != slug]
    if slug not in old:
        summary = language.gettext("%(name)s said no. The plan did not need it, so nothing changed.") % {"name": name}
        return PlanChange(summary, [], frozenset())
    details = [_describe_size(language, len(old), len(new))]
    if left:
        text = language.ngettext("%(names)s is not needed any more.", "%(names)s are not needed any more.", len(left))
        details.append(text % {"names": _join(language, left)})
    elif len(old) > 1:
        details.append(language.gettext("Nobody else changed."))
    if (lost := former["covered"] - plan["covered"]) > 0:
        text = language.ngettext(
            "%(count)s combination that was covered stays uncovered now.",
            "%(count)s combinations that were covered stay uncovered now.",
            lost,
        )
        details.append(text % {"count": language.format_count(lost)})
    return PlanChange(_describe_joined(language, name, list(joined.values())), details, frozenset(joined))


def _describe_joined(language: Language, name: str, joined: list[str]) -> str:
    if not joined:
        return language.gettext("%(name)s said no, and nobody takes its place.") % {"name": name}
    text = language.ngettext(
        "%(name)s said no, so %(names)s takes its place.", "%(name)s said no, so %(names)s take its place.", len(joined)
    )
    return text % {"name": name, "names": _join(language, joined)}


def _describe_size(language: Language, before: int, now: int) -> str:
    numbers = {"count": language.format_count(now), "before": language.format_count(before)}
    if before == now:
        return language.ngettext("The plan still has %(count)s member.", "The plan still has %(count)s members.", now) % numbers
    text = language.ngettext(
        "The plan has %(count)s member now; it had %(before)s.", "The plan has %(count)s members now; it had %(before)s.", now
    )
    return text % numbers


def _list_names(plan: Mapping[str, Any]) -> dict[str, str]:
    organizations = (member["organization"] for member in plan["members"])
    return {organization["slug"]: organization["name"] for organization in organizations}


def _join(language: Language, names: list[str]) -> str:
    more = (
        [language.ngettext("%(count)s more", "%(count)s more", len(names) - MAX_NAMES) % {"count": len(names) - MAX_NAMES}]
        if len(names) > MAX_NAMES
        else []
    )
    return join_labels([*names[:MAX_NAMES], *more], language.code, is_choice=False)
