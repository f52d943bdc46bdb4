"""python -m benchmarks: measures, prints, and after a whole run writes RESULTS.md."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import (
    abuse_report,
    cost_fuzzer,
    edit_latency,
    fictional_lists,
    field_costs,
    in_process,
    matching_speed,
    memory,
    over_http,
    seeding,
)
from benchmarks.fictional_networks import find_or_create_database
from benchmarks.report import RESULTS, format_opening, format_section, format_summary
from benchmarks.tables import Table
from directory.errors import BadInput

SIZES = (1_000, 100_000)
ROUNDS = 200
QUICK_SIZES = (1_000,)
QUICK_ROUNDS = 50
FUZZ_SIZE = 2_000  # records: few, so that what does not depend on their number shows
FUZZ_SECONDS = 60


def _run_in_process(asked: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    return in_process.build_tables([timed for size in asked.sizes for timed in in_process.measure(size, asked.rounds)])


def _run_http(asked: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    networks = (find_or_create_database(size, databases) for size in asked.sizes)
    return over_http.build_tables([one for network in networks for one in over_http.measure(network, asked.rounds, folder)])


def _run_start(asked: argparse.Namespace, databases: Path, _folder: Path) -> list[Table]:
    return memory.build_tables([memory.measure_start(find_or_create_database(size, databases)) for size in asked.sizes])


def _run_edit(asked: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    return edit_latency.build_tables(
        [edit_latency.measure_edits(find_or_create_database(size, databases), asked.rounds, folder) for size in asked.sizes]
    )


def _run_matching(asked: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    if asked.labelled:
        return matching_speed.measure_file(asked.labelled)
    return [
        *matching_speed.measure_own_pairs(),
        *matching_speed.build_speed_table([matching_speed.measure_speed(size) for size in asked.sizes]),
    ]


def _run_seeding(asked: argparse.Namespace, _databases: Path, folder: Path) -> list[Table]:
    if asked.file:
        return seeding.build_tables([seeding.measure_file(asked.file, folder)])
    return seeding.build_tables([seeding.measure_kind(kind, max(asked.sizes), folder) for kind in fictional_lists.LIST_KINDS])


PARTS: dict[str, Callable[[argparse.Namespace, Path, Path], list[Table]]] = {
    "in-process": _run_in_process,
    "start": _run_start,  # before the others that need a database, so that it tells how long making one took
    "http": _run_http,
    "edit": _run_edit,
    "matching": _run_matching,
    "seeding": _run_seeding,
}


def _run_costs(asked: argparse.Namespace, _databases: Path) -> str:
    size = asked.sizes[0]
    return "\n".join(table.to_markdown() for table in field_costs.build_tables(size, field_costs.measure_costs(size)))


def _run_abuse(asked: argparse.Namespace, databases: Path) -> str:
    network = find_or_create_database(asked.sizes[0], databases)
    told = abuse_report.format_report(network, abuse_report.measure_attacks(network))
    if not asked.dry_run:
        abuse_report.REPORT.write_text(told)
    return told


def _run_cost_fuzzer(asked: argparse.Namespace, databases: Path) -> str:
    network = find_or_create_database(FUZZ_SIZE, databases)
    measured = cost_fuzzer.fuzz(network, asked.seconds, asked.seed)
    if asked.add_cases:
        cost_fuzzer.save_cases(cost_fuzzer.find_worst(measured))
    return "\n".join(table.to_markdown() for table in cost_fuzzer.build_tables(measured, network.size))


SEPARATE_PARTS: dict[str, Callable[[argparse.Namespace, Path], str]] = {
    "costs": _run_costs,
    "abuse": _run_abuse,
    "fuzz-costs": _run_cost_fuzzer,
}  # no parts of a whole run


def main(arguments: Sequence[str]) -> int:
    parser = _build_parser()
    asked = _apply_defaults(parser.parse_args(arguments))
    if asked.labelled and asked.part != "matching":
        parser.error("--labelled goes with matching")
    if asked.file and asked.part != "seeding":
        parser.error("--file goes with seeding")
    try:
        return _run_parts(asked, arguments)
    except BadInput as refusal:
        print(refusal.user_message, file=sys.stderr)
        return 2


def _run_parts(asked: argparse.Namespace, arguments: Sequence[str]) -> int:
    if asked.part in SEPARATE_PARTS:
        with tempfile.TemporaryDirectory() as temporary:
            databases = asked.keep or Path(temporary)
            databases.mkdir(parents=True, exist_ok=True)
            print(SEPARATE_PARTS[asked.part](asked, databases))
        return 0
    opening = format_opening(_hide_paths(arguments))
    print(opening, flush=True)
    parts: dict[str, list[Table]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        databases = asked.keep or folder
        databases.mkdir(parents=True, exist_ok=True)
        for part in PARTS if asked.part is None else [asked.part]:
            parts[part] = PARTS[part](asked, databases, folder)
            print(format_section(part, parts[part]), flush=True)
    print(format_summary(parts))
    if asked.part is None and not asked.quick and not asked.dry_run:
        RESULTS.write_text("\n".join((opening, format_summary(parts), *(format_section(*part) for part in parts.items()))))
    return 0


def _hide_paths(arguments: Sequence[str]) -> list[str]:
    """The arguments without the places on this machine that they name."""
    places = {"--keep": "DIR", "--labelled": "FILE", "--file": "FILE"}
    return [places.get(before, argument) for before, argument in zip(("", *arguments), arguments, strict=False)]


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures speed, memory and growth on fictional networks.")
    parser.add_argument(
        "part", nargs="?", choices=[*PARTS, *SEPARATE_PARTS], help="one part alone; all but the last three write RESULTS.md"
    )
    parser.add_argument(
        "--sizes", nargs="+", type=_parse_count, default=None, metavar="N", help="numbers of records (1000 100000)"
    )
    parser.add_argument(
        "--rounds", type=_parse_count, default=None, metavar="N", help=f"different questions of each kind ({ROUNDS})"
    )
    parser.add_argument("--quick", action="store_true", help="1,000 records and fewer questions; writes nothing")
    parser.add_argument("--dry-run", action="store_true", help="print, and write nothing")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the databases there, and use those that are there")
    parser.add_argument("--labelled", type=Path, metavar="FILE", help="with matching: this CSV file's pairs instead of ours")
    parser.add_argument("--file", type=Path, metavar="FILE", help="with seeding: this list instead of ours")
    parser.add_argument(
        "--seconds", type=_parse_count, default=FUZZ_SECONDS, metavar="N", help=f"with fuzz-costs: how long ({FUZZ_SECONDS})"
    )
    parser.add_argument("--seed", type=_parse_count, default=1, metavar="N", help="with fuzz-costs: which requests (1)")
    parser.add_argument("--add-cases", action="store_true", help="with fuzz-costs: add the worst ten to costly_requests.json")
    return parser


def _apply_defaults(asked: argparse.Namespace) -> argparse.Namespace:
    asked.sizes = asked.sizes or (QUICK_SIZES if asked.quick else SIZES)
    asked.rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    return asked


def _parse_count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
