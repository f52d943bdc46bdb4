"""/instruments and the pages of instruments and their provisions: each right, its themes, and the members who work on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from web.pages.browse.organization_lists import build_organization_list
from web.pages.kinds.list_choices import link_themes, list_labels, list_themes
from web.pages.kinds.list_form import THEME, ListForm, ask_list
from web.pages.kinds.provision_rows import (
    CYCLE,
    INSTRUMENTS_PATH,
    RESPONSE,
    build_provision_row,
    build_provision_rows,
    build_provision_variables,
    list_provision_choices,
    translate_response,
)
from web.pages.kinds.record_facts import build_record_values
from web.pages.kinds.structured_data import build_instrument_data
from web.pages.page import Page, PageNotFound, PageRequest, Redirect
from web.pages.search.search_form import format_pairs
from web.pages.sensitive_themes import ISSUE_KEY, is_sensitive_search

PATH = f"{INSTRUMENTS_PATH}/{{slug}}"
PROVISION_PATH = f"{PATH}/{{provision}}"
NOTHING: dict[str, Any] = {"totalCount": 0, "nodes": (), "pageInfo": None}


def build_instruments_page(request: PageRequest) -> Page:
    """Return the list of instruments or, if the address has conditions, the provisions that meet them."""
    form = ListForm.read(request, list_provision_choices(request))

    def build_variables(form: ListForm) -> dict[str, Any]:
        return {**build_provision_variables(form), "isSearch": form.has_conditions}

    data, form = ask_list(request, form, "instruments", build_variables)
    kinds = dict(list_labels(request, "instrumentKinds"))
    return Page(
        "instruments.html",
        {
            "network": data["network"],
            "instruments": [_build_instrument(request, node, kinds) for node in data["instruments"]["nodes"]],
            **_build_list(request, form, data.get("provisions") or NOTHING),
        },
    )


def build_instrument_page(request: PageRequest) -> Page | Redirect:
    """Return the page, or a redirect from a former slug. Raises PageNotFound if nothing with this slug is published."""
    slug = request.path_values["slug"]
    data = request.ask("instrument", slug=slug).data
    instrument = data.get("instrument")
    if instrument is None:
        raise PageNotFound
    if instrument["slug"] != slug:
        return Redirect(request.link(PATH.format(slug=instrument["slug"]), request.query_string))
    return Page("instrument.html", _build_instrument_values(request, data, instrument))


def build_provision_page(request: PageRequest) -> Page | Redirect:
    """Return the page, or a redirect from another address. Raises PageNotFound unless it and its instrument are published."""
    slugs = request.path_values
    data = request.ask("provision", slug=slugs["provision"]).data
    provision = data.get("provision")
    if provision is None or provision["instrument"] is None:
        raise PageNotFound
    address = request.link(PROVISION_PATH.format(slug=provision["instrument"]["slug"], provision=provision["slug"]))
    if (provision["instrument"]["slug"], provision["slug"]) != (slugs["slug"], slugs["provision"]):
        return Redirect(address)
    return Page("provision.html", _build_provision_values(request, data, provision))


def build_search(provision: Mapping[str, Any]) -> str:
    """Return the search for the members who work on what a provision promises; "" if it has no issue areas."""
    return format_pairs([(ISSUE_KEY, term["slug"]) for term in provision["issueAreas"]])


def _build_instrument(request: PageRequest, node: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    adopted = date.fromisoformat(node["adoptedOn"]) if node["adoptedOn"] else None
    address = request.link(PATH.format(slug=node["slug"]))
    return {**node, "kind": kinds[node["kind"]], "adopted_on": adopted, "address": address}


def _build_list(request: PageRequest, form: ListForm, connection: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form and the list of provisions need."""
    return {
        "form": form,
        "rows": build_provision_rows(request, connection["nodes"]),
        "count": connection["totalCount"],
        "page_info": connection["pageInfo"],
        "themes": list_themes(request),
        "sensitive": is_sensitive_search([(ISSUE_KEY, form.get(THEME))]),
    }


def _build_instrument_values(request: PageRequest, data: Mapping[str, Any], instrument: Mapping[str, Any]) -> dict[str, Any]:
    cycles, responses = ([each["value"] for each in instrument[name]] for name in ("cycles", "responses"))
    form = ListForm.read(request, {**list_provision_choices(request), CYCLE: cycles, RESPONSE: responses})

    def build_variables(form: ListForm) -> dict[str, Any]:
        own = {"instrument": instrument["slug"], "cycle": form.get(CYCLE) or None, "response": form.get(RESPONSE) or None}
        return {**build_provision_variables(form), **own}

    found, form = ask_list(request, form, "provisions", build_variables)
    values = build_record_values(request, instrument, instrument["name"])
    listed = _build_list(request, form, found["provisions"])
    return {
        **values,
        **listed,
        "network": data["network"],
        "instrument": _build_instrument(request, instrument, dict(list_labels(request, "instrumentKinds"))),
        "issue_areas": link_themes(request, instrument["issueAreas"]),
        "indexed": form.is_plain,
        "structured_data": build_instrument_data(instrument, values["canonical"]),
        "total": found["all"]["totalCount"],
        "is_review": instrument["kind"] == "REVIEW",
        "cycles": [(each["value"], each["value"], each["count"]) for each in instrument["cycles"]],
        "responses": [
            (each["value"], translate_response(each["value"], request.language), each["count"])
            for each in instrument["responses"]
        ],
        "sensitive": values["sensitive"] or listed["sensitive"],
    }


def _build_provision_values(request: PageRequest, data: Mapping[str, Any], provision: Mapping[str, Any]) -> dict[str, Any]:
    row, search = build_provision_row(request, provision), build_search(provision)
    found = request.ask("organization_list", search=search).data["organizations"] if search else None
    organizations = build_organization_list(request, found, found["facets"]["states"], search) if found else None
    instrument = provision["instrument"]
    return {
        **build_record_values(request, provision, f"{row.number}, {instrument['name']}"),
        "network": data["network"],
        "provision": provision,
        "row": row,
        "instrument": (instrument["name"], request.link(PATH.format(slug=instrument["slug"]))),
        "organizations": organizations,
        "indexed": organizations is None or organizations.is_indexed,
    }
