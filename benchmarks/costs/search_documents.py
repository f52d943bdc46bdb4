"""Generate GraphQL documents that search in plain words, with query strings, and with filters in filters."""

from typing import Any

import msgspec

from benchmarks.costs.document_generator import TextGenerator
from schema.types.global_ids import GlobalId

PAGE = "totalCount nodes { name slug issueAreas { label } serviceAreas { code } locations { address { city state } } }"
UNDERSTANDING = (
    "understanding { search notes parts { label search alternatives { label search } } corrections { corrected search } "
    "ambiguous { words candidates { label search } } unknownPlaces { words nearest { label search } } }"
)
RADII = (5, 50, 500, 5_000)
# How often a filter has each of its conditions.
CONDITION_WEIGHTS = {"near": 4, "regions": 2, "issueAreas": 1, "ids": 1, "updatedSince": 1, "founded": 1}


class SearchDocuments:
    """Writes documents from a vocabulary, some of them with variables."""

    def __init__(self, vocabulary: TextGenerator) -> None:
        self.vocabulary, self.random = vocabulary, vocabulary.random

    def write_words(self) -> tuple[str, dict[str, Any]]:
        """A sentence, its results and everything about how it was understood."""
        text = f"query($w: String, $n: Int) {{ organizations(words: $w, first: $n) {{ {PAGE} {UNDERSTANDING} }} }}"
        words = self.vocabulary.generate_words(self.random.choice([4, 10, 60]))
        return text, {"w": words, "n": self.random.choice([1, 20, 100])}

    def write_sentences(self) -> str:
        """Up to 15 sentences in one document."""
        sentences = [format_literal(self.vocabulary.generate_words(30)) for _ in range(self.random.randint(2, 15))]
        fields = (f"f{number}: organizations(words: {words}) {{ totalCount }}" for number, words in enumerate(sentences))
        return f"{{ {' '.join(fields)} }}"

    def write_query_strings(self) -> str:
        """Up to ten query strings in one document, with up to twelve clauses each."""
        count, most_clauses = self.random.randint(1, 10), self.random.choice([0, 3, 12])
        searches = [format_literal(self.vocabulary.generate_query_string(most_clauses)) for _ in range(count)]
        selection = "totalCount question { label search }"
        fields = (f"f{number}: organizations(search: {text}) {{ {selection} }}" for number, text in enumerate(searches))
        return f"{{ {' '.join(fields)} }}"

    def write_nested_filters(self) -> tuple[str, dict[str, Any]]:
        """Filters in filters, with several circles around one place."""
        place = {"region": self.random.choice(["US-GA", "US-CA", "US-IL-031"])}
        outer = [self._generate_filter(place) for _ in range(self.random.randint(1, 8))]
        for one in outer:
            if self.random.random() < 0.5:
                inner = [self._generate_filter(place) for _ in range(self.random.randint(1, 4))]
                one[self.random.choice(["and", "or"])] = inner
        text = f"query($f: OrganizationFilter) {{ organizations(filter: $f) {{ {PAGE} question {{ label search }} }} }}"
        return text, {"f": {self.random.choice(["and", "or"]): outer}}

    def _generate_filter(self, place: dict[str, str]) -> dict[str, Any]:
        random, vocabulary = self.random, self.vocabulary
        conditions: dict[str, Any] = {
            "near": {"place": place, "radius": random.choice(RADII)},
            "regions": {"anyOf": [vocabulary.generate_code() for _ in range(random.choice([1, 3, 40]))]},
            "issueAreas": {"anyOf": [vocabulary.generate_slug()]},
            "ids": [str(GlobalId("Organization", vocabulary.choose_record().id)) for _ in range(random.choice([1, 5, 30]))],
            "updatedSince": "2020-01-31T12:00:00Z",
            "founded": {"from": random.randint(1900, 2000)},
        }
        names = random.choices(list(CONDITION_WEIGHTS), weights=list(CONDITION_WEIGHTS.values()), k=random.randint(1, 2))
        return {name: conditions[name] for name in names}


def format_literal(text: str) -> str:
    """Return a text as a literal of a document."""
    return msgspec.json.encode(text).decode()
