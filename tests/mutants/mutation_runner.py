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

BUDGET_SECONDS = 40.0  # of processor time, as measured without the mutation, for the tests of one mutation
SLOWDOWN_FACTOR = 10  # a test may use this many times the processor time that it used without the mutation, and a few seconds
WALL_SECONDS = 300.0  # on a busy machine a child gets a small share of it


class Verdict(Struct, frozen=True):
    """What became of a mutation. `killer` is the test that failed first, None if all passed."""

    mutation: Mutation
    killer: str | None
    tests: int  # how many were chosen to run
    related: int  # how many execute the line; 0 means that no test does


class _TestChoice(NamedTuple):
    tests: list[str]
    related: int
    seconds: float


class OutOfTimeError(BaseException):
    """A test used far more time than without the mutation. No `except Exception` of the tested code may swallow it."""


def judge_mutations(
    project: Project, mutations: Sequence[Mutation], known: CoverageMap, workers: int, folder: Path
) -> Iterator[Verdict]:
    """A verdict for each, as they are reached. A child that dies or hangs has killed its mutation."""
    choices = {str(number): choose_tests(mutation, known) for number, mutation in enumerate(mutations)}
    seconds = {name: test.seconds for file in known.values() for name, test in file.tests.items()}
    jobs = []
    for name, choice in choices.items():
        mutation = mutations[int(name)]
        if choice.tests:
            run = partial(_run_tests, project, mutation, choice.tests, seconds)
            jobs.append(Job(name, run, WALL_SECONDS + 2 * SLOWDOWN_FACTOR * choice.seconds))
        else:
            yield Verdict(mutation, None, 0, 0)
    for job, result in run_jobs(jobs, workers, folder):
        choice = choices[job.name]
        killer = "died or hung" if result is None else msgspec.msgpack.decode(result, type=str | None)
        yield Verdict(mutations[int(job.name)], killer, len(choice.tests), choice.related)


def choose_tests(mutation: Mutation, known: CoverageMap) -> _TestChoice:
    """First those that execute the line, then those whose fixtures or imports do, as far as the budget reaches.

    Files named after the mutated one go first, then those that are done soonest; within a file the order is kept, so that
    fixtures are made once. Costly tests are chosen only where no other executes the line.
    """
    lines = range(mutation.first_line, mutation.line + 1)
    ranked: list[tuple[tuple[Any, ...], str, MeasuredTest]] = []
    related = 0
    for file, tests in known.items():
        direct = {name for name, test in tests.tests.items() if test.executes(mutation.path, lines)}
        if not direct and not tests.executes(mutation.path, lines):
            continue
        related += len(direct)
        is_mirror = _is_mirror(file, mutation.path)
        cost = sum(tests.tests[name].seconds for name in direct or tests.tests)
        for position, (name, test) in enumerate(tests.tests.items()):
            rank = (test.is_costly, name not in direct, not is_mirror, cost, file, position)
            ranked.append((rank, name, test))
    quick = [one for one in ranked if not one[2].is_costly]
    chosen = sorted(quick or ranked, key=lambda one: one[0])
    total = list(accumulate(test.seconds for *_, test in chosen))
    within = [name for (_, name, _), spent in zip(chosen, total, strict=True) if spent <= BUDGET_SECONDS]
    names = within or [name for _, name, _ in chosen[:1]]
    return _TestChoice(names, related or len(names), min([BUDGET_SECONDS, *total[-1:]]))


def _is_mirror(test_file: str, path: str) -> bool:
    return Path(test_file).name == f"test_{Path(path).name}" and Path(test_file).parts[1:-1] == Path(path).parts[:-1]


def _run_tests(project: Project, mutation: Mutation, tests: list[str], seconds: dict[str, float], folder: Path) -> bytes:
    """In a child. Returns the name of the failed test, or None, as MessagePack."""
    serve_mutated(project.root / mutation.path, mutation.number)
    make_deterministic()
    plugin = _ChosenTestsPlugin(tests, {name: project.test_seconds + SLOWDOWN_FACTOR * seconds[name] for name in tests})
    files = list(dict.fromkeys(name.partition("::")[0] for name in tests))
    arguments = [*files, "-x", "--tb=no", *PYTEST_OPTIONS, f"--basetemp={folder / 'tmp'}"]
    status = pytest.main(arguments, plugins=[plugin])
    return msgspec.msgpack.encode(plugin.failed_test or (None if status == pytest.ExitCode.OK else f"pytest: {status!r}"))


def serve_mutated(path: Path, number: int) -> None:
    """From now on, importing this file gives the mutated module. The file itself is never changed."""
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> types.CodeType | None:
        if Path(self.path) != path:
            return original(self, name)
        return compile(apply_mutation(path.read_text(), number), str(path), "exec")

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]


def make_deterministic() -> None:
    """Generated tests try the same examples in every child, without a database of earlier failures; the first failure will do."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None, phases=phases)
    hypothesis.settings.load_profile("mutants")


class _ChosenTestsPlugin:
    """A pytest plugin: run only these tests, in this order, each with a limit of processor time."""

    def __init__(self, tests: list[str], limits: dict[str, float]) -> None:
        self.order = {name: position for position, name in enumerate(tests)}
        self.limits, self.failed_test = limits, ""
        signal.signal(signal.SIGPROF, _raise_out_of_time)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        known = [item for item in items if item.nodeid in self.order]
        items[:] = sorted(known, key=lambda item: self.order[item.nodeid])

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
