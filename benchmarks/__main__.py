"""The command `python -m benchmarks`: measure, print, and write RESULTS.md after a full run."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import in_process, kinds, memory, targets
from benchmarks.abuse import abuse_report
from benchmarks.costs import cost_fuzzer, document_charges, field_costs, plan_costs
from benchmarks.edits import edit_latency
from benchmarks.fictional_networks import build_snapshot, find_or_create_database
from benchmarks.http import http_tables, load, over_http
from benchmarks.lists import fictional_lists, large_directory, seeding
from benchmarks.matching import import_verdicts, matching_speed
from benchmarks.pages import in_browser, page_tables, server_time
from benchmarks.partners import ally_timings, coverage_timings, plan_timings
from benchmarks.peers import peer_timings
from benchmarks.report import RESULTS, format_opening, format_section, format_summary
from benchmarks.tables import Table
from benchmarks.words import word_scores
from directory.errors import BadInput

SIZES = (targets.SMALL, targets.LARGE)
QUICK_SIZES = (targets.SMALL,)
ROUNDS, QUICK_ROUNDS = 200, 50
# With fuzz-costs, few records show costs that do not depend on their number, many show the others.
OWN_SIZES = {"fuzz-costs": (2_000, 50_000), "pages": targets.PAGE_RECORDS}
FUZZ_SECONDS = 60


def _run_in_process(options: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    return in_process.build_tables([timing for size in options.sizes for timing in in_process.measure(size, options.rounds)])


def _run_http(options: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    networks = (find_or_create_database(size, databases) for size in options.sizes)
    return http_tables.build_tables([over_http.measure(network, options.rounds, folder) for network in networks])


def _run_load(options: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    networks = (find_or_create_database(size, databases) for size in options.sizes)
    return load.build_tables([timing for network in networks for timing in load.measure_load(network, folder)])


def _run_plans(_options: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    return plan_costs.build_tables(plan_costs.measure_plans())


def _run_peers(options: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    networks = (find_or_create_database(size, databases) for size in options.sizes)
    return peer_timings.build_tables(
        [timing for network in networks for timing in peer_timings.measure_peers(network, options.rounds, folder)]
    )


def _run_start(options: argparse.Namespace, databases: Path, _folder: Path) -> list[Table]:
    return memory.build_tables([memory.measure_start(find_or_create_database(size, databases)) for size in options.sizes])


def _run_edit(options: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    return edit_latency.build_tables(
        [edit_latency.measure_edits(find_or_create_database(size, databases), options.rounds, folder) for size in options.sizes]
    )


def _run_kinds(options: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    network = find_or_create_database(max(options.sizes), databases)
    return kinds.build_tables(kinds.measure_kinds(network, options.rounds, folder))


def _run_allies(options: argparse.Namespace, databases: Path, _folder: Path) -> list[Table]:
    networks = (find_or_create_database(size, databases) for size in options.sizes)
    return ally_timings.build_tables([timing for network in networks for timing in ally_timings.measure(network, options.rounds)])


def _run_coverage(options: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    return coverage_timings.build_tables([coverage_timings.measure_coverage(size, options.rounds) for size in options.sizes])


def _run_coalition_plans(options: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    return plan_timings.build_tables([plan_timings.measure_plans(size, options.rounds) for size in options.sizes])


def _run_matching(options: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    if options.labelled:
        return matching_speed.measure_file(options.labelled)
    speeds = [matching_speed.measure_speed(size) for size in options.sizes]
    return [*matching_speed.measure_own_pairs(), *matching_speed.build_speed_table(speeds)]


def _run_seeding(options: argparse.Namespace, databases: Path, folder: Path) -> list[Table]:
    if options.file:
        return seeding.build_tables([seeding.measure_file(options.file, folder)])
    lists = [seeding.measure_kind(kind, max(options.sizes), folder) for kind in fictional_lists.LIST_KINDS]
    return [*seeding.build_tables(lists), large_directory.build_table(max(options.sizes), databases, folder)]


def _run_words(_options: argparse.Namespace, _databases: Path, _folder: Path) -> list[Table]:
    snapshot = build_snapshot(word_scores.NETWORK_SIZE)
    paths = [word_scores.QUESTIONS / name for name in word_scores.FILES]
    return word_scores.build_tables([(path.name, word_scores.measure_file(path, snapshot)) for path in paths])


def _run_pages(options: argparse.Namespace, databases: Path, _folder: Path) -> list[Table]:
    sizes = options.sizes if options.part == "pages" else targets.PAGE_RECORDS
    small, large = (find_or_create_database(size, databases) for size in (min(sizes), max(sizes)))
    searches = list(server_time.measure_searches(small, options.rounds))
    return page_tables.build_tables(searches, in_browser.measure_browser(large, options.rounds))


PARTS: dict[str, Callable[[argparse.Namespace, Path, Path], list[Table]]] = {
    "in-process": _run_in_process,
    "words": _run_words,
    "pages": _run_pages,
    "start": _run_start,  # before other parts that need a database, so that it measures creating one
    "http": _run_http,
    "plans": _run_plans,
    "peers": _run_peers,
    "load": _run_load,
    "edit": _run_edit,
    "kinds": _run_kinds,
    "allies": _run_allies,
    "coverage": _run_coverage,
    "coalition-plans": _run_coalition_plans,
    "matching": _run_matching,
    "verdicts": lambda _options, _databases, folder: import_verdicts.measure(folder),
    "seeding": _run_seeding,
}


def _run_costs(options: argparse.Namespace, databases: Path) -> str:
    size = options.sizes[0]
    charges = document_charges.measure_charges(find_or_create_database(size, databases))
    tables = [*field_costs.build_tables(size, field_costs.measure_costs(size)), document_charges.build_table(size, charges)]
    return "\n".join(table.to_markdown() for table in tables)


def _run_abuse(options: argparse.Namespace, databases: Path) -> str:
    network = find_or_create_database(options.sizes[0], databases)
    report = abuse_report.format_report(network, abuse_report.measure_attacks(network))
    if not options.dry_run:
        abuse_report.REPORT.write_text(report)
    return report


def _run_cost_fuzzer(options: argparse.Namespace, databases: Path) -> str:
    tables = list[Table]()
    for size in options.sizes:
        network = find_or_create_database(size, databases)
        measurements = cost_fuzzer.fuzz(network, options.seconds, options.seed)
        if options.add_cases:
            cost_fuzzer.save_cases(cost_fuzzer.find_worst(measurements))
        tables += cost_fuzzer.build_tables(measurements, size)
    return "\n".join(table.to_markdown() for table in tables)


SEPARATE_PARTS: dict[str, Callable[[argparse.Namespace, Path], str]] = {
    "costs": _run_costs,
    "abuse": _run_abuse,
    "fuzz-costs": _run_cost_fuzzer,
}  # not part of a full run


def main(arguments: Sequence[str]) -> int:
    parser = _build_parser()
    options = _apply_defaults(parser.parse_args(arguments))
    if options.labelled and options.part != "matching":
        parser.error("use --labelled only with matching")
    if options.file and options.part != "seeding":
        parser.error("use --file only with seeding")
    try:
        return _run_parts(options, arguments)
    except BadInput as refusal:
        print(refusal.user_message, file=sys.stderr)
        return 2


def _run_parts(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    if options.part in SEPARATE_PARTS:
        with tempfile.TemporaryDirectory() as temporary:
            databases = options.keep or Path(temporary)
            databases.mkdir(parents=True, exist_ok=True)
            print(SEPARATE_PARTS[options.part](options, databases))
        return 0
    opening = format_opening(_hide_paths(arguments))
    print(opening, flush=True)
    parts: dict[str, list[Table]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        databases = options.keep or folder
        databases.mkdir(parents=True, exist_ok=True)
        for part in PARTS if options.part is None else [options.part]:
            parts[part] = PARTS[part](options, databases, folder)
            print(format_section(part, parts[part]), flush=True)
    print(format_summary(parts))
    if options.part is None and not options.quick and not options.dry_run:
        RESULTS.write_text("\n".join((opening, format_summary(parts), *(format_section(*part) for part in parts.items()))))
    return 0


def _hide_paths(arguments: Sequence[str]) -> list[str]:
    """Replace the paths of this machine in the arguments."""
    placeholders = {"--keep": "DIR", "--labelled": "FILE", "--file": "FILE"}
    return [placeholders.get(option, argument) for option, argument in zip(("", *arguments), arguments, strict=False)]


PART_TEXTS = """\
parts of a full run:
  in-process  searches without GraphQL and HTTP
  words       how questions in plain words are understood
  pages       the page of a search: time of the server, bytes, and what a browser makes of it
  start       memory, and the time until a server answers
  http        questions over HTTP, compared with the fastest possible answer
  plans       compiling documents
  peers       the same questions with other GraphQL servers
  load        requests at a fixed rate, and the highest rate
  edit        the time from an edit until a search finds it
  kinds       coalitions, events and recommendations beside organizations
  allies      who would make a good partner, and why
  coverage    who works on what where, and where the gaps are
  coalition-plans
              the smallest coalitions, with the proof that they are
  matching    finding duplicates
  verdicts    how an import decides labelled pairs of a record and a row
  seeding     importing lists

other parts:
  costs       prices of fields and documents, compared with what they use
  abuse       how long harmful requests delay other clients
  fuzz-costs  random requests, compared with what they are charged
"""


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Measure speed, memory and growth on fictional networks.",
        epilog=PART_TEXTS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "part",
        nargs="?",
        choices=[*PARTS, *SEPARATE_PARTS],
        metavar="PART",
        help="run one part only; without it, the parts of a full run are run and RESULTS.md is written",
    )
    parser.add_argument(
        "--sizes",
        nargs="+",
        type=_parse_count,
        default=None,
        metavar="N",
        help="numbers of records (default: 1000 100000; with fuzz-costs: 2000 50000; with pages: 2000 20000)",
    )
    parser.add_argument(
        "--rounds",
        type=_parse_count,
        default=None,
        metavar="N",
        help=f"number of different questions of each kind (default: {ROUNDS})",
    )
    parser.add_argument("--quick", action="store_true", help="use 1,000 records and fewer questions; write no file")
    parser.add_argument("--dry-run", action="store_true", help="print the results but write no file")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the databases in this folder, and reuse those already there"
    )
    parser.add_argument("--labelled", type=Path, metavar="FILE", help="with matching: use the pairs in this CSV file")
    parser.add_argument("--file", type=Path, metavar="FILE", help="with seeding: use this list")
    parser.add_argument(
        "--seconds",
        type=_parse_count,
        default=FUZZ_SECONDS,
        metavar="N",
        help=f"with fuzz-costs: how long to run at each size (default: {FUZZ_SECONDS})",
    )
    parser.add_argument("--seed", type=_parse_count, default=1, metavar="N", help="with fuzz-costs: the random seed (default: 1)")
    parser.add_argument(
        "--add-cases", action="store_true", help="with fuzz-costs: add the ten worst requests to costly_requests.json"
    )
    return parser


def _apply_defaults(options: argparse.Namespace) -> argparse.Namespace:
    default_sizes = OWN_SIZES.get(options.part) or (QUICK_SIZES if options.quick else SIZES)
    options.sizes = options.sizes or default_sizes
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    return options


def _parse_count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
