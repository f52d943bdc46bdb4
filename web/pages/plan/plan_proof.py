"""Why a plan cannot be smaller, as the page shows it."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from directory.partners.plans.certificate import PlanProof
from directory.partners.plans.plan import GapReason
from web.pages.languages import Language
from web.pages.page import PageRequest
from web.pages.plan.plan_names import describe_cells

MIN_MEMBERS = 2  # of a plan that could be smaller


class PlanReason(Struct, frozen=True):
    """`claim` is what is proven, or that nothing is; `cells` are a list below the sentences."""

    claim: str
    sentences: list[str]
    cells: list[str]


def build_reason(request: PageRequest, plan: Mapping[str, Any]) -> PlanReason | None:
    """Return why fewer members are not enough; None for a plan of one member or none that no limit made so small."""
    certificate, language = plan["certificate"], request.language
    if len(plan["members"]) < MIN_MEMBERS and not _is_limited(plan):
        return None
    claim = _describe_claim(language, plan)
    clock = [language.gettext("The search was stopped by the clock, so the same question may give another plan later.")]
    late = clock if certificate["timedOut"] else []
    if _is_easy(plan):
        text = language.gettext("These combinations each need somebody different, because no member covers two of them:")
        if _has_included(plan):
            text = language.gettext(
                "Besides those that must take part, each of these combinations needs somebody different, "
                "because no other member covers two of them:"
            )
        cells = [text for cell in certificate["cells"] for text in describe_cells(request, [cell])]
        return PlanReason(claim, [text, *late], cells)
    return PlanReason(claim, [*([certificate["reason"]] if certificate["reason"] else []), *late], [])


def _is_easy(plan: Mapping[str, Any]) -> bool:
    """Whether a list of cells that need different members is the whole proof."""
    certificate = plan["certificate"]
    if not certificate["optimal"] or certificate["proof"] != PlanProof.SEPARATE_CELLS or _is_limited(plan):
        return False
    return set(certificate["needs"]) == {1}


def _has_included(plan: Mapping[str, Any]) -> bool:
    return any(member["included"] for member in plan["members"])


def _is_limited(plan: Mapping[str, Any]) -> bool:
    return any(gap["reason"] == GapReason.MAX_SIZE for gap in plan["uncovered"])


def _describe_claim(language: Language, plan: Mapping[str, Any]) -> str:
    is_proven = plan["certificate"]["optimal"]
    if _is_limited(plan):
        if is_proven:
            return language.gettext("No other plan of this size covers more. This is proven.")
        return language.gettext("Another plan of this size may cover more. We could not prove that none does.")
    if not is_proven:
        return language.gettext("A smaller plan may be possible. We could not prove that there is none.")
    if not _is_easy(plan) or _has_included(plan):
        return language.gettext("No smaller plan covers as much. This is proven.")
    fewer = len(plan["members"]) - 1
    text = language.ngettext(
        "%(count)s member cannot do it. This is proven.", "%(count)s members cannot do it. This is proven.", fewer
    )
    return text % {"count": language.format_count(fewer)}
