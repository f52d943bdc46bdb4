"""Generate addresses of pages, embeds, feeds and calendars, with all of their parameters."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from benchmarks.costs.document_generator import TextGenerator
from directory.partners.allies.request import AllyMode

Pairs = list[tuple[str, str]]
LANGUAGES = ("", "/en", "/es")


class PageAddresses:
    """Writes addresses from a vocabulary. `families` has a function for each kind of page."""

    def __init__(self, vocabulary: TextGenerator) -> None:
        self.vocabulary, self.random = vocabulary, vocabulary.random
        self.families: Mapping[str, Callable[[], str]] = {
            "search page": lambda: self._write_search("/"),
            "embed": lambda: self._write_search("/embed", self._choose("view", "list", "map"), self._choose("number", "5", "50")),
            "feed": lambda: self._write_search("/feed"),
            "calendar": self._write_calendar,
            "page of an organization": lambda: self._prefix(f"/organizations/{vocabulary.choose_record().slug}"),
            "partners page": self._write_partners,
            "plan page": self._write_plan,
            "coverage page": self._write_coverage,
        }

    def _write_search(self, path: str, *more: tuple[str, str]) -> str:
        """A page with the parameters of a search: a query string, or words that somebody types."""
        if self.random.random() < 0.5:
            search = self.vocabulary.generate_query_string(self.random.choice([0, 3, 12]))
        else:
            search = urlencode({"words": self.vocabulary.generate_words(self.random.choice([2, 10, 60]))})
        return self._prefix(f"{path}?{'&'.join(part for part in (search, urlencode(more)) if part)}")

    def _write_calendar(self) -> str:
        """All events, or those of a theme, of a region or found by words."""
        vocabulary, random = self.vocabulary, self.random
        pairs = [
            ("theme", vocabulary.sample_issue_areas(1)[0]),
            ("region", vocabulary.sample_states(1)[0]),
            ("words", vocabulary.generate_words(random.choice([1, 10, 60]))),
        ]
        return self._join("/events.ics", random.sample(pairs, random.choice([0, 1, 1, 2])))

    def _write_partners(self) -> str:
        """The partners of an organization or of a group, some compared with other organizations."""
        vocabulary, random = self.vocabulary, self.random
        pairs: Pairs = [("theme", slug) for slug in vocabulary.sample_issue_areas(random.choice([1, 5, 40]))]
        if random.random() < 0.5:
            pairs = [("organization", vocabulary.choose_record().slug)]
        pairs += [("compare", vocabulary.choose_record().slug) for _ in range(random.choice([0, 0, 2, 10]))]
        pairs += [("county", "US-GA-121"), ("words", vocabulary.generate_words(10))][: random.choice([0, 1, 2])]
        return self._join("/partners", [*pairs, self._choose("mode", *AllyMode)])

    def _write_plan(self) -> str:
        """A plan, some with members that take part or do not."""
        vocabulary, random = self.vocabulary, self.random
        pairs: Pairs = [("issue", slug) for slug in vocabulary.sample_issue_areas(random.choice([1, 3, 10]))]
        pairs += [("region", code) for code in vocabulary.sample_states(random.choice([1, 5, 20]))]
        pairs += [("include", vocabulary.choose_record().slug) for _ in range(random.choice([0, 0, 1, 3]))]
        pairs += [("exclude", vocabulary.choose_record().slug) for _ in range(random.choice([0, 0, 1, 20]))]
        return self._join("/plan", [*pairs, self._choose("per", "1", "2"), self._choose("max", "5", "30")])

    def _write_coverage(self) -> str:
        pairs: Pairs = [("theme", slug) for slug in self.vocabulary.sample_issue_areas(self.random.choice([1, 5]))]
        kind = self._choose("kind", "STATE", "COUNTY", "CENSUS_DIVISION")
        return self._join("/coverage", [*pairs[: self.random.choice([0, 1, 5])], kind, self._choose("goal", "1", "3")])

    def _choose(self, key: str, *values: str) -> tuple[str, str]:
        return key, self.random.choice(values)

    def _join(self, path: str, pairs: Pairs) -> str:
        return self._prefix(f"{path}?{urlencode(pairs)}")

    def _prefix(self, path: str) -> str:
        return self.random.choice(LANGUAGES) + path
