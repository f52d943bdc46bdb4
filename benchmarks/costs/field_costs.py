"""Compare the declared costs of fields with measured ones: `python -m benchmarks costs`.

The cost of a field is the additional time that a document takes with it, for each record. Documents are executed in this process,
without HTTP, and CPU time is measured.
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
from schema.execution.cards import CARDS
from schema.execution.cost import REQUEST_POINTS, evaluate_cost
from schema.execution.execute import answer_document
from schema.execution.prepared_document import prepare_operation
from schema.limits import LIMITS, SECONDS_PER_POINT

TURNS = 15
RECORDS = 100  # on the page of the documents
TOLERANCE_FACTOR = 3.0  # the measured cost may be this many times the declared one
SMALL_POINTS = 2.0  # measured costs below this are within the error of the clock
_PAGE = "{ organizations(first: 100) { nodes { slug %s } } }"
_TERMS = "{ issueAreas(first: 100) { nodes { slug %s } } }"
_CONNECTION = '{ organizations(filter: {issueAreas: {anyOf: ["housing"]}}) { %s } }'
FIELDS = {  # selection -> the document it is added to, and how many records that returns
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
QUESTIONS: dict[str, str | list[str]] = {  # several texts where results may be cached
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
    """Declared and measured points of a question, or of a field for one record."""

    label: str
    declared_points: float
    measured_points: float  # with nothing of the answer cached
    cached_points: float  # of the same request again
    first_points: float | None = None  # of the first request, when the process loads data

    @property
    def is_covered(self) -> bool:
        """Whether the declared cost is high enough. It may be too high, as declared lengths of lists are generous."""
        return self.measured_points <= max(SMALL_POINTS, self.declared_points * TOLERANCE_FACTOR)


def measure_costs(size: int) -> tuple[list[CostComparison], list[CostComparison]]:
    """Measure fields, and then whole questions, over a fictional network of this size."""
    get_gazetteer().prepare()
    network = build_snapshot(size)
    fields = [_compare_field(network, selection, page, times) for selection, (page, times) in FIELDS.items()]
    texts = {label: [text] * TURNS if isinstance(text, str) else text for label, text in QUESTIONS.items()}
    questions = [_compare_question(network, label, [(text, {}) for text in variants]) for label, variants in texts.items()]
    for kind in (*MAIN_KINDS, *HTTP_KINDS):
        requests = [(kind.document, variables) for variables in draw_variables(kind, TURNS, size)]
        questions.append(_compare_question(network, kind.title, requests))
    return fields, questions


def _compare_field(network: Snapshot, selection: str, page: str, times: int) -> CostComparison:
    base = "version" if page is _CONNECTION else ""
    without, including = page % base, page % f"{base} {selection}"
    declared = _compute_declared_points(network, including, {}) - _compute_declared_points(network, without, {})
    pairs = [(_measure_points(network, including, {}), _measure_points(network, without, {})) for _ in range(TURNS)]
    measured, cached = (statistics.median(longer[each] - shorter[each] for longer, shorter in pairs) / times for each in range(2))
    return CostComparison(selection, declared / times, measured, cached)


def _compare_question(network: Snapshot, label: str, requests: Sequence[tuple[str, dict[str, object]]]) -> CostComparison:
    declared = REQUEST_POINTS + max(_compute_declared_points(network, text, variables) for text, variables in requests)
    pairs = [_measure_points(network, text, variables) for text, variables in requests]
    measured, cached = (statistics.median(points) for points in zip(*pairs, strict=True))
    return CostComparison(label, declared, measured, cached, pairs[0][0])


def _compute_declared_points(network: Snapshot, text: str, variables: dict[str, object]) -> float:
    prepared, document_text, _ = prepare_operation(text, None, LIMITS)
    return evaluate_cost(prepared.find_cost(None), variables, document_text.literals, network.organization_count)


def _measure_points(network: Snapshot, text: str, variables: dict[str, object]) -> tuple[float, float]:
    """Return the points of a request with nothing of its answer cached, and of the same request again."""
    CARDS.clear()
    network.answers.clear()
    network._result_cache.clear()
    return _measure_once(network, text, variables), _measure_once(network, text, variables)


def _measure_once(network: Snapshot, text: str, variables: dict[str, object]) -> float:
    context = Context(network, NOW)
    start = time.thread_time()
    answer = answer_document(text, variables, None, context)
    points = (time.thread_time() - start) / SECONDS_PER_POINT
    assert answer.first_error is None, answer.body
    return points


def build_tables(size: int, measured: tuple[list[CostComparison], list[CostComparison]]) -> list[Table]:
    titles = (f"Fields, each for one record ({size:,} organizations)", f"Questions ({size:,} organizations)")
    columns = ("selection", "declared", "measured", "measured / declared", "", "cached", "first request")
    return [Table(title, columns, list(map(_format_row, costs))) for title, costs in zip(titles, measured, strict=True)]


def _format_row(comparison: CostComparison) -> tuple[str, ...]:
    label = comparison.label if len(comparison.label) < 80 else comparison.label[:77] + "…"
    ratio = f"{comparison.measured_points / comparison.declared_points:.2f}"
    return (
        label,
        f"{comparison.declared_points:,.1f}",
        f"{comparison.measured_points:,.1f}",
        ratio,
        "fits" if comparison.is_covered else "**too cheap**",
        f"{comparison.cached_points:,.1f}",
        f"{comparison.first_points:,.1f}" if comparison.first_points else "",
    )
