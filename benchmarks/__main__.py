"""python -m benchmarks: measures, prints, and after a whole run writes RESULTS.md."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import abuse, cost_fuzzer, costs, edits, in_process, lists, matching, memory, over_http, seeding
from benchmarks.networks import seeded
from benchmarks.report import RESULTS, head, section, verdict
from benchmarks.tables import Table
from directory.errors import BadInput

SIZES = (1_000, 100_000)
ROUNDS = 200
QUICK = (1_000,)
QUICK_ROUNDS = 50
FUZZED = 2_000  # records: few, so that what does not depend on their number shows
FUZZ_SECONDS = 60


def _in_process(asked: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    return in_process.tables([timed for size in asked.sizes for timed in in_process.measure(size, asked.rounds)])


def _http(asked: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    networks = (seeded(size, databases) for size in asked.sizes)
    return over_http.tables([one for network in networks for one in over_http.measure(network, asked.rounds, folder)])


def _start(asked: argparse.Namespace, databases: Path, _folder: Path) -> list[Table]:
    return memory.tables([memory.measure(seeded(size, databases)) for size in asked.sizes])


def _edit(asked: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    return edits.tables([edits.measure(seeded(size, databases), asked.rounds, folder) for size in asked.sizes])


def _matching(asked: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    if asked.labelled:
        return matching.anybodys(asked.labelled)
    return [*matching.ours(), *matching.speed([matching.measure(size) for size in asked.sizes])]


def _seeding(asked: argparse.Namespace, _databases: Path, folder: Path) -> list[Table]:
    if asked.file:
        return seeding.tables([seeding.anybodys(asked.file, folder)])
    return seeding.tables([seeding.measure(kind, max(asked.sizes), folder) for kind in lists.KINDS])


PARTS: dict[str, Callable[[argparse.Namespace, Path, Path], list[Table]]] = {
    "in-process": _in_process,
    "start": _start,  # before the others that need a database, so that it tells how long making one took
    "http": _http,
    "edit": _edit,
    "matching": _matching,
    "seeding": _seeding,
}


def _costs(asked: argparse.Namespace, _databases: Path) -> str:
    size = asked.sizes[0]
    return "\n".join(table.markdown() for table in costs.tables(size, costs.measure(size)))


def _abuse(asked: argparse.Namespace, databases: Path) -> str:
    network = seeded(asked.sizes[0], databases)
    told = abuse.report(network, abuse.measure(network))
    if not asked.dry_run:
        abuse.REPORT.write_text(told)
    return told


def _fuzz_costs(asked: argparse.Namespace, databases: Path) -> str:
    network = seeded(FUZZED, databases)
    measured = cost_fuzzer.fuzz(network, asked.seconds, asked.seed)
    if asked.add_cases:
        cost_fuzzer.save_cases(cost_fuzzer.find_worst(measured))
    return "\n".join(table.markdown() for table in cost_fuzzer.tables(measured, network.size))


APART: dict[str, Callable[[argparse.Namespace, Path], str]] = {
    "costs": _costs,
    "abuse": _abuse,
    "fuzz-costs": _fuzz_costs,
}  # no parts of a whole run


def main(arguments: Sequence[str]) -> int:
    parser = _parser()
    asked = _defaults(parser.parse_args(arguments))
    if asked.labelled and asked.part != "matching":
        parser.error("--labelled goes with matching")
    if asked.file and asked.part != "seeding":
        parser.error("--file goes with seeding")
    try:
        return _run(asked, arguments)
    except BadInput as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 2


def _run(asked: argparse.Namespace, arguments: Sequence[str]) -> int:
    if asked.part in APART:
        with tempfile.TemporaryDirectory() as temporary:
            databases = asked.keep or Path(temporary)
            databases.mkdir(parents=True, exist_ok=True)
            print(APART[asked.part](asked, databases))
        return 0
    opening = head(_told(arguments))
    print(opening, flush=True)
    parts: dict[str, list[Table]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        databases = asked.keep or folder
        databases.mkdir(parents=True, exist_ok=True)
        for part in PARTS if asked.part is None else [asked.part]:
            parts[part] = PARTS[part](asked, databases, folder)
            print(section(part, parts[part]), flush=True)
    print(verdict(parts))
    if asked.part is None and not asked.quick and not asked.dry_run:
        RESULTS.write_text("\n".join((opening, verdict(parts), *(section(*part) for part in parts.items()))))
    return 0


def _told(arguments: Sequence[str]) -> list[str]:
    """The arguments without the places on this machine that they name."""
    places = {"--keep": "DIR", "--labelled": "FILE", "--file": "FILE"}
    return [places.get(before, argument) for before, argument in zip(("", *arguments), arguments, strict=False)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures speed, memory and growth on fictional networks.")
    parser.add_argument(
        "part", nargs="?", choices=[*PARTS, *APART], help="one part alone; all but the last three write RESULTS.md"
    )
    parser.add_argument("--sizes", nargs="+", type=_size, default=None, metavar="N", help="numbers of records (1000 100000)")
    parser.add_argument("--rounds", type=_size, default=None, metavar="N", help=f"different questions of each kind ({ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="1,000 records and fewer questions; writes nothing")
    parser.add_argument("--dry-run", action="store_true", help="print, and write nothing")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the databases there, and use those that are there")
    parser.add_argument("--labelled", type=Path, metavar="FILE", help="with matching: this CSV file's pairs instead of ours")
    parser.add_argument("--file", type=Path, metavar="FILE", help="with seeding: this list instead of ours")
    parser.add_argument(
        "--seconds", type=_size, default=FUZZ_SECONDS, metavar="N", help=f"with fuzz-costs: how long ({FUZZ_SECONDS})"
    )
    parser.add_argument("--seed", type=_size, default=1, metavar="N", help="with fuzz-costs: which requests (1)")
    parser.add_argument("--add-cases", action="store_true", help="with fuzz-costs: add the worst ten to costly_requests.json")
    return parser


def _defaults(asked: argparse.Namespace) -> argparse.Namespace:
    asked.sizes = asked.sizes or (QUICK if asked.quick else SIZES)
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    return asked


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
