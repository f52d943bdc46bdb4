"""The values by which lists can be narrowed, for the menus of their forms, and what they are called."""

from typing import Any

from directory.text import fold
from web.pages.page import PageRequest

Option = tuple[str, str]  # a value and what it is called


def list_themes(request: PageRequest) -> list[Option]:
    """Return all issue areas by name."""
    return list_terms(request, "issueAreas")


def list_terms(request: PageRequest, name: str) -> list[Option]:
    """Return the terms that documents/vocabulary.graphql reads under this name, by label."""
    found = request.ask_vocabulary()[name]
    nodes = found if isinstance(found, list) else found["nodes"]
    return sorted(((node["slug"], node["label"]) for node in nodes), key=lambda option: fold(option[1]))


def list_states(request: PageRequest) -> list[Option]:
    """Return the states of the United States by name."""
    nodes = request.ask_vocabulary()["states"]["nodes"]
    return sorted(((node["code"], node["name"]) for node in nodes), key=lambda option: fold(option[1]))


def name_values(request: PageRequest) -> dict[str, str]:
    """Return what every term and state is called, by its slug or code."""
    terms = [option for name in ("workAreas", "communities", "issueAreas") for option in list_terms(request, name)]
    return dict([*list_states(request), *terms])


def list_labels(request: PageRequest, name: str) -> list[Option]:
    """Return the values of an enum that documents/vocabulary.graphql reads under this name."""
    return [(each["value"], each["label"]) for each in request.ask_vocabulary()[name]]


def link_themes(request: PageRequest, nodes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the names of issue areas and the addresses of their pages."""
    return [(node["label"], request.link(f"/themes/{node['slug']}")) for node in nodes]


def link_organization(request: PageRequest, node: dict[str, Any]) -> tuple[str, str]:
    """Return the name of an organization and the address of its page."""
    return node["name"], request.link(f"/organizations/{node['slug']}")
