"""The whole tool on a small package: some mutations are detected by its tests and some are not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.__main__ import format_report, load_equivalent, main, sample_mutations
from tests.mutants.mutation_runner import Verdict
from tests.mutants.mutations import Mutation, find_mutations
from tests.mutants.project import EXCLUDED, find_files, find_project

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

SOURCE = """
def is_adult(age):
    return age >= 18


def count_down(number):
    while number > 0:
        number -= 1
    return number


def is_child(age):
    return age < 13


def never_called():
    return 1


def double(number):
    result = 0
    while result < 2 * number:
        result += 1
    return result
"""

CHECKS = """
from planted import count_down, double, is_adult, is_child


DOUBLED = double(3)


def test_double():
    assert DOUBLED == 6


def test_is_adult():
    assert is_adult(18)
    assert not is_adult(17)


def test_count_down():
    assert count_down(3) == 0


def test_is_child_misses_the_boundary():
    assert is_child(3)
    assert not is_child(50)
"""

RUN = """
import sys
from pathlib import Path
from tests.mutants.__main__ import find_all, format_report, judge_all, main
from tests.mutants.project import Project

sys.path.insert(0, ".")
project = Project(
    Path.cwd(), ("planted.py",), ("checks",), ("planted.py",), preloaded_modules=(), warm=lambda: None,
    test_seconds=0.3, import_seconds=1.0
)
if sys.argv[1:]:
    sys.exit(main(sys.argv[1:], project))
print(format_report(judge_all(project, find_all(project), False, 2), 0))
"""


@pytest.fixture(scope="module")
def project_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    (folder / "planted.py").write_text(SOURCE)
    (folder / "checks").mkdir()
    (folder / "checks" / "test_planted.py").write_text(CHECKS)
    return folder


def run_tool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the tool with these arguments, or on every mutation if there are none."""
    command = [sys.executable, "-c", RUN, *arguments]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def full_run(project_folder: Path) -> subprocess.CompletedProcess[str]:
    return run_tool(project_folder)


@pytest.fixture(scope="module")
def report(full_run: subprocess.CompletedProcess[str]) -> list[str]:
    return full_run.stdout.splitlines()


@pytest.mark.slow
def test_survivors_are_reported_with_their_place_and_change(report: list[str]) -> None:
    assert "SURVIVED 4 tests: planted.py:13 is_child: age < 13 → age <= 13" in report
    assert "SURVIVED 4 tests: planted.py:13 is_child: 13 → 14" in report
    assert not [line for line in report if "is_adult" in line or "count_down" in line]


def test_a_line_that_no_test_executes_is_a_survivor(report: list[str]) -> None:
    assert "SURVIVED, no test executes it: planted.py:17 never_called: return 1 → return None" in report


@pytest.mark.slow
def test_a_killed_mutation_is_reported_with_the_test_that_failed(full_run: subprocess.CompletedProcess[str]) -> None:
    assert "killed by checks/test_planted.py::test_is_adult: planted.py:3 is_adult: age >= 18 → age > 18" in full_run.stderr


@pytest.mark.slow
def test_an_endless_loop_is_killed(full_run: subprocess.CompletedProcess[str]) -> None:
    lines = [line for line in full_run.stderr.splitlines() if "count_down: number -= 1 → pass" in line]
    assert len(lines) == 1
    assert "killed by" in lines[0]


@pytest.mark.slow
def test_an_endless_loop_in_an_import_is_killed(full_run: subprocess.CompletedProcess[str]) -> None:
    """Test files may call the mutated code at module level, before any test starts."""
    lines = [line for line in full_run.stderr.splitlines() if "double: result += 1 → pass" in line]
    assert len(lines) == 1
    assert "killed by" in lines[0]


@pytest.mark.slow
@pytest.mark.slow
def test_the_same_seed_gives_the_same_report_and_another_seed_another(project_folder: Path) -> None:
    first, again, other = (run_tool(project_folder, "3", "--seed", seed).stdout for seed in ("3", "3", "5"))
    assert first == again != other


def test_the_sources_do_not_change(project_folder: Path, report: list[str]) -> None:
    assert report
    assert (project_folder / "planted.py").read_text() == SOURCE


def test_the_score_counts_killed_mutations() -> None:
    mutation = find_mutations("a.py", "a < b")[0]
    verdicts = [Verdict(mutation, "test_a", 3, 3), Verdict(mutation, None, 2, 2)]
    assert format_report(verdicts, 7).endswith("Seed 7: 1 of 2 mutations killed, 1 survived.")


def test_a_sample_takes_each_line_once() -> None:
    mutations = find_mutations("a.py", "\n".join(["f(a < 1 or b < 2)"] * 9))
    sample = sample_mutations(mutations, 5, 1)
    assert len({mutation.line for mutation in sample}) == 5
    assert sample == sample_mutations(mutations, 5, 1) != sample_mutations(mutations, 5, 2)
    assert len(sample_mutations(mutations, 100, 1)) == 9


def test_every_equivalent_mutation_still_exists() -> None:
    """An entry whose source has changed no longer matches, and must be reviewed."""
    entries = load_equivalent()
    mutations: set[Mutation] = set()
    for path in {path for path, *_ in entries}:
        mutations |= set(find_mutations(path, (ROOT / path).read_text()))
    assert entries <= {(each.path, each.function, each.before, each.after) for each in mutations}


@pytest.mark.parametrize(
    "arguments",
    [["3", "nope.py"], ["3", "--seed", "5", "nope.py"], ["3", "directory/curation/verification.py", "--tests", "tests/nope.py"]],
    ids=len,
)
def test_a_missing_path_is_refused_with_a_message(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "nope.py is not a Python file or a folder with Python files." in capsys.readouterr().err


def test_released_migrations_are_not_mutated() -> None:
    assert find_files(ROOT, EXCLUDED[0])
    sources = find_project(ROOT, ["directory/store/database"], []).sources
    assert "directory/store/database/migrate.py" in sources
    assert not [path for path in sources if path.startswith(EXCLUDED[0])]
