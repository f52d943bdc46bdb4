"""Random HTTP requests of every kind that the server answers or rejects, drawn from a seed.

Every family is drawn with equal weight. A request is bytes to send and the name of its family; a family whose documents must be
new to the server carries a number that no other request of the run has.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from benchmarks.abusive import FAMILIES as ABUSIVE
from benchmarks.generated_documents import DocumentWriter, GeneratedDocument, Vocabulary
from directory.records import Organization

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
POOL = 40  # documents that are asked again
FACETS = ("issueAreas", "communities", "languages", "regions", "kinds")
PAGE = "totalCount nodes { name slug issueAreas { label } serviceAreas { code } locations { address { city state } } }"


class Request(Struct, frozen=True):
    """`body` is None for GET. `path` has the query string."""

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
    """Endless requests. The same seed and records give the same ones, in the same order."""

    def __init__(self, seed: int, records: Sequence[Organization]) -> None:
        self.random = Random(seed)
        self.vocabulary = Vocabulary(self.random, records)
        self.number = 0
        self._seen: list[GeneratedDocument] = []
        self.families: dict[str, Callable[[], Request]] = {
            "new document": self._new_document,
            "known document": self._known_document,
            "document by GET": self._document_by_get,
            "text search": self._text_search,
            "several text searches": self._several_text_searches,
            "unknown places": self._unknown_places,
            "facets": self._facets,
            "map": self._map,
            "relaxations": self._relaxations,
            "overlapping fields": self._overlapping_fields,
            "suggestions": self._suggestions,
            "reconcile batch": self._reconcile_batch,
            "reconcile extension": self._reconcile_extension,
            "reconcile suggestion": self._reconcile_suggestion,
            "reconcile by GET": self._reconcile_by_get,
            "abusive": self._abusive,
            "rejected document": self._rejected_document,
            "rejected body": self._rejected_body,
            "rejected batch": self._rejected_batch,
            "too large": self._too_large,
        }

    def __iter__(self) -> Iterator[Request]:
        while True:
            yield self.draw(self.random.choice(list(self.families)))

    def draw(self, family: str) -> Request:
        self.number += 1
        return self.families[family]()

    def _graphql(self, family: str, text: str, variables: dict[str, Any] | None = None, *, new: bool = True) -> Request:
        document = f"{text} # {self.number}" if new else text
        return Request(family, "/graphql", msgspec.json.encode({"query": document, "variables": variables or {}}))

    def _new_document(self) -> Request:
        document = DocumentWriter(self.vocabulary).write()
        self._seen = [*self._seen[-POOL:], document]
        return self._graphql("new document", document.text, document.draw())

    def _known_document(self) -> Request:
        if len(self._seen) < POOL:
            return self._new_document()
        document = self.random.choice(self._seen[: POOL // 2])
        return self._graphql("known document", document.text, document.draw(), new=False)

    def _document_by_get(self) -> Request:
        document = DocumentWriter(self.vocabulary).write()
        variables = msgspec.json.encode(document.draw()).decode()
        asked = urlencode({"query": document.text, "variables": variables}, quote_via=quote)
        return Request("document by GET", f"/graphql?{asked}")

    def _text_search(self) -> Request:
        text = f"query($q: String, $n: Int) {{ organizations(query: $q, first: $n) {{ {PAGE} }} }}"
        variables = {"q": self.vocabulary.words(30), "n": self.random.choice([1, 20, 100])}
        return self._graphql("text search", text, variables, new=False)

    def _several_text_searches(self) -> Request:
        count = self.random.randint(2, 30)
        fields = " ".join(
            f"f{n}: organizations(query: {_literal(self.vocabulary.words(30))}) {{ totalCount }}" for n in range(count)
        )
        return self._graphql("several text searches", f"{{ {fields} }}")

    def _unknown_places(self) -> Request:
        count = self.random.randint(1, 30)
        names = [self.vocabulary.misspell(self.vocabulary.place()) * self.random.choice([1, 1, 1, 20]) for _ in range(count)]
        fields = " ".join(
            f"f{n}: organizations(filter: {{near: {{place: {{name: {_literal(name)}}}, radius: 50}}}}) {{ totalCount }}"
            for n, name in enumerate(names)
        )
        return self._graphql("unknown places", f"{{ {fields} }}")

    def _facets(self) -> Request:
        count, first = self.random.randint(1, 15), self.random.choice([1, 5, 100])
        asked = " ".join(f"{facet} {{ value count }}" for facet in self.random.sample(FACETS, 2) if facet != "regions")
        kind = self.random.choice(["COUNTY", "STATE", "COUNTRY"])
        regions = f"regions(kind: {kind}, first: {first}) {{ value count }}"
        fields = " ".join(
            f"f{n}: organizations(query: {_literal(self.vocabulary.words(2))}, first: 1) {{ facets {{ {asked} {regions} }} }}"
            for n in range(count)
        )
        return self._graphql("facets", f"{{ {fields} }}")

    def _map(self) -> Request:
        count, zoom = self.random.randint(1, 10), self.random.randint(0, 18)
        marks = " ".join(f"m{n}: map(zoom: {zoom + n / 10}) {{ marks {{ count }} }}" for n in range(count))
        return self._graphql("map", f"{{ organizations(query: {_literal(self.vocabulary.words(1))}) {{ {marks} }} }}")

    def _relaxations(self) -> Request:
        count = self.random.randint(1, 23)
        word = self.vocabulary.misspell
        texts = [" ".join(word(word(self.vocabulary.words(3))) for _ in range(self.random.randint(1, 10))) for _ in range(count)]
        area = _literal(self.vocabulary.slug())
        inside = f"filter: {{issueAreas: {{anyOf: [{area}]}}}}) {{ relaxations {{ count }} }}"
        fields = " ".join(f"f{n}: organizations(query: {_literal(text)}, {inside}" for n, text in enumerate(texts))
        return self._graphql("relaxations", f"{{ {fields} }}")

    def _overlapping_fields(self) -> Request:
        leaves = self.random.sample(["id", "slug", "name", "kind", "summary", "website", "founded"], 5)
        part = f"{self.random.choice(['parent', 'branches', 'locations'])} {{ __typename }} parent {{ {' '.join(leaves)} }} "
        return self._graphql(
            "overlapping fields", f"{{ organizations(first: 5) {{ nodes {{ {part * self.random.randint(2, 45)} }} }} }}"
        )

    def _suggestions(self) -> Request:
        field = self.random.choice(["suggest", "understand", "places"])
        inside = {"suggest": "label search", "understand": "search", "places": "name"}[field]
        words = self.vocabulary.place() if field == "places" else self.vocabulary.words(self.random.choice([1, 10, 60]))
        text = f"query($q: String!) {{ {field}(query: $q) {{ {inside} }} }}"
        return self._graphql("suggestions", text, {"q": words}, new=False)

    def _row(self) -> dict[str, Any]:
        record = self.vocabulary.record()
        name = self.vocabulary.misspell(record.name) if self.random.random() < 0.5 else record.name
        values = {
            "street": f"{self.random.randint(1, 9999)} {self.vocabulary.words(3)} Street, PO Box {self.random.randint(1, 999)}",
            "city": self.vocabulary.place(),
            "phone": "404 555 01" + str(self.random.randint(10, 99)),
            "website": f"https://{self.vocabulary.words(1).split()[0].strip('.')}.example/",
            "postal_code": "30312",
        }
        stated = self.random.sample(sorted(values), self.random.randint(0, 3))
        return {
            "query": name + (" " + self.vocabulary.words(20) if self.random.random() < 0.2 else ""),
            "limit": self.random.choice([1, 5, 25]),
            "properties": [{"pid": pid, "v": [values[pid]] * self.random.choice([1, 1, 10])} for pid in stated],
        }

    def _reconcile_batch(self) -> Request:
        rows = {f"q{n}": self._row() for n in range(self.random.choice([1, 3, 10, 50]))}
        return _form("reconcile batch", "queries", rows)

    def _reconcile_extension(self) -> Request:
        ids = [self.vocabulary.record().id for _ in range(self.random.choice([1, 10, 100, 1_000]))]
        known = ["name", "website", "city", "state", "issue_areas", "nothing"]
        properties = [{"id": name} for name in self.random.sample(known, self.random.randint(1, 6))]
        return _form("reconcile extension", "extend", {"ids": ids, "properties": properties})

    def _reconcile_suggestion(self) -> Request:
        kind = self.random.choice(["entity", "entity", "property", "type"])
        given = {"prefix": self.vocabulary.words(self.random.choice([1, 2, 30])), "cursor": str(self.random.choice([0, 10, 90]))}
        return Request("reconcile suggestion", f"/reconcile/suggest/{kind}?{urlencode(given)}")

    def _reconcile_by_get(self) -> Request:
        asked = urlencode({"queries": msgspec.json.encode({"q0": self._row()}).decode()})
        path = self.random.choice(["", "/properties", f"/organizations/{self.vocabulary.record().id}", f"?{asked}"])
        return Request("reconcile by GET", f"/reconcile{path}")

    def _abusive(self) -> Request:
        name = self.random.choice(sorted(ABUSIVE))
        return Request(f"abusive: {name}", "/graphql", msgspec.json.encode(ABUSIVE[name](f"t{self.number}")))

    def _rejected_document(self) -> Request:
        text = DocumentWriter(self.vocabulary).write().text
        at = self.random.randrange(len(text))
        spoiled = self.random.choice(
            [text[:at], text[:at] + "nothing" + text[at:], text.replace("name", "nmae"), "{" * 500, text * 9]
        )
        return self._graphql("rejected document", spoiled)

    def _rejected_body(self) -> Request:
        body = msgspec.json.encode(
            {"query": "{ __typename }", "variables": {"a": ["x"] * self.random.choice([1, 1_000, 20_000])}}
        )
        at = self.random.randrange(len(body))
        spoiled = self.random.choice(
            [body[:at], b"[" * 50_000, body + b"}", body[:at] + b"\xff" + body[at:], b"[" + body + b"]", b""]
        )
        return Request("rejected body", "/graphql", spoiled, self.random.choice([JSON, JSON, FORM, "text/plain"]))

    def _rejected_batch(self) -> Request:
        rows: dict[str, Any] = {f"q{n}": self._row() for n in range(self.random.choice([51, 200, 500]))}
        if self.random.random() < 0.5:
            rows = {
                "q0": {
                    "query": "a",
                    "properties": [{"pid": "street", "v": ["x " * 200] * 10}] * self.random.choice([20, 21, 500]),
                }
            }
        text = msgspec.json.encode(rows).decode()
        written = self.random.choice(
            [text, text[: self.random.randrange(len(text))], "[" * 20_000, text.replace('"query"', '"qwery"')]
        )
        return Request("rejected batch", "/reconcile", urlencode({"queries": written}).encode(), FORM)

    def _too_large(self) -> Request:
        size = self.random.choice([100_000, 500_000, 1_000_000, 1_100_000])
        path, kind, name = self.random.choice(
            [("/graphql", JSON, "query"), ("/reconcile", FORM, "queries"), ("/reconcile", FORM, "x")]
        )
        inside = self.random.choice(["x", "%22", "a=b&", '{"a":['])
        text = inside * (size // len(inside))
        body = msgspec.json.encode({name: text}) if kind == JSON else f"{name}={text}".encode()
        return Request("too large", path, body, kind)


def _literal(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _form(family: str, field: str, value: Any) -> Request:
    return Request(family, "/reconcile", urlencode({field: msgspec.json.encode(value).decode()}).encode(), FORM)
