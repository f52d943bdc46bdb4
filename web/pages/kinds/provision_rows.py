"""Articles and recommendations in lists, and the form that narrows such a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from web.pages.kinds.list_choices import link_themes, list_themes
from web.pages.kinds.list_form import THEME, WORDS, ListForm
from web.pages.languages import Language, mark
from web.pages.page import PageRequest

INSTRUMENTS_PATH = "/instruments"
TAKEN_UP, CYCLE, RESPONSE = "members", "cycle", "response"
TAKEN_UP_VALUES = {"yes": True, "no": False}  # whether a member works on it
PAGE_SIZE = 50
REVIEW = "REVIEW"
RESPONSES = {  # the usual answers to recommendations; others are shown as they are recorded
    "supported": mark("Supported"),
    "accepted": mark("Accepted"),
    "accepted in part": mark("Accepted in part"),
    "supported in part": mark("Supported in part"),
    "noted": mark("Noted"),
    "rejected": mark("Rejected"),
}


class ProvisionRow(Struct, frozen=True):
    """An article or a recommendation. `number` is "Article 25" or "Recommendation 26.9"; `address` is None without a page.

    `response` is None if none is recorded. It is in the language of the page unless `is_response_foreign`.
    """

    number: str
    subject: str
    address: str | None
    instrument: str
    is_recommendation: bool
    cycle: str | None
    recommending_state: str | None
    response: str | None
    is_response_foreign: bool
    count: int
    themes: tuple[tuple[str, str], ...]


def build_provision_rows(request: PageRequest, nodes: Sequence[Mapping[str, Any]]) -> list[ProvisionRow]:
    """Return the rows of provisions whose instrument everyone sees; others have no page."""
    return [build_provision_row(request, node) for node in nodes if node["instrument"]]


def build_provision_row(request: PageRequest, node: Mapping[str, Any]) -> ProvisionRow:
    instrument, language = node["instrument"], request.language
    is_recommendation = instrument["kind"] == REVIEW
    text = language.gettext("Recommendation %(number)s") if is_recommendation else language.gettext("Article %(number)s")
    response = node["response"]
    return ProvisionRow(
        number=text % {"number": node["number"]},
        subject=node["subject"],
        address=request.link(f"{INSTRUMENTS_PATH}/{instrument['slug']}/{node['slug']}"),
        instrument=instrument["acronym"] or instrument["name"],
        is_recommendation=is_recommendation,
        cycle=node["cycle"],
        recommending_state=node["recommendingState"],
        response=translate_response(response, language) if response else None,
        is_response_foreign=bool(response) and response.lower() not in RESPONSES,
        count=node["organizationCount"],
        themes=tuple(link_themes(request, node["issueAreas"])),
    )


def translate_response(response: str, language: Language) -> str:
    """Return what a state answered in the language of the page if it is one of the usual answers, else as it is recorded."""
    known = RESPONSES.get(response.lower())
    return language.gettext(known) if known else response


def list_provision_choices(request: PageRequest) -> dict[str, Any]:
    """Return the keys of the form, with the values that they can have."""
    return {WORDS: None, THEME: {slug for slug, _ in list_themes(request)}, TAKEN_UP: TAKEN_UP_VALUES}


def build_provision_variables(form: ListForm) -> dict[str, Any]:
    """Return the variables of the documents that list provisions."""
    return {
        "query": form.get(WORDS) or None,
        "issueAreas": form.issue_areas,
        "takenUp": TAKEN_UP_VALUES.get(form.get(TAKEN_UP)),
        **form.build_page(PAGE_SIZE),
    }
