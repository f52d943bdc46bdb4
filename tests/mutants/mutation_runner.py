"""Run the related tests against one mutation, in a child process whose import system serves the mutated module."""

import importlib.machinery
import signal
import types
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import hypothesis
import msgspec
import pytest
from msgspec import Struct

from tests.mutants.coverage_map import CoverageMap, MeasuredTest
from tests.mutants.forked_jobs import Job, run_jobs
from tests.mutants.mutations import Mutation, apply_mutation
from tests.mutants.project import PYTEST_OPTIONS, Project

BUDGET_SECONDS = 40.0  # of CPU time, measured without the mutation, for the tests of one mutation
SLOWDOWN_FACTOR = 10  # a test may use this many times its CPU time without the mutation, plus a few seconds
SPARE_CPU_SECONDS = 60.0  # of a child, in addition to its tests: for importing them, and for tests that end late
WALL_SECONDS = 300.0  # a child gets only a small share of a busy machine


class Verdict(Struct, frozen=True):
    """The result of a mutation. `killer` is the test that failed first, or None if all passed."""

    mutation: Mutation
    killer: str | None
    tests: int  # the number of tests chosen to run
    related_tests: int  # the number of tests that execute the line; may be 0


class _TestChoice(NamedTuple):
    tests: list[str]
    related_tests: int
    seconds: float


class OutOfTimeError(BaseException):
    """A test used far more time than without the mutation. No `except Exception` of the tested code may swallow it."""


def judge_mutations(
    project: Project, mutations: Sequence[Mutation], coverage_map: CoverageMap, workers: int, folder: Path
) -> Iterator[Verdict]:
    """Yield a verdict for each mutation as it is reached. A child that crashes or hangs counts as a failed test."""
    choices = {str(number): choose_tests(mutation, coverage_map) for number, mutation in enumerate(mutations)}
    seconds = {name: test.seconds for file in coverage_map.values() for name, test in file.tests.items()}
    jobs = []
    for name, choice in choices.items():
        mutation = mutations[int(name)]
        if choice.tests:
            run = partial(_run_tests, project, mutation, choice.tests, seconds)
            cpu_seconds = project.import_seconds + SPARE_CPU_SECONDS + SLOWDOWN_FACTOR * choice.seconds
            jobs.append(Job(name, run, WALL_SECONDS + 2 * cpu_seconds, cpu_seconds))
        else:
            yield Verdict(mutation, None, 0, 0)
    for job, result in run_jobs(jobs, workers, folder):
        choice = choices[job.name]
        killer = "died or hung" if result is None else msgspec.msgpack.decode(result, type=str | None)
        yield Verdict(mutations[int(job.name)], killer, len(choice.tests), choice.related_tests)


def choose_tests(mutation: Mutation, coverage_map: CoverageMap) -> _TestChoice:
    """Choose the tests that execute the line, then those whose fixtures or imports do, within the budget.

    Test files named after the mutated file come first, then the fastest ones. Tests of a file stay in order, so that shared
    fixtures are set up once. Costly tests are chosen only if no other test executes the line.
    """
    lines = range(mutation.first_line, mutation.line + 1)
    ranked: list[tuple[tuple[Any, ...], str, MeasuredTest]] = []
    related_tests = 0
    for file, tests in coverage_map.items():
        direct = {name for name, test in tests.tests.items() if test.executes(mutation.path, lines)}
        if not direct and not tests.executes(mutation.path, lines):
            continue
        related_tests += len(direct)
        is_mirror = _is_mirror(file, mutation.path)
        cost = sum(tests.tests[name].seconds for name in direct or tests.tests)
        for position, (name, test) in enumerate(tests.tests.items()):
            rank = (test.is_costly, name not in direct, not is_mirror, cost, file, position)
            ranked.append((rank, name, test))
    quick = [entry for entry in ranked if not entry[2].is_costly]
    candidates = sorted(quick or ranked, key=lambda entry: entry[0])
    totals = list(accumulate(test.seconds for *_, test in candidates))
    affordable = [name for (_, name, _), total in zip(candidates, totals, strict=True) if total <= BUDGET_SECONDS]
    names = affordable or [name for _, name, _ in candidates[:1]]
    return _TestChoice(names, related_tests or len(names), min([BUDGET_SECONDS, *totals[-1:]]))


def _is_mirror(test_file: str, path: str) -> bool:
    return Path(test_file).name == f"test_{Path(path).name}" and Path(test_file).parts[1:-1] == Path(path).parts[:-1]


def _run_tests(project: Project, mutation: Mutation, tests: list[str], seconds: dict[str, float], folder: Path) -> bytes:
    """Run the tests in a child process. Returns the name of the first failed test, or None, as MessagePack."""
    serve_mutated(project.root / mutation.path, mutation.number)
    make_deterministic()
    plugin = _ChosenTestsPlugin(tests, {name: project.test_seconds + SLOWDOWN_FACTOR * seconds[name] for name in tests})
    files = list(dict.fromkeys(name.partition("::")[0] for name in tests))
    arguments = [*files, "-x", "--tb=no", *PYTEST_OPTIONS, f"--basetemp={folder / 'tmp'}"]
    signal.setitimer(signal.ITIMER_PROF, project.import_seconds, project.import_seconds)
    status = pytest.main(arguments, plugins=[plugin])
    return msgspec.msgpack.encode(plugin.failed_test or (None if status == pytest.ExitCode.OK else f"pytest: {status!r}"))


def serve_mutated(path: Path, number: int) -> None:
    """Make imports of this file return the mutated module. The file itself is never changed."""
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> types.CodeType | None:
        if Path(self.path) != path:
            return original(self, name)
        return compile(apply_mutation(path.read_text(), number), str(path), "exec")

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]


def make_deterministic() -> None:
    """Make Hypothesis try the same examples in every child, without stored failures and without shrinking."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None, phases=phases)
    hypothesis.settings.load_profile("mutants")


class _ChosenTestsPlugin:
    """A pytest plugin that runs only these tests, in this order, each with a limit of CPU time.

    Until the first test starts, the timer limits the imports of all test files.
    """

    def __init__(self, tests: list[str], limits: dict[str, float]) -> None:
        self.order = {name: position for position, name in enumerate(tests)}
        self.limits, self.failed_test = limits, ""
        signal.signal(signal.SIGPROF, _raise_out_of_time)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen_items = [item for item in items if item.nodeid in self.order]
        items[:] = sorted(chosen_items, key=lambda item: self.order[item.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        signal.setitimer(signal.ITIMER_PROF, self.limits[item.nodeid], self.limits[item.nodeid])
        result = yield
        signal.setitimer(signal.ITIMER_PROF, 0)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed_test:
            self.failed_test = report.nodeid


def _raise_out_of_time(_signal: int, _frame: types.FrameType | None) -> NoReturn:
    raise OutOfTimeError
