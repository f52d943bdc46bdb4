"""Measure how long it takes to compile the plan of each document, and how much memory the plan takes.

A plan is compiled with its first request. The time of that request counts, without that of the same request again.
"""

import gc
import statistics
import time
import tracemalloc
from typing import Any

from graphql import parse
from msgspec import Struct

from benchmarks import targets
from benchmarks.fictional_networks import NOW, build_snapshot
from benchmarks.question_kinds import HTTP_KINDS, MAIN_KINDS, QuestionKind, draw_variables
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.literals import take_out_literals
from schema.execution.plan import Plan
from schema.schema import SCHEMA

SIZE = 60  # records: compiling does not depend on their number
TURNS = 15


class PlanCost(Struct, frozen=True):
    """The median CPU seconds of compiling, and the bytes that the plan holds."""

    title: str
    compile_seconds: float
    plan_bytes: int


class FirstRequest:
    """Compiles the document of a question for a request that reads no record, if there is such a request."""

    def __init__(self, kind: QuestionKind, snapshot: Snapshot) -> None:
        self.text, self.document = take_out_literals(kind.document), parse(kind.document)
        self.variables = kind.empty or draw_variables(kind, 1, SIZE)[0]
        self.context = Context(snapshot, NOW)

    def compile(self) -> Plan:
        plan = Plan(SCHEMA, self.document, None, self.text)
        self.run(plan)
        return plan

    def run(self, plan: Plan) -> Any:
        return plan.run(None, self.context, self.variables, self.text, self.document)


def measure_plans() -> list[PlanCost]:
    """Measure each document once, as some questions have the same."""
    snapshot, kinds = build_snapshot(SIZE), dict[str, QuestionKind]()
    for kind in (*MAIN_KINDS, *HTTP_KINDS):
        kinds.setdefault(kind.document, kind)
    return [_measure_plan(kind, FirstRequest(kind, snapshot)) for kind in kinds.values()]


def _measure_plan(kind: QuestionKind, request: FirstRequest) -> PlanCost:
    request.compile()  # fills the caches that plans share
    seconds = statistics.median(_measure_compiling(request) for _ in range(TURNS))
    name = f"{kind.key} · {kind.title}" if kind.key.startswith("Q") else kind.title
    return PlanCost(name, seconds, _measure_bytes(request))


def _measure_compiling(request: FirstRequest) -> float:
    start = time.thread_time()
    plan = request.compile()
    compiled = time.thread_time()
    request.run(plan)
    return (compiled - start) - (time.thread_time() - compiled)


def _measure_bytes(request: FirstRequest) -> int:
    """Return the bytes that a new plan holds, without the answer if the snapshot keeps it."""
    gc.collect()
    tracemalloc.start()
    try:
        plan = request.compile()
        answers = [request.run(plan).data for _ in range(2)]
        kept_bytes = len(answers[0]) if answers[0] is answers[1] else 0
        del answers
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - kept_bytes
    finally:
        tracemalloc.stop()


def build_tables(costs: list[PlanCost]) -> list[Table]:
    columns = ("document", "compiling", "target", "", "memory of the plan", "target", "")
    return [Table("Compiled documents", columns, list(map(_build_row, costs)))]


def _build_row(cost: PlanCost) -> tuple[str, ...]:
    return (
        cost.title,
        format_milliseconds(cost.compile_seconds),
        *compare_with_target(cost.compile_seconds, targets.COMPILE_SECONDS, format_milliseconds),
        _format_kilobytes(cost.plan_bytes),
        *compare_with_target(cost.plan_bytes, targets.PLAN_BYTES, _format_kilobytes),
    )


def _format_kilobytes(size: float) -> str:
    return f"{size / 1e3:,.1f} kB"
