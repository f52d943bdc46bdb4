"""Where the facts of a record come from: one row for each source, with the facts that it supports."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from web.pages.languages import Language, mark

FACTS = {  # as parts of a list
    "name": mark("name"),
    "names": mark("other names"),
    "kind": mark("kind of organization"),
    "summary": mark("summary"),
    "description": mark("description"),
    "founded": mark("year founded"),
    "website": mark("website"),
    "seeks": mark("what it seeks"),
    "offers": mark("what it offers"),
    "links": mark("other web pages"),
    "identifiers": mark("registration numbers"),
    "languages": mark("languages"),
    "issueAreas": mark("issue areas"),
    "communities": mark("communities"),
    "workAreas": mark("ways of working"),
    "serviceAreas": mark("regions served"),
    "searchEngines": mark("listing by search engines"),
    "membership": mark("membership"),
    "locations": mark("places"),
    "contacts": mark("contacts"),
    "parent": mark("parent organization"),
    "relations": mark("relations"),
}

OTHER_FACT = mark("another fact")


class SourceRow(Struct, frozen=True):
    """A source with the names of the facts that come from it. None stands for what the source does not state."""

    title: str
    url: str | None
    day: date | None
    facts: tuple[str, ...]


def build_source_rows(
    sources: Sequence[Mapping[str, Any]], language: Language, facts: Mapping[str, str] = FACTS
) -> list[SourceRow]:
    """Return the sources, those of most facts first. A source of several facts is one row.

    `facts` are the names of the fields that are not those of an organization, or that replace its names.
    """
    known = defaultdict(lambda: OTHER_FACT, {**FACTS, **facts})
    fields: dict[tuple[str, str | None, str | None], list[str]] = {}
    for source in sources:
        fields.setdefault((source["title"], source["url"], source["date"]), []).append(source["field"])
    rows = [
        SourceRow(title, url, date.fromisoformat(day) if day else None, tuple(language.gettext(known[name]) for name in names))
        for (title, url, day), names in fields.items()
    ]
    return sorted(rows, key=lambda row: -len(row.facts))
