"""./dev conformance FILE: execute the cases of a file with the compiled engine, and compare its answers byte for byte."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from graphql import GraphQLSchema
from msgspec import Struct

from tests.conformance.case_file import ConformanceCase, SchemaCases, build_conformance_schema, read_cases
from tests.engine_answers import EngineRequest, execute_with_engine

MAX_DIFFERENCES = 3  # shown in full
MAX_CHARACTERS = 1_000  # of each document and answer that is shown


class Difference(Struct, frozen=True):
    """A case whose answer is not the expected one."""

    case: ConformanceCase
    answer: str

    def describe(self) -> str:
        parts = {
            "document": self.case.query,
            "variables": repr(self.case.variables),
            "expected": self.case.data.decode(),
            "answer": self.answer,
        }
        return "\n".join(f"{name}: {text[:MAX_CHARACTERS]}" for name, text in parts.items())


class ConformanceResult(Struct):
    """How many cases were executed, by whom, and which answers differ."""

    cases: int = 0
    compiled_cases: int = 0
    differences: list[Difference] = []

    def describe(self) -> str:
        passed = self.cases - len(self.differences)
        others = self.cases - self.compiled_cases
        lines = [f"{passed:,} of {self.cases:,}", f"compiled {self.compiled_cases:,}, executed by graphql-core {others:,}"]
        return "\n".join([*lines, *(f"\n{difference.describe()}" for difference in self.differences[:MAX_DIFFERENCES])])


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev conformance", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="the cases, as described in tests/conformance/case_file.py")
    file = parser.parse_args(arguments).file
    if not file.exists():
        print(f"{file} is left out because it does not exist.")
        return 0
    try:
        result = run_cases(read_cases(file))
    except (msgspec.MsgspecError, OSError) as problem:
        parser.error(f"{file} cannot be read as conformance cases: {problem}")
    print(result.describe())
    return 1 if result.differences or not result.cases else 0


def run_cases(schemas: Iterable[SchemaCases]) -> ConformanceResult:
    """Execute all cases. A case fails if the bytes of `data` differ or if there are errors."""
    result = ConformanceResult()
    for cases in schemas:
        schema = build_conformance_schema(cases.schema)
        for case in cases.cases:
            _run_case(schema, case, result)
    return result


def _run_case(schema: GraphQLSchema, case: ConformanceCase, result: ConformanceResult) -> None:
    result.cases += 1
    try:
        answer = execute_with_engine(EngineRequest(schema, case.query, case.variables))
    except Exception as problem:  # a failure of the engine is the difference of one case
        result.differences.append(Difference(case, f"{type(problem).__name__}: {problem}"))
        return
    result.compiled_cases += answer.is_compiled
    if answer.errors or answer.data != case.data:
        errors = f" with errors {answer.errors}" if answer.errors else ""
        result.differences.append(Difference(case, answer.data.decode() + errors))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
