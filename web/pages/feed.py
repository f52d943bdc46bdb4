"""/feed: the organizations of a search that changed last, as an Atom feed (RFC 4287), with the parameters of the search page.

An entry says what everyone may read today, and whether the organization is new in the directory or was changed: no earlier
value, and nothing about organizations that are no longer listed. Feed readers ask again with the entity tag. There is no date of
last modification, which counts whole seconds: a record that is hidden in the second in which it was read would stay.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import islice
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from directory.publish import ChangeKind
from schema.types.global_ids import parse_global_id
from web.pages.languages import Language, mark
from web.pages.page import Download, Page, PageRequest
from web.pages.search.results import PRECISIONS, format_place
from web.pages.search.search_addresses import SearchAddresses
from web.pages.search.search_form import SearchForm
from web.pages.search.search_page import build_search_page
from web.pages.search.state_map import EVERYTHING

PATH = "/feed"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NAMESPACE = "http://www.w3.org/2005/Atom"
MAX_ENTRIES = 50
MAX_TITLE_PARTS = 5  # conditions of the search in the title
LATEST_FIRST = ("order", "-UPDATED")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries was updated, as long as the directory is empty
CHANGES = {ChangeKind.ADDED: mark("New in the directory."), ChangeKind.CHANGED: mark("Its entry was changed.")}
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def build_feed(request: PageRequest) -> Page | Download:
    """Return the feed. A search that is not valid gets the page of the search, which says why, as an error."""
    form = SearchForm.read(request.parameters)
    checked = request.ask("check", words=form.words or None, search=form.search or None).data.get("organizations")
    if checked is None or form.leftovers:
        return _refuse(request)
    addresses = SearchAddresses(checked["search"])
    data = request.ask("feed", search=addresses.choose(*LATEST_FIRST), first=MAX_ENTRIES).data
    feed = _build_head(request, addresses.drop("order"), data["network"], [part["label"] for part in checked["question"]])
    _add(feed, "updated", _find_last_moment(request, data["organizations"]["nodes"]))
    _add_entries(feed, request, data["organizations"])
    content: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return Download(content + b"\n", MEDIA_TYPE, is_indexed=False)


def _refuse(request: PageRequest) -> Page:
    page = build_search_page(request)
    return page._replace(status=400)


def _build_head(request: PageRequest, search: str, network: Mapping[str, Any], labels: Sequence[str]) -> Element:
    """Return a feed without entries. Its address in its language identifies it."""
    language, feed = request.language, Element("feed", {"xmlns": NAMESPACE, "xml:lang": request.language.code})
    address = request.build_absolute(request.link_in(language.code, PATH)) + (f"?{search}" if search else "")
    page = request.build_absolute(request.link_in(language.code, "/")) + f"?{search or EVERYTHING}"
    conditions = ", ".join(islice(labels, MAX_TITLE_PARTS)) or language.gettext("all members")
    _add(feed, "id", address)
    _add(feed, "title", f"{network['name']}: {conditions}")
    _add(feed, "subtitle", language.gettext(mark("Organizations that were added or changed last")))
    if network["fictional"]:
        _add(feed, "rights", language.gettext("Example data. These organizations are invented."))
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": address})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "hreflang": language.code, "href": page})
    _add(SubElement(feed, "author"), "name", network["name"])
    return feed


def _find_last_moment(request: PageRequest, nodes: Sequence[Mapping[str, Any]]) -> str:
    """Return when the latest entry changed. Without entries, when anything in the directory did that everyone can see."""
    if nodes:
        return max(_format_moment(node["updatedAt"]) for node in nodes)
    moments = (change.at for change in request.context.snapshot.feed.iter_after(0))
    return _format_moment(max(moments, default=NEVER).isoformat())


def _format_moment(moment: str) -> str:
    """Return a moment of the API in UTC, as RFC 3339 requires."""
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _add_entries(feed: Element, request: PageRequest, connection: Mapping[str, Any]) -> None:
    kinds = {each["value"]: each["label"] for each in request.ask_vocabulary()["kinds"]}
    states = {each["value"]: each["label"] for each in connection["facets"]["states"]}
    ids = {parse_global_id(node["id"]).key: node for node in connection["nodes"]}
    changes = request.context.snapshot.feed.find_changes(ids)
    for identity, node in ids.items():
        change = CHANGES.get(changes[identity].kind) if identity in changes else None
        facts = [change and request.language.gettext(change), *_list_facts(node, request.language, kinds, states)]
        _add_entry(feed, request, identity, node, [fact for fact in facts if fact])


def _list_facts(
    node: Mapping[str, Any], language: Language, kinds: Mapping[str, str], states: Mapping[str, str]
) -> list[str | None]:
    """Return what an entry says of an organization, one paragraph each."""
    locations = sorted(node["locations"], key=lambda location: not location["isPrimary"])
    place = format_place(locations[0], states, language.code) if locations else None
    precision = f" ({language.gettext(PRECISIONS[locations[0]['precision']])})" if place else ""
    themes = ", ".join(term["label"] for term in node["issueAreas"])
    return [
        f"{kinds[node['kind']]} · {place or language.gettext('Location not stated')}{precision}",
        f"{language.gettext('Works on')} {themes}" if themes else None,
        node["summary"],
    ]


def _add_entry(feed: Element, request: PageRequest, identity: str, node: Mapping[str, Any], facts: Sequence[str]) -> None:
    """Add an entry. The id of the record identifies it in every feed, so readers show a change as a change of it."""
    address = request.link_in(request.language.code, f"/organizations/{node['slug']}")
    entry = SubElement(feed, "entry")
    _add(entry, "id", f"urn:uuid:{identity}")
    _add(entry, "title", node["name"])
    _add(entry, "updated", _format_moment(node["updatedAt"]))
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": request.build_absolute(address)})
    for term in node["issueAreas"]:
        SubElement(entry, "category", {"term": term["slug"], "label": term["label"]})
    _add(entry, "content", "".join(f"<p>{escape(fact)}</p>" for fact in facts)).set(
        "type", "html"
    )  # lines of a text would run on


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = _FORBIDDEN_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return element
