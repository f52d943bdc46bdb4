"""The whole tool on a small package with mutations that its tests notice and mutations that they do not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.__main__ import format_report, load_equivalent, main, sample_mutations
from tests.mutants.mutation_runner import Verdict
from tests.mutants.mutations import Mutation, find_mutations

ROOT = Path(__file__).parents[2]

PLANTED = """
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
"""

CHECKS = """
from planted import count_down, is_adult, is_child


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
    Path.cwd(), ("planted.py",), ("checks",), ("planted.py",), preloaded=(), warm=lambda: None, test_seconds=0.3
)
if sys.argv[1:]:
    sys.exit(main(sys.argv[1:], project))
print(format_report(judge_all(project, find_all(project), False, 2), 0))
"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    (folder / "planted.py").write_text(PLANTED)
    (folder / "checks").mkdir()
    (folder / "checks" / "test_planted.py").write_text(CHECKS)
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The tool with these arguments; without any, on every mutation that there is."""
    command = [sys.executable, "-c", RUN, *arguments]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)


@pytest.fixture(scope="module")
def everything(planted: Path) -> subprocess.CompletedProcess[str]:
    return run(planted)


@pytest.fixture(scope="module")
def report(everything: subprocess.CompletedProcess[str]) -> list[str]:
    return everything.stdout.splitlines()


def test_survivors_are_named_with_their_place_and_change(report: list[str]) -> None:
    assert "SURVIVED 3 tests: planted.py:13 is_child: age < 13 → age <= 13" in report
    assert "SURVIVED 3 tests: planted.py:13 is_child: 13 → 14" in report
    assert not [line for line in report if "is_adult" in line or "count_down" in line]


def test_a_line_that_no_test_executes_is_a_survivor(report: list[str]) -> None:
    assert "SURVIVED, no test executes it: planted.py:17 never_called: return 1 → return None" in report


def test_what_is_killed_is_told_with_the_test_that_noticed(everything: subprocess.CompletedProcess[str]) -> None:
    assert "killed by checks/test_planted.py::test_is_adult: planted.py:3 is_adult: age >= 18 → age > 18" in everything.stderr


def test_an_endless_loop_is_killed(everything: subprocess.CompletedProcess[str]) -> None:
    told = [line for line in everything.stderr.splitlines() if "count_down: number -= 1 → pass" in line]
    assert len(told) == 1
    assert "killed by" in told[0]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_report_and_another_seed_another(planted: Path) -> None:
    first, again, other = (run(planted, "3", "--seed", seed).stdout for seed in ("3", "3", "5"))
    assert first == again != other


def test_the_sources_stay_as_they_are(planted: Path, report: list[str]) -> None:
    assert report
    assert (planted / "planted.py").read_text() == PLANTED


def test_the_score_counts_what_was_killed() -> None:
    mutation = find_mutations("a.py", "a < b")[0]
    verdicts = [Verdict(mutation, "test_a", 3, 3), Verdict(mutation, None, 2, 2)]
    assert format_report(verdicts, 7).endswith("Seed 7: 1 of 2 mutations killed, 1 survived.")


def test_a_sample_takes_each_line_once() -> None:
    mutations = find_mutations("a.py", "\n".join(["f(a < 1 or b < 2)"] * 9))
    drawn = sample_mutations(mutations, 5, 1)
    assert len({one.line for one in drawn}) == 5
    assert drawn == sample_mutations(mutations, 5, 1) != sample_mutations(mutations, 5, 2)
    assert len(sample_mutations(mutations, 100, 1)) == 9


def test_what_is_listed_as_equivalent_is_still_there() -> None:
    """An entry whose source has changed would hide nothing, and is to be judged anew."""
    listed = load_equivalent()
    found: set[Mutation] = set()
    for path in {path for path, *_ in listed}:
        found |= set(find_mutations(path, (ROOT / path).read_text()))
    assert listed <= {(one.path, one.function, one.before, one.after) for one in found}


@pytest.mark.parametrize(
    "arguments",
    [["3", "nope.py"], ["3", "--seed", "5", "nope.py"], ["3", "directory/curation/verification.py", "--tests", "tests/nope.py"]],
    ids=len,
)
def test_a_path_that_is_not_there_is_refused_with_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "nope.py is no Python file and no folder of Python files." in capsys.readouterr().err
