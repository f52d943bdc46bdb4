"""What fields cost as they are declared, against what they cost as measured: `python -m benchmarks costs`.

A field's own cost is the time that the same document takes more with it, for each record it is read of. Documents are executed
in this process, without HTTP; processor time counts.
"""

import statistics
import time
from collections.abc import Sequence

from graphql import get_introspection_query
from msgspec import Struct

from benchmarks.networks import NOW, snapshot
from benchmarks.questions import FURTHER, SIX, drawn
from benchmarks.tables import Table
from directory.gazetteer import gazetteer
from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.cost import REQUEST
from schema.execution import answer
from schema.limits import LIMITS, POINT_SECONDS
from schema.preparing import prepared

TURNS = 15
RECORDS = 100  # on the page that fields are read of
WITHIN = 3.0  # a declared cost is right when it is within this factor of the measured one
SMALL = 2.0  # points below which a difference is the clock's
_PAGE = "{ organizations(first: 100) { nodes { slug %s } } }"
_TERMS = "{ issueAreas(first: 100) { nodes { slug %s } } }"
_FOUND = '{ organizations(filter: {issueAreas: {anyOf: ["housing"]}}) { %s } }'
FIELDS = {  # what is added -> the document it is added to, and how often it is answered there
    "id": (_PAGE, RECORDS),
    "name": (_PAGE, RECORDS),
    "kind": (_PAGE, RECORDS),
    "updatedAt": (_PAGE, RECORDS),
    "nationwide": (_PAGE, RECORDS),
    "verificationDue": (_PAGE, RECORDS),
    "membership { status }": (_PAGE, RECORDS),
    "names { name }": (_PAGE, RECORDS),
    "issueAreas { slug }": (_PAGE, RECORDS),
    "issueAreas { slug label }": (_PAGE, RECORDS),
    "serviceAreas { code }": (_PAGE, RECORDS),
    "locations { precision regions { code } }": (_PAGE, RECORDS),
    "parent { slug }": (_PAGE, RECORDS),
    "branches { slug }": (_PAGE, RECORDS),
    "label": (_TERMS, 44),
    "synonyms": (_TERMS, 44),
    "organizationCount": (_TERMS, 44),
    "narrower { slug }": (_TERMS, 44),
    "organizations(first: 5) { totalCount nodes { name } }": (_TERMS, 44),
    "totalCount": (_FOUND, 1),
    "question { field value label }": (_FOUND, 1),
    "facets { issueAreas { value } }": (_FOUND, 1),
    "facets { regions { value } }": (_FOUND, 1),
    "map { marks { count } }": (_FOUND, 1),
    "edges { match { tier regionReason issueAreas { issueArea { slug } } } }": (_FOUND, 1),
}
CITIES = ("atlanta", "san antonio", "jackson", "st. paul", "new york", "athens", "portland", "springfield", "mobile")
WORDS = ("hous", "migra", "poli", "wom", "land", "san", "ten", "lab", "zqxv")
QUESTIONS: dict[str, str | list[str]] = {  # several texts where an answer may be kept
    "nothing but the type": "{ __typename }",
    "all communities": "{ communities { slug label organizationCount } }",
    "places": [f'{{ places(query: "{city}") {{ name }} }}' for city in CITIES],
    "a misspelt place": '{ places(query: "atlanat") { name } }',
    "a postal code": '{ places(query: "30312") { name } }',
    "suggestions": [f'{{ suggest(query: "{word}") {{ label search }} }}' for word in WORDS],
    "what words mean": [f'{{ understand(query: "tenant groups near {city}") {{ search }} }}' for city in CITIES],
    "what many words mean": f'{{ understand(query: "{"immigrant housing near san antonio " * 6}") {{ search }} }}',
    "issue areas by a word": '{ issueAreas(query: "hous") { nodes { label } } }',
    "regions by a word": '{ regions(query: "san") { nodes { name } } }',
    "all regions": "{ regions { nodes { name } } }",
    "a country's regions": '{ region(code: "US") { contains { code } } }',
    "words": '{ organizations(query: "tenants housing rights") { totalCount nodes { name } } }',
    "misspelt words": '{ organizations(query: "tennants houzing rigths") { totalCount nodes { name } } }',
    "many words": f'{{ organizations(query: "{"a tenants b housing c rights " * 5}") {{ totalCount }} }}',
    "nothing found": '{ organizations(query: "zqxv housing", filter: {near: {place: {name: "Atlanta"}, radius: 1}}) '
    "{ totalCount relaxations { count search } } }",
    "introspection": get_introspection_query(),
}


class Costs(Struct, frozen=True):
    """Points, declared and measured; for one record where a field is read of many."""

    what: str
    declared: float
    measured: float
    first: float | None = None  # the first time: what the process loads and keeps from then on

    @property
    def fits(self) -> bool:
        """Declared too high is within bounds too: usual lengths are the longer ones."""
        return self.measured <= max(SMALL, self.declared * WITHIN)


def measure(size: int) -> tuple[list[Costs], list[Costs]]:
    """Of fields, and of whole questions, over a fictional network of that size."""
    gazetteer().prepare()
    network = snapshot(size)
    fields = [_field(network, added, page, times) for added, (page, times) in FIELDS.items()]
    texts = {what: [text] * TURNS if isinstance(text, str) else text for what, text in QUESTIONS.items()}
    questions = [_question(network, what, [(text, {}) for text in asked]) for what, asked in texts.items()]
    for kind in (*SIX, *FURTHER):
        questions.append(_question(network, kind.title, [(kind.document, one) for one in drawn(kind, TURNS, size)]))
    return fields, questions


def _field(network: Snapshot, added: str, page: str, times: int) -> Costs:
    less, more = page % ("version" if page is _FOUND else ""), page % f"{'version' if page is _FOUND else ''} {added}"
    declared = _declared(more, {}) - _declared(less, {})
    pairs = [_measured(network, more, {}) - _measured(network, less, {}) for _ in range(TURNS)]
    return Costs(added, declared / times, statistics.median(pairs) / times)


def _question(network: Snapshot, what: str, asked: Sequence[tuple[str, dict[str, object]]]) -> Costs:
    declared = REQUEST + max(_declared(text, variables) for text, variables in asked)
    measured = [_measured(network, text, variables) for text, variables in asked]
    return Costs(what, declared, statistics.median(measured), measured[0])


def _declared(text: str, variables: dict[str, object]) -> float:
    return prepared(text, LIMITS).cost(None).of(variables)


def _measured(network: Snapshot, text: str, variables: dict[str, object]) -> float:
    context = Context(network, NOW)
    began = time.thread_time()
    told = answer(text, variables, None, context).body
    points = (time.thread_time() - began) / POINT_SECONDS
    assert "errors" not in told, told["errors"]
    return points


def tables(size: int, measured: tuple[list[Costs], list[Costs]]) -> list[Table]:
    titles = (f"Fields, each for one record ({size:,} organizations)", f"Questions ({size:,} organizations)")
    columns = ("what", "declared", "measured", "measured / declared", "", "the first time")
    return [Table(title, columns, [_row(one) for one in costs]) for title, costs in zip(titles, measured, strict=True)]


def _row(one: Costs) -> tuple[str, ...]:
    told = one.what if len(one.what) < 80 else one.what[:77] + "…"
    ratio = f"{one.measured / one.declared:.2f}"
    return (
        told,
        f"{one.declared:,.1f}",
        f"{one.measured:,.1f}",
        ratio,
        "fits" if one.fits else "**too cheap**",
        f"{one.first:,.1f}" if one.first else "",
    )
