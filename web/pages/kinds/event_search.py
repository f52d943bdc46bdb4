"""What the address of a calendar asks for: events about a theme, in a region, of a coalition, of a host or found by words."""

import re
from collections.abc import Mapping
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from directory.kinds.coalition import Coalition
from directory.question import Filter, RegionFilter, TermFilter
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import Organization, RecordKind
from directory.search.searched_fields import HOST_SETS
from directory.search.snapshot import Snapshot
from directory.understanding.event_words import understand_events
from directory.vocabulary.regions import REGIONS, Region
from directory.vocabulary.terms import ISSUE_AREAS, Term
from web.pages.kinds.list_form import THEME, WORDS
from web.pages.page import PageNotFound, PageRequest

CALENDAR_PATH = "/events.ics"
REGION, COALITION, HOST = "region", "coalition", "host"
CALENDAR_KEYS = (WORDS, THEME, REGION, COALITION, HOST)
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # a calendar cannot have them: RFC 5545, 3.1
ValueT = TypeVar("ValueT")


class EventSearch(Struct, frozen=True):
    """The conditions of a calendar, at least one. All that are not None or "" must hold."""

    theme: Term | None = None
    region: Region | None = None
    coalition: Coalition | None = None
    host: Organization | None = None
    words: str = ""

    def build_question(self, snapshot: Snapshot) -> RecordQuestion:
        """Return the question that finds the events. Raises BadInput for words that cannot be searched."""
        conditions = Filter(
            issue_areas=TermFilter((self.theme.slug,)) if self.theme else TermFilter(),
            regions=RegionFilter((self.region.code,)) if self.region else RegionFilter(),
        )
        sets = (("coalition", self.coalition), (HOST_SETS, self.host))
        keys = tuple(KeyFilter(name, (record.id,)) for name, record in sets if record)
        question = RecordQuestion(kind=RecordKind.EVENT, conditions=conditions, keys=keys)
        return understand_events(self.words, snapshot, question) if self.words else question

    def describe(self, language: str) -> str:
        """Return the conditions in words: "Housing, Georgia"."""
        labels = [part.label(language) for part in (self.theme, self.region) if part]
        names = [record.name for record in (self.coalition, self.host) if record]
        quoted = [f"«{self.words}»" if language == "es" else f"“{self.words}”"] if self.words else []
        return ", ".join((*labels, *names, *quoted))

    @property
    def file_name(self) -> str:
        """The name of its file without the extension: "events-housing-us-ga". It has no words."""
        region = (self.region.code.lower(),) if self.region else ()
        slugs = (part.slug for part in (self.theme, self.coalition, self.host) if part)
        return "-".join(("events", *slugs, *region))


def read_event_search(request: PageRequest) -> EventSearch | None:
    """Return what the parameters ask for, None if they have no condition. Of a key that is repeated, the last value counts.

    Raises PageNotFound if one of them names nothing that everyone can see.
    """
    given = [(key, _normalize(key, value)) for key, value in request.parameters if key in CALENDAR_KEYS]
    values = {key: value for key, value in given if value}
    return _find_values(request.context.snapshot, values) if values else None


def _normalize(key: str, value: str) -> str:
    """Return the value without spaces at its ends. Words become one line, because the name of the calendar has them."""
    return " ".join(_CONTROL_CHARACTERS.sub(" ", value).split()) if key == WORDS else value.strip()


def _find_values(snapshot: Snapshot, values: Mapping[str, str]) -> EventSearch:
    search = EventSearch(words=values.get(WORDS, ""))
    if theme := values.get(THEME):
        search = replace(search, theme=_require(ISSUE_AREAS.terms.get(theme)))
    if region := values.get(REGION):
        search = replace(search, region=_require(REGIONS.get(region)))
    if coalition := values.get(COALITION):
        found = _require(snapshot.find_record_by_slug(RecordKind.COALITION, coalition))
        search = replace(search, coalition=cast("Coalition", found))
    if host := values.get(HOST):
        search = replace(search, host=_require(snapshot.find_by_slug(host)))
    return search


def _require(value: ValueT | None) -> ValueT:
    if value is None:
        raise PageNotFound
    return value
