"""The page of one organization: everything that is published about it, in words."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from web.pages.kinds.joint_work import build_organization_work
from web.pages.kinds.record_facts import format_midnight
from web.pages.languages import Language
from web.pages.organization.facts import (
    build_contact,
    build_other_names,
    build_verification,
    describe_membership,
    format_identifier,
    format_region,
    format_web_address,
    get_link_name,
    list_relations,
)
from web.pages.organization.organization_map import build_organization_map
from web.pages.organization.places import build_places
from web.pages.organization.possible_allies import build_possible_allies
from web.pages.organization.report_link import build_report_values
from web.pages.organization.sources import build_source_rows
from web.pages.organization.structured_data import build_structured_data
from web.pages.page import Page, PageNotFound, PageRequest, Redirect
from web.pages.sensitive_themes import is_sensitive_organization

PATH = "/organizations/{slug}"


def build_organization_page(request: PageRequest) -> Page | Redirect:
    """Return the page, or a redirect from a former slug. Raises PageNotFound if nothing with this slug is published."""
    slug = request.path_values["slug"]
    data = request.ask("organization", slug=slug, today=format_midnight(request)).data
    organization = data.get("organization")
    if organization is None:
        raise PageNotFound
    if organization["slug"] != slug:
        return Redirect(request.link(PATH.format(slug=organization["slug"])))
    return Page("organization.html", _build_values(request, data, organization))


def is_indexed(organization: Mapping[str, Any]) -> bool:
    """Return whether search engines may list the page: no organization that it names refuses that (ListingChoices.graphql)."""
    others = [organization["parent"], *organization["branches"], *(each["organization"] for each in organization["relations"])]
    return all(each["searchEngines"] for each in (organization, *others) if each)


def _build_values(request: PageRequest, data: dict[str, Any], organization: dict[str, Any]) -> dict[str, Any]:
    canonical = request.build_absolute(request.link_in(request.language.code, request.path))
    network, indexed = data["network"], is_indexed(organization)
    possible_allies = build_possible_allies(request, organization, indexed)
    relations = list_relations(organization, _index_labels(data["relationKinds"]), request)
    return {
        "network": network,
        "organization": organization,
        "indexed": indexed,
        "possible_allies": possible_allies,
        "relations": [*relations, *(possible_allies.relations if possible_allies else ())],
        "sensitive": is_sensitive_organization(organization),
        "canonical": canonical,
        "structured_data": build_structured_data(request, organization["slug"], canonical, network["name"]),
        **_build_facts(request, data, organization),
        **build_report_values(request, organization["name"], canonical),
    }


def _build_facts(request: PageRequest, data: dict[str, Any], organization: dict[str, Any]) -> dict[str, Any]:
    language, today = request.language, request.context.now.date()
    place_map = build_organization_map(organization["locations"], organization["serviceAreas"], language)
    contacts = [build_contact(contact) for contact in organization["contacts"]]
    return {
        "today": today,
        "kind": _index_labels(data["kinds"])[organization["kind"]],
        "other_names": build_other_names(organization["names"], language),
        "paragraphs": [part for part in (organization["description"] or "").split("\n\n") if part.strip()],
        "verification": build_verification(organization, language, today),
        "terms": _link_terms(request, organization),
        "service_areas": [
            (format_region(region, language), request.link(f"/places/{region['code']}"))
            for region in organization["serviceAreas"]
        ],
        "identifiers": [format_identifier(identifier) for identifier in organization["identifiers"]],
        "membership": describe_membership(organization["membership"], language),
        "parent": _link_organization(request, organization["parent"]) if organization["parent"] else None,
        "branches": [_link_organization(request, branch) for branch in organization["branches"]],
        "places": build_places(organization["locations"], language, place_map.letters if place_map else None),
        "place_map": place_map,
        "contacts": contacts,
        "email_link": next((contact.email_link for contact in contacts if contact.email_link), None),
        "web_pages": _list_web_pages(organization, language),
        "joint_work": build_organization_work(request, organization),
        "sources": build_source_rows(organization["sources"], language),
    }


def _link_organization(request: PageRequest, other: dict[str, str]) -> tuple[str, str]:
    return other["name"], request.link(PATH.format(slug=other["slug"]))


def _index_labels(labels: list[dict[str, str]]) -> dict[str, str]:
    return {each["value"]: each["label"] for each in labels}


def _link_terms(request: PageRequest, organization: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the terms of each vocabulary with the addresses of the searches for them."""
    keys = {"issueAreas": ("issue", "slug"), "communities": ("community", "slug"), "workAreas": ("work", "slug")}
    keys["languages"] = ("language", "tag")
    return {
        name: [(term["label"], request.link("/", f"{key}={quote(term[value])}")) for term in organization[name]]
        for name, (key, value) in keys.items()
    }


def _list_web_pages(organization: dict[str, Any], language: Language) -> list[tuple[str, str, str]]:
    """Return the name, the address and the text of the website and of each other page."""
    website = organization["website"]
    pages = [(language.gettext("Website"), website)] if website else []
    pages += [(get_link_name(link["kind"], language), link["url"]) for link in organization["links"]]
    return [(name, url, format_web_address(url)) for name, url in pages]
