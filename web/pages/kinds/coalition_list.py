"""/coalitions: the list of coalitions, by words, theme, kind, status and member."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from directory.text import fold
from web.pages.kinds.list_choices import link_themes, list_labels, list_themes
from web.pages.kinds.list_form import MAX_ECHO_LENGTH, THEME, WORDS, ListForm, ListProblem, ask_list
from web.pages.languages import Language
from web.pages.page import Page, PageRequest
from web.pages.sensitive_themes import ISSUE_KEY, is_sensitive_search

PATH = "/coalitions"
KIND, STATUS, MEMBER = "kind", "status", "member"
PAGE_SIZE = 20


class CoalitionRow(Struct, frozen=True):
    """A coalition in a list. `days` is None if it states none."""

    name: str
    address: str
    kind: str
    status: str
    is_ended: bool
    days: str | None


class FoundMember(Struct, frozen=True):
    """An organization that somebody named."""

    id: str
    slug: str
    name: str


def build_coalitions_page(request: PageRequest) -> Page:
    form = ListForm.read(request, _list_choices(request))
    member, form = find_member(request, form, MEMBER)

    def build_variables(form: ListForm) -> dict[str, Any]:
        return {
            "query": form.get(WORDS) or None,
            "kinds": [form.get(KIND)] if form.get(KIND) else None,
            "status": form.get(STATUS) or None,
            "issueAreas": form.issue_areas,
            "member": member.id if member and form.get(MEMBER) else None,
            **form.build_page(PAGE_SIZE),
        }

    data, form = ask_list(request, form, "coalitions", build_variables)
    found = data["coalitions"]
    return Page(
        "coalitions.html",
        {
            "network": data["network"],
            "form": form,
            "member": member if form.get(MEMBER) else None,
            "count": found["totalCount"],
            "page_info": found["pageInfo"],
            "rows": [_build_listed(request, node) for node in found["nodes"]],
            "themes": list_themes(request),
            "kinds": list_labels(request, "coalitionKinds"),
            "statuses": list_labels(request, "coalitionStatuses"),
            "sensitive": is_sensitive_search([(ISSUE_KEY, form.get(THEME))]),
        },
    )


def _list_choices(request: PageRequest) -> dict[str, Any]:
    return {
        WORDS: None,
        THEME: {slug for slug, _ in list_themes(request)},
        KIND: {value for value, _ in list_labels(request, "coalitionKinds")},
        STATUS: {value for value, _ in list_labels(request, "coalitionStatuses")},
        MEMBER: None,
    }


def find_member(request: PageRequest, form: ListForm, key: str) -> tuple[FoundMember | None, ListForm]:
    """Return the organization that a form names by its slug or in words, and the form with its slug.

    If there is none that everyone sees, or several match, return None and the form without it, with a problem.
    """
    text = form.get(key)
    if not text:
        return None, form
    found = list_members(request, text)
    if len(found) == 1:
        return found[0], replace(form, values={**form.values, key: found[0].slug})
    links = tuple((member.name, request.link(form.path, form.format(**{key: member.slug}))) for member in found)
    return None, form.without((key,), ListProblem(describe_members(request.language, text, found), links))


def list_members(request: PageRequest, text: str) -> list[FoundMember]:
    """Return the organization with this slug or name, else the first ones that match the words; [] if none does."""
    data = request.ask("find_member", slug=text[:MAX_ECHO_LENGTH], query=text).data if fold(text) else {}
    nodes = [node for node in (data.get("organization"), *((data.get("organizations") or {}).get("nodes", ()))) if node]
    members = {node["slug"]: FoundMember(node["id"], node["slug"], node["name"]) for node in nodes}
    exact = [member for member in members.values() if fold(text) in (member.slug, fold(member.name))]
    return exact if len(exact) == 1 else list(members.values())


def describe_members(language: Language, text: str, found: Sequence[FoundMember]) -> str:
    """Return the sentence for a text that does not name one organization."""
    if found:
        sentence = language.gettext("Several organizations match “%(name)s”.")
    else:
        sentence = language.gettext("No organization in this directory is called “%(name)s”.")
    return sentence % {"name": text[:MAX_ECHO_LENGTH]}


def build_coalition_row(request: PageRequest, node: Mapping[str, Any]) -> CoalitionRow:
    kinds, statuses = dict(list_labels(request, "coalitionKinds")), dict(list_labels(request, "coalitionStatuses"))
    return CoalitionRow(
        name=node["name"],
        address=request.link(f"{PATH}/{node['slug']}"),
        kind=kinds[node["kind"]],
        status=statuses[node["status"]],
        is_ended=node["status"] == "ENDED",
        days=format_duration(node, request.language),
    )


def format_duration(node: Mapping[str, Any], language: Language) -> str | None:
    """Return the first and the last day of a coalition in words; None if it states neither."""
    first, last = (date.fromisoformat(day) if day else None for day in (node["startedOn"], node["endedOn"]))
    if first and last:
        days = {"first": language.format_day(first), "last": language.format_day(last)}
        return language.gettext("%(first)s to %(last)s") % days
    if first:
        return language.gettext("since %(day)s") % {"day": language.format_day(first)}
    return language.gettext("until %(day)s") % {"day": language.format_day(last)} if last else None


def _build_listed(request: PageRequest, node: Mapping[str, Any]) -> dict[str, Any]:
    parent = node["parent"]
    return {
        "coalition": build_coalition_row(request, node),
        "summary": node["summary"],
        "themes": link_themes(request, node["issueAreas"]),
        "member_count": node["members"]["totalCount"],
        "parent": (parent["name"], request.link(f"{PATH}/{parent['slug']}")) if parent else None,
    }
