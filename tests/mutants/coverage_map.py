"""Map which tests execute which lines of the files to mutate. Stored per test file until one of its files changes."""

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from coverage import Coverage
from coverage.numbits import num_in_numbits, nums_to_numbits
from msgspec import Struct

from tests.mutants.forked_jobs import Job, run_jobs
from tests.mutants.project import PYTEST_OPTIONS, Project

FOLDER = Path(".pytest_cache/mutants")
FILE_SECONDS = 900
COSTLY = ("slow", "postgres")  # marks of tests that are used only for lines that no other test executes
SHARED_CONTEXT = ""  # the coverage context outside tests: imports and shared fixtures


class MeasuredTest(Struct):
    """One test that passed: its CPU time, and the lines it executed per file, in the numbits format of coverage."""

    seconds: float
    is_costly: bool
    lines: dict[str, bytes] = {}

    __test__ = False

    def executes(self, path: str, lines: range) -> bool:
        return _contains_line(self.lines.get(path), lines)


class MeasuredTestFile(Struct):
    """The tests of one file in the order they run. `digests` are of the files they depend on."""

    digests: dict[str, str]
    with_costly: bool
    has_costly: bool = False  # whether costly tests were skipped
    tests: dict[str, MeasuredTest] = {}
    shared_lines: dict[str, bytes] = {}

    __test__ = False

    def executes(self, path: str, lines: range) -> bool:
        """Return whether its imports or shared fixtures execute one of the lines."""
        return _contains_line(self.shared_lines.get(path), lines)


CoverageMap = dict[str, MeasuredTestFile]


def _contains_line(numbits: bytes | None, lines: range) -> bool:
    return numbits is not None and any(num_in_numbits(line, numbits) for line in lines)


def load_map(project: Project, test_files: Sequence[str], with_costly: bool, workers: int, folder: Path) -> CoverageMap:
    """Return the coverage of these test files. Measures those that are missing or outdated."""
    file = _find_map_file(project)
    coverage_map = _read(file)
    stale = [name for name in test_files if not _is_current(project, coverage_map.get(name), with_costly)]
    jobs = [
        Job(f"map{number}", lambda job_folder, name=name: _measure(project, name, with_costly, job_folder), FILE_SECONDS)  # type: ignore[misc]
        for number, name in enumerate(stale)
    ]
    names, new_map = dict(zip((job.name for job in jobs), stale, strict=True)), CoverageMap()
    for count, (job, result) in enumerate(run_jobs(jobs, workers, folder), 1):
        name = names[job.name]
        project.report(f"tests measured: {count} of {len(stale)}, {name}")
        if result is None:
            project.report(f"no coverage of {name}: it crashed or timed out")
        empty = MeasuredTestFile(_compute_digests(project, name, ()), with_costly)
        new_map[name] = msgspec.msgpack.decode(result, type=MeasuredTestFile) if result else empty
        if count % 5 == 0 or count == len(stale):
            _write(file, _read(file) | new_map)  # another run may have written meanwhile
    coverage_map |= new_map
    return {name: coverage_map[name] for name in test_files}


def _find_map_file(project: Project) -> Path:
    """Return the file for this set of measured paths. Another set needs another file, as its coverage would be incomplete."""
    digest = hashlib.sha256("\n".join(project.measured_paths).encode()).hexdigest()
    return project.root / FOLDER / f"coverage-{digest[:12]}.msgpack"


def _read(path: Path) -> CoverageMap:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=CoverageMap)
    except (FileNotFoundError, msgspec.DecodeError):
        return {}


def _write(path: Path, coverage_map: CoverageMap) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(msgspec.msgpack.encode(coverage_map))
    new.replace(path)


def _is_current(project: Project, test_file: MeasuredTestFile | None, with_costly: bool) -> bool:
    if test_file is None or (with_costly and not test_file.with_costly):
        return False
    return all(_compute_digest(project.root / path) == digest for path, digest in test_file.digests.items())


def _compute_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _compute_digests(project: Project, name: str, executed: Sequence[str]) -> dict[str, str]:
    shared = [str(folder / "conftest.py") for folder in Path(name).parents]
    return {path: _compute_digest(project.root / path) for path in (name, *shared, *executed)}


def _measure(project: Project, name: str, with_costly: bool, folder: Path) -> bytes:
    """Run the tests of a file under coverage, in a child process. Tests that fail are left out."""
    os.environ["COVERAGE_CORE"] = "ctrace"  # the only core that records which test executed a line
    targets = [str(project.root / path) + ("" if path.endswith(".py") else "/*") for path in project.measured_paths]
    coverage = Coverage(data_file=None, include=targets, config_file=False)
    collector = _Collector(coverage)
    selection = [] if with_costly else ["-m", " and ".join(f"not {mark}" for mark in COSTLY)]
    with coverage.collect():
        pytest.main([name, *PYTEST_OPTIONS, f"--basetemp={folder / 'tmp'}", *selection], plugins=[collector])
    data = coverage.get_data()
    shared, executed = dict[str, bytes](), list[str]()
    for path in sorted(data.measured_files()):
        relative = str(Path(path).relative_to(project.root))
        executed.append(relative)
        lines: dict[str, list[int]] = {}
        for line, contexts in data.contexts_by_lineno(path).items():
            for context in contexts:
                lines.setdefault(context, []).append(line)
        for context, numbers in lines.items():
            bits = nums_to_numbits(numbers)
            if context == SHARED_CONTEXT:
                shared[relative] = bits
            elif context in collector.tests:
                collector.tests[context].lines[relative] = bits
    digests = _compute_digests(project, name, executed)
    return msgspec.msgpack.encode(MeasuredTestFile(digests, with_costly, collector.has_costly, collector.tests, shared))


class _Collector:
    """A pytest plugin that sets a coverage context for each test, after its setup."""

    def __init__(self, coverage: Coverage) -> None:
        self.coverage, self.tests, self._start = coverage, dict[str, MeasuredTest](), 0.0
        self.has_costly = False

    def pytest_deselected(self) -> None:
        self.has_costly = True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._start = time.process_time()
        result = yield
        if test := self.tests.get(item.nodeid):
            test.seconds = time.process_time() - self._start
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        try:
            result = yield
        finally:
            self.coverage.switch_context(SHARED_CONTEXT)
        self.tests[item.nodeid] = MeasuredTest(0.0, any(map(item.get_closest_marker, COSTLY)))
        return result
