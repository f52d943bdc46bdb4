"""./dev mutants: change a random sample of places, one at a time, and report the changes that no test notices."""

import argparse
import random
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.coverage_map import CoverageMap, load_map
from tests.mutants.mutation_runner import Verdict, choose_tests, judge_mutations, make_deterministic
from tests.mutants.mutations import Mutation, find_mutations
from tests.mutants.project import TARGETS, TESTS, Project, find_project

SAMPLE = 100
WORKERS = 2
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


def main(arguments: Sequence[str], project: Project | None = None) -> int:
    parser = _build_parser()
    options = parser.parse_intermixed_args(arguments)
    try:
        project = project or find_project(Path.cwd(), options.paths or TARGETS, options.tests or TESTS)
    except FileNotFoundError as error:
        parser.error(str(error))
    mutations = sample_mutations(find_all(project), options.count, options.seed)
    verdicts = judge_all(project, mutations, options.all, options.workers)
    print(format_report(verdicts, options.seed))
    return 0


def judge_all(project: Project, mutations: Sequence[Mutation], with_costly: bool, workers: int) -> list[Verdict]:
    """Measure the coverage of tests where it is unknown, then try each mutation. Reports every verdict at once."""
    project.preload()
    make_deterministic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        coverage_map = load_map(project, project.test_files, with_costly, workers, Path(folder))
        if not with_costly:
            coverage_map |= _load_costly(project, mutations, coverage_map, workers, Path(folder))
        verdicts = []
        for verdict in judge_mutations(project, mutations, coverage_map, workers, Path(folder)):
            verdicts.append(verdict)
            project.report(f"{len(verdicts)} of {len(mutations)}: {describe(verdict)}")
    return verdicts


def find_all(project: Project) -> list[Mutation]:
    """Return every mutation of the project, except those listed as equivalent, which change nothing observable."""
    equivalent = load_equivalent()
    mutations = [each for path in project.sources for each in find_mutations(path, (project.root / path).read_text())]
    return [each for each in mutations if (each.path, each.function, each.before, each.after) not in equivalent]


def load_equivalent() -> set[tuple[str, str, str, str]]:
    """Load the path, function, old and new code of mutations that change nothing observable."""
    entries = tomllib.loads(EQUIVALENT.read_text())["mutation"]
    return {(entry["path"], entry["function"], entry["before"], entry["after"]) for entry in entries}


def sample_mutations(mutations: Sequence[Mutation], count: int, seed: int) -> list[Mutation]:
    """Return one mutation on each of `count` random lines, so that a line with many operators counts once."""
    by_line: dict[tuple[str, int], list[Mutation]] = {}
    for mutation in mutations:
        by_line.setdefault((mutation.path, mutation.line), []).append(mutation)
    source = random.Random(seed)  # noqa: S311 - a sample, no secret
    lines = source.sample(sorted(by_line), min(count, len(by_line)))
    return [source.choice(by_line[line]) for line in lines]


def _load_costly(
    project: Project, mutations: Sequence[Mutation], coverage_map: CoverageMap, workers: int, folder: Path
) -> CoverageMap:
    """Load the coverage of files with costly tests, if some mutation is executed by no other test."""
    if all(choose_tests(mutation, coverage_map).tests for mutation in mutations):
        return {}
    costly = [path for path, tests in coverage_map.items() if tests.has_costly]
    (folder / "costly").mkdir()
    return load_map(project, costly, True, workers, folder / "costly")


def describe(verdict: Verdict) -> str:
    mutation = verdict.mutation
    place = f"{mutation.path}:{mutation.line} {mutation.function}: {mutation.before} → {mutation.after}"
    if verdict.killer:
        return f"killed by {verdict.killer}: {place}"
    return f"SURVIVED {verdict.tests} tests: {place}" if verdict.tests else f"SURVIVED, no test executes it: {place}"


def format_report(verdicts: Sequence[Verdict], seed: int) -> str:
    survivors = [verdict for verdict in verdicts if not verdict.killer]
    survivors.sort(key=lambda verdict: (verdict.mutation.path, verdict.mutation.line))
    score = f"Seed {seed}: {len(verdicts) - len(survivors)} of {len(verdicts)} mutations killed, {len(survivors)} survived."
    return "\n".join([*map(describe, survivors), score])


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev mutants", description=__doc__)
    parser.add_argument(
        "count", nargs="?", type=int, default=SAMPLE, metavar="N", help=f"number of lines to mutate (default: {SAMPLE})"
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help=f"files and folders to mutate (default: {', '.join(TARGETS)})")
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="use only these test files and folders")
    parser.add_argument("--seed", type=int, default=1, help="random seed of the sample (default: 1)")
    parser.add_argument(
        "--all", action="store_true", help="also use tests marked slow or postgres for lines that other tests execute"
    )
    parser.add_argument(
        "--workers", type=int, default=WORKERS, metavar="N", help=f"number of parallel processes (default: {WORKERS})"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
