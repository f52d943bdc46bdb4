"""Generate random HTTP requests of every kind that the server answers or rejects, from a seed.

Every family has equal weight. Families whose documents must be new to the server add the number of the request to them.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from benchmarks.abuse.graphql_attacks import GRAPHQL_FAMILIES
from benchmarks.costs.document_generator import DocumentWriter, GeneratedDocument, TextGenerator
from benchmarks.costs.page_addresses import PageAddresses
from benchmarks.costs.partner_documents import PartnerDocuments
from benchmarks.costs.search_documents import PAGE, SearchDocuments, format_literal
from directory.records import Organization

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
POOL = 40  # recent documents that can be sent again
FACETS = ("issueAreas", "communities", "languages", "regions", "kinds")


class GeneratedRequest(Struct, frozen=True):
    """A request of one family. `path` includes the query string. `body` is None for GET."""

    family: str
    path: str
    body: bytes | None = None
    kind: str = JSON
    headers: dict[str, str] = {}

    def encode(self, port: int) -> bytes:
        lines = [f"{'GET' if self.body is None else 'POST'} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body is not None:
            lines += [f"Content-Type: {self.kind}", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + (self.body or b"")


class RequestGenerator:
    """Generates requests without end. The same seed and records give the same requests in the same order."""

    def __init__(self, seed: int, records: Sequence[Organization]) -> None:
        self.random = Random(seed)
        self.vocabulary = TextGenerator(self.random, records)
        self._searches = SearchDocuments(self.vocabulary)
        self._partners, pages = PartnerDocuments(self.vocabulary), PageAddresses(self.vocabulary).families
        self.number = 0
        self._recent_documents: list[GeneratedDocument] = []
        self.families: dict[str, Callable[[], GeneratedRequest]] = {
            "new document": self._generate_new_document,
            "known document": self._generate_known_document,
            "document by GET": self._generate_get_document,
            "text search": self._generate_text_search,
            "several text searches": self._generate_text_searches,
            "words": self._generate_words,
            "several sentences": self._generate_sentences,
            "query strings": self._generate_query_strings,
            "nested filters": self._generate_nested_filters,
            "unknown places": self._generate_unknown_places,
            "facets": self._generate_facets,
            "map": self._generate_map,
            "allies": lambda: self._build_graphql_request("allies", *self._partners.write_allies(), new=False),
            "coverage": lambda: self._build_graphql_request("coverage", *self._partners.write_coverage(), new=False),
            "coalition plans": lambda: self._build_graphql_request("coalition plans", *self._partners.write_plan(), new=False),
            "relaxations": self._generate_relaxations,
            "overlapping fields": self._generate_overlapping_fields,
            "suggestions": self._generate_suggestions,
            "reconcile batch": self._generate_reconcile_batch,
            "reconcile extension": self._generate_reconcile_extension,
            "reconcile suggestion": self._generate_reconcile_suggestion,
            "reconcile by GET": self._generate_reconcile_get,
            "abusive": self._generate_attack,
            "rejected document": self._generate_invalid_document,
            "rejected body": self._generate_invalid_body,
            "rejected batch": self._generate_invalid_batch,
            "too large": self._generate_large_body,
            **{family: partial(self._build_page_request, family, write) for family, write in pages.items()},
        }

    def __iter__(self) -> Iterator[GeneratedRequest]:
        while True:
            yield self.draw(self.random.choice(list(self.families)))

    def draw(self, family: str) -> GeneratedRequest:
        self.number += 1
        return self.families[family]()

    def _build_graphql_request(
        self, family: str, text: str, variables: dict[str, Any] | None = None, *, new: bool = True
    ) -> GeneratedRequest:
        document = f"{text} # {self.number}" if new else text
        return GeneratedRequest(family, "/graphql", msgspec.json.encode({"query": document, "variables": variables or {}}))

    def _build_page_request(self, family: str, write_address: Callable[[], str]) -> GeneratedRequest:
        return GeneratedRequest(family, write_address(), headers={"Accept": "text/html", "Accept-Encoding": "gzip"})

    def _generate_new_document(self) -> GeneratedRequest:
        document = DocumentWriter(self.vocabulary).write()
        self._recent_documents = [*self._recent_documents[-POOL:], document]
        return self._build_graphql_request("new document", document.text, document.draw())

    def _generate_known_document(self) -> GeneratedRequest:
        if len(self._recent_documents) < POOL:
            return self._generate_new_document()
        document = self.random.choice(self._recent_documents[: POOL // 2])
        return self._build_graphql_request("known document", document.text, document.draw(), new=False)

    def _generate_get_document(self) -> GeneratedRequest:
        document = DocumentWriter(self.vocabulary).write()
        variables = msgspec.json.encode(document.draw()).decode()
        query_string = urlencode({"query": document.text, "variables": variables}, quote_via=quote)
        return GeneratedRequest("document by GET", f"/graphql?{query_string}")

    def _generate_text_search(self) -> GeneratedRequest:
        text = f"query($q: String, $n: Int) {{ organizations(query: $q, first: $n) {{ {PAGE} }} }}"
        variables = {"q": self.vocabulary.generate_words(30), "n": self.random.choice([1, 20, 100])}
        return self._build_graphql_request("text search", text, variables, new=False)

    def _generate_text_searches(self) -> GeneratedRequest:
        count = self.random.randint(2, 30)
        fields = " ".join(
            f"f{n}: organizations(query: {format_literal(self.vocabulary.generate_words(30))}) {{ totalCount }}"
            for n in range(count)
        )
        return self._build_graphql_request("several text searches", f"{{ {fields} }}")

    def _generate_words(self) -> GeneratedRequest:
        return self._build_graphql_request("words", *self._searches.write_words(), new=False)

    def _generate_sentences(self) -> GeneratedRequest:
        return self._build_graphql_request("several sentences", self._searches.write_sentences())

    def _generate_query_strings(self) -> GeneratedRequest:
        return self._build_graphql_request("query strings", self._searches.write_query_strings())

    def _generate_nested_filters(self) -> GeneratedRequest:
        return self._build_graphql_request("nested filters", *self._searches.write_nested_filters(), new=False)

    def _generate_unknown_places(self) -> GeneratedRequest:
        count = self.random.randint(1, 30)
        names = [
            self.vocabulary.misspell(self.vocabulary.generate_place()) * self.random.choice([1, 1, 1, 20]) for _ in range(count)
        ]
        fields = " ".join(
            f"f{n}: organizations(filter: {{near: {{place: {{name: {format_literal(name)}}}, radius: 50}}}}) {{ totalCount }}"
            for n, name in enumerate(names)
        )
        return self._build_graphql_request("unknown places", f"{{ {fields} }}")

    def _generate_facets(self) -> GeneratedRequest:
        count, first = self.random.randint(1, 15), self.random.choice([1, 5, 100])
        facets = " ".join(f"{facet} {{ value count }}" for facet in self.random.sample(FACETS, 2) if facet != "regions")
        kind = self.random.choice(["COUNTY", "STATE", "COUNTRY"])
        selection = f"facets {{ {facets} regions(kind: {kind}, first: {first}) {{ value count }} }}"
        fields = " ".join(
            f"f{n}: organizations(query: {format_literal(self.vocabulary.generate_words(2))}, first: 1) {{ {selection} }}"
            for n in range(count)
        )
        return self._build_graphql_request("facets", f"{{ {fields} }}")

    def _generate_map(self) -> GeneratedRequest:
        count, zoom = self.random.randint(1, 10), self.random.randint(0, 18)
        marks = " ".join(f"m{n}: map(zoom: {zoom + n / 10}) {{ marks {{ count }} }}" for n in range(count))
        return self._build_graphql_request(
            "map", f"{{ organizations(query: {format_literal(self.vocabulary.generate_words(1))}) {{ {marks} }} }}"
        )

    def _generate_relaxations(self) -> GeneratedRequest:
        count = self.random.randint(1, 23)
        misspell = self.vocabulary.misspell
        texts = [
            " ".join(misspell(misspell(self.vocabulary.generate_words(3))) for _ in range(self.random.randint(1, 10)))
            for _ in range(count)
        ]
        area = format_literal(self.vocabulary.generate_slug())
        end = f"filter: {{issueAreas: {{anyOf: [{area}]}}}}) {{ relaxations {{ count }} }}"
        fields = " ".join(f"f{n}: organizations(query: {format_literal(text)}, {end}" for n, text in enumerate(texts))
        return self._build_graphql_request("relaxations", f"{{ {fields} }}")

    def _generate_overlapping_fields(self) -> GeneratedRequest:
        leaves = self.random.sample(["id", "slug", "name", "kind", "summary", "website", "founded"], 5)
        part = f"{self.random.choice(['parent', 'branches', 'locations'])} {{ __typename }} parent {{ {' '.join(leaves)} }} "
        return self._build_graphql_request(
            "overlapping fields", f"{{ organizations(first: 5) {{ nodes {{ {part * self.random.randint(2, 45)} }} }} }}"
        )

    def _generate_suggestions(self) -> GeneratedRequest:
        field = self.random.choice(["suggest", "understand", "places"])
        selection = {"suggest": "label search", "understand": "search", "places": "name"}[field]
        words = (
            self.vocabulary.generate_place()
            if field == "places"
            else self.vocabulary.generate_words(self.random.choice([1, 10, 60]))
        )
        text = f"query($q: String!) {{ {field}(query: $q) {{ {selection} }} }}"
        return self._build_graphql_request("suggestions", text, {"q": words}, new=False)

    def _generate_row(self) -> dict[str, Any]:
        record = self.vocabulary.choose_record()
        name = self.vocabulary.misspell(record.name) if self.random.random() < 0.5 else record.name
        street = self.vocabulary.generate_words(3)
        values = {
            "street": f"{self.random.randint(1, 9999)} {street} Street, PO Box {self.random.randint(1, 999)}",
            "city": self.vocabulary.generate_place(),
            "phone": "404 555 01" + str(self.random.randint(10, 99)),
            "website": f"https://{self.vocabulary.generate_words(1).split()[0].strip('.')}.example/",
            "postal_code": "30312",
        }
        pids = self.random.sample(sorted(values), self.random.randint(0, 3))
        return {
            "query": name + (" " + self.vocabulary.generate_words(20) if self.random.random() < 0.2 else ""),
            "limit": self.random.choice([1, 5, 25]),
            "properties": [{"pid": pid, "v": [values[pid]] * self.random.choice([1, 1, 10])} for pid in pids],
        }

    def _generate_reconcile_batch(self) -> GeneratedRequest:
        rows = {f"q{n}": self._generate_row() for n in range(self.random.choice([1, 3, 10, 50]))}
        return _build_form_request("reconcile batch", "queries", rows)

    def _generate_reconcile_extension(self) -> GeneratedRequest:
        ids = [self.vocabulary.choose_record().id for _ in range(self.random.choice([1, 10, 100, 1_000]))]
        names = ["name", "website", "city", "state", "issue_areas", "nothing"]
        properties = [{"id": name} for name in self.random.sample(names, self.random.randint(1, 6))]
        return _build_form_request("reconcile extension", "extend", {"ids": ids, "properties": properties})

    def _generate_reconcile_suggestion(self) -> GeneratedRequest:
        kind = self.random.choice(["entity", "entity", "property", "type"])
        parameters = {
            "prefix": self.vocabulary.generate_words(self.random.choice([1, 2, 30])),
            "cursor": str(self.random.choice([0, 10, 90])),
        }
        return GeneratedRequest("reconcile suggestion", f"/reconcile/suggest/{kind}?{urlencode(parameters)}")

    def _generate_reconcile_get(self) -> GeneratedRequest:
        query_string = urlencode({"queries": msgspec.json.encode({"q0": self._generate_row()}).decode()})
        path = self.random.choice(["", "/properties", f"/organizations/{self.vocabulary.choose_record().id}", f"?{query_string}"])
        return GeneratedRequest("reconcile by GET", f"/reconcile{path}")

    def _generate_attack(self) -> GeneratedRequest:
        name = self.random.choice(sorted(GRAPHQL_FAMILIES))
        return GeneratedRequest(f"abusive: {name}", "/graphql", msgspec.json.encode(GRAPHQL_FAMILIES[name](f"t{self.number}")))

    def _generate_invalid_document(self) -> GeneratedRequest:
        text = DocumentWriter(self.vocabulary).write().text
        position = self.random.randrange(len(text))
        invalid = self.random.choice(
            [text[:position], text[:position] + "nothing" + text[position:], text.replace("name", "nmae"), "{" * 500, text * 9]
        )
        return self._build_graphql_request("rejected document", invalid)

    def _generate_invalid_body(self) -> GeneratedRequest:
        body = msgspec.json.encode(
            {"query": "{ __typename }", "variables": {"a": ["x"] * self.random.choice([1, 1_000, 20_000])}}
        )
        position = self.random.randrange(len(body))
        invalid = self.random.choice(
            [body[:position], b"[" * 50_000, body + b"}", body[:position] + b"\xff" + body[position:], b"[" + body + b"]", b""]
        )
        return GeneratedRequest("rejected body", "/graphql", invalid, self.random.choice([JSON, JSON, FORM, "text/plain"]))

    def _generate_invalid_batch(self) -> GeneratedRequest:
        rows: dict[str, Any] = {f"q{n}": self._generate_row() for n in range(self.random.choice([51, 200, 500]))}
        if self.random.random() < 0.5:
            rows = {
                "q0": {
                    "query": "a",
                    "properties": [{"pid": "street", "v": ["x " * 200] * 10}] * self.random.choice([20, 21, 500]),
                }
            }
        text = msgspec.json.encode(rows).decode()
        queries = self.random.choice(
            [text, text[: self.random.randrange(len(text))], "[" * 20_000, text.replace('"query"', '"qwery"')]
        )
        return GeneratedRequest("rejected batch", "/reconcile", urlencode({"queries": queries}).encode(), FORM)

    def _generate_large_body(self) -> GeneratedRequest:
        size = self.random.choice([100_000, 500_000, 1_000_000, 1_100_000])
        path, kind, name = self.random.choice(
            [("/graphql", JSON, "query"), ("/reconcile", FORM, "queries"), ("/reconcile", FORM, "x")]
        )
        piece = self.random.choice(["x", "%22", "a=b&", '{"a":['])
        text = piece * (size // len(piece))
        body = msgspec.json.encode({name: text}) if kind == JSON else f"{name}={text}".encode()
        return GeneratedRequest("too large", path, body, kind)


def _build_form_request(family: str, field: str, value: Any) -> GeneratedRequest:
    return GeneratedRequest(family, "/reconcile", urlencode({field: msgspec.json.encode(value).decode()}).encode(), FORM)
