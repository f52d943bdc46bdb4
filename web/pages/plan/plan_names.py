"""What the parts of a plan are called."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from directory.filters.labels import join_labels, lower_first_letter
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.region_phrases import format_in_sentence
from directory.vocabulary.regions import REGIONS
from schema.types.global_ids import GlobalId
from web.pages.kinds.list_choices import list_themes
from web.pages.page import PageRequest
from web.pages.plan.plan_form import EXCLUDE, FILTER, INCLUDE, PlanForm

MAX_NAMED = 6  # places of a theme in a sentence; more are counted


def name_themes(request: PageRequest) -> dict[str, str]:
    """Return the labels of all themes by their slugs."""
    return dict(list_themes(request))


def name_region(code: str, language: str) -> str:
    """Return the name of a region, of a county with its state."""
    region = REGIONS.require(code)
    if region.kind is RegionKind.COUNTY:
        return format_in_sentence(region, language)
    return (region.name_es if language == "es" else None) or region.name


def describe_cells(request: PageRequest, cells: list[dict[str, Any]], most: int = MAX_NAMED) -> list[str]:
    """Return the cells by theme, with at most so many places of each: "housing in Georgia and Florida"."""
    language, labels = request.language, name_themes(request)
    places: dict[str, list[str]] = {}
    for cell in cells:
        region = format_in_sentence(REGIONS.require(cell["region"]["code"]), language.code)
        places.setdefault(cell["issueArea"]["slug"], []).append(region)
    texts = []
    for slug, names in places.items():
        more = (
            [language.ngettext("%(count)s more", "%(count)s more", len(names) - most) % {"count": len(names) - most}]
            if len(names) > most
            else []
        )
        theme = lower_first_letter(labels[slug], "issueAreas", language.code)
        where = join_labels([*names[:most], *more], language.code, is_choice=False)
        texts.append(language.gettext("%(theme)s in %(places)s") % {"theme": theme, "places": where})
    return texts


def settle_names(request: PageRequest, form: PlanForm) -> tuple[PlanForm, dict[str, str]]:
    """Return the form with the current slugs of members to include and exclude, and their names by slug.

    A key that names no organization that everyone sees stays as it is, and has no name.
    """
    keys = dict.fromkeys((*form.list(INCLUDE), *form.list(EXCLUDE)))
    found = {key: node for key in keys if (node := _find_organization(request, key))}
    slugs = {key: found[key]["slug"] if key in found else key for key in keys}
    for name in (INCLUDE, EXCLUDE):
        form = form.choose(name, *dict.fromkeys(slugs[key] for key in form.list(name)))
    if decliner := slugs.get(form.decliner, ""):
        former = form.drop(EXCLUDE, decliner).format()
        form = replace(form.drop(INCLUDE, decliner), decliner=decliner, former=former)
    return form, {node["slug"]: node["name"] for node in found.values()}


def _find_organization(request: PageRequest, key: str) -> dict[str, str] | None:
    """Return the slug and name of an organization by its slug or id."""
    by = {"id": str(GlobalId("Organization", key))} if _is_uuid(key) else {"slug": key}
    organization: dict[str, str] | None = request.ask("plan_member", by=by).data.get("organization")
    return organization


def _is_uuid(key: str) -> bool:
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False


def describe_filter(request: PageRequest, form: PlanForm) -> list[str]:
    """Return the parts of the filter in words, [] without one."""
    if not form.get(FILTER):
        return []
    return [part["label"] for part in request.ask("check", search=form.get(FILTER)).data["organizations"]["question"]]
