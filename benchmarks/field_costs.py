"""What fields cost as they are declared, against what they cost as measured: `python -m benchmarks costs`.

A field's own cost is the time that the same document takes more with it, for each record it is read of. Documents are executed
in this process, without HTTP; processor time counts.
"""

import statistics
import time
from collections.abc import Sequence

from graphql import get_introspection_query
from msgspec import Struct

from benchmarks.fictional_networks import NOW, build_snapshot
from benchmarks.question_kinds import HTTP_KINDS, MAIN_KINDS, draw_variables
from benchmarks.tables import Table
from directory.gazetteer.gazetteer import get_gazetteer
from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.cost import REQUEST_POINTS
from schema.execution.execute import answer_document
from schema.execution.prepared_document import get_prepared_document
from schema.limits import LIMITS, SECONDS_PER_POINT

TURNS = 15
RECORDS = 100  # on the page that fields are read of
TOLERANCE_FACTOR = 3.0  # a declared cost is right when it is within this factor of the measured one
SMALL_POINTS = 2.0  # points below which a difference is the clock's
_PAGE = "{ organizations(first: 100) { nodes { slug %s } } }"
_TERMS = "{ issueAreas(first: 100) { nodes { slug %s } } }"
_CONNECTION = '{ organizations(filter: {issueAreas: {anyOf: ["housing"]}}) { %s } }'
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
    "totalCount": (_CONNECTION, 1),
    "question { field value label }": (_CONNECTION, 1),
    "facets { issueAreas { value } }": (_CONNECTION, 1),
    "facets { regions { value } }": (_CONNECTION, 1),
    "map { marks { count } }": (_CONNECTION, 1),
    "edges { match { tier regionReason issueAreas { issueArea { slug } } } }": (_CONNECTION, 1),
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


class CostComparison(Struct, frozen=True):
    """Points, declared and measured; for one record where a field is read of many."""

    label: str
    declared_points: float
    measured_points: float
    first_points: float | None = None  # the first time: what the process loads and keeps from then on

    @property
    def is_covered(self) -> bool:
        """Declared too high is within bounds too: usual lengths are the longer ones."""
        return self.measured_points <= max(SMALL_POINTS, self.declared_points * TOLERANCE_FACTOR)


def measure_costs(size: int) -> tuple[list[CostComparison], list[CostComparison]]:
    """Of fields, and of whole questions, over a fictional network of that size."""
    get_gazetteer().prepare()
    network = build_snapshot(size)
    fields = [_compare_field(network, added, page, times) for added, (page, times) in FIELDS.items()]
    texts = {what: [text] * TURNS if isinstance(text, str) else text for what, text in QUESTIONS.items()}
    questions = [_compare_question(network, what, [(text, {}) for text in asked]) for what, asked in texts.items()]
    for kind in (*MAIN_KINDS, *HTTP_KINDS):
        questions.append(
            _compare_question(network, kind.title, [(kind.document, one) for one in draw_variables(kind, TURNS, size)])
        )
    return fields, questions


def _compare_field(network: Snapshot, added: str, page: str, times: int) -> CostComparison:
    less, more = page % ("version" if page is _CONNECTION else ""), page % f"{'version' if page is _CONNECTION else ''} {added}"
    declared = _compute_declared_points(more, {}) - _compute_declared_points(less, {})
    pairs = [_measure_points(network, more, {}) - _measure_points(network, less, {}) for _ in range(TURNS)]
    return CostComparison(added, declared / times, statistics.median(pairs) / times)


def _compare_question(network: Snapshot, what: str, asked: Sequence[tuple[str, dict[str, object]]]) -> CostComparison:
    declared = REQUEST_POINTS + max(_compute_declared_points(text, variables) for text, variables in asked)
    measured = [_measure_points(network, text, variables) for text, variables in asked]
    return CostComparison(what, declared, statistics.median(measured), measured[0])


def _compute_declared_points(text: str, variables: dict[str, object]) -> float:
    return get_prepared_document(text, LIMITS).find_cost(None).evaluate(variables)


def _measure_points(network: Snapshot, text: str, variables: dict[str, object]) -> float:
    context = Context(network, NOW)
    began = time.thread_time()
    told = answer_document(text, variables, None, context).body
    points = (time.thread_time() - began) / SECONDS_PER_POINT
    assert "errors" not in told, told["errors"]
    return points


def build_tables(size: int, measured: tuple[list[CostComparison], list[CostComparison]]) -> list[Table]:
    titles = (f"Fields, each for one record ({size:,} organizations)", f"Questions ({size:,} organizations)")
    columns = ("what", "declared", "measured", "measured / declared", "", "the first time")
    return [Table(title, columns, [_format_row(one) for one in costs]) for title, costs in zip(titles, measured, strict=True)]


def _format_row(one: CostComparison) -> tuple[str, ...]:
    told = one.label if len(one.label) < 80 else one.label[:77] + "…"
    ratio = f"{one.measured_points / one.declared_points:.2f}"
    return (
        told,
        f"{one.declared_points:,.1f}",
        f"{one.measured_points:,.1f}",
        ratio,
        "fits" if one.is_covered else "**too cheap**",
        f"{one.first_points:,.1f}" if one.first_points else "",
    )
