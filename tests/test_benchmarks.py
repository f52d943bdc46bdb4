"""The benchmarks run, measure the questions they claim to measure, and report targets. Speed is not tested."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks import targets
from benchmarks.__main__ import PARTS as RUN_PARTS
from benchmarks.__main__ import main
from benchmarks.documents import DOCUMENTS, rename_keys
from benchmarks.edits.edit_latency import EditMeasurements, EditTiming, build_tables
from benchmarks.edits.stopwatch import PARTS
from benchmarks.fictional_networks import NOW, build_snapshot
from benchmarks.question_kinds import HTTP_KINDS, MAIN_KINDS, TEXT_KINDS, QuestionKind, draw_variables
from benchmarks.report import RESULTS, SECTION_TEXTS
from benchmarks.tables import compare_with_target, format_milliseconds
from benchmarks.variables import Variables
from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.execute import answer_document

ROOT = Path(__file__).parent.parent
SIZE = 60
MANY = 1_000
KINDS = (*MAIN_KINDS, *TEXT_KINDS, *HTTP_KINDS)


@pytest.mark.slow
def test_a_small_run_prints_every_question_and_writes_nothing() -> None:
    before = RESULTS.read_bytes() if RESULTS.exists() else None
    command = [sys.executable, "-m", "benchmarks", "in-process", "--sizes", str(SIZE), "--rounds", "3", "--dry-run"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert all(kind.title in result.stdout for kind in (*MAIN_KINDS, *TEXT_KINDS))
    assert str(ROOT) not in result.stdout
    assert (RESULTS.read_bytes() if RESULTS.exists() else None) == before


@pytest.mark.slow
def test_edits_are_found_and_their_statements_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "--sizes", str(SIZE), "--rounds", "4", "--dry-run"]) == 0
    output = capsys.readouterr().out
    for kind in ("a summary", "a name", "a place", "a new record"):
        assert re.search(rf"\| {kind} \| [1-9]\d* \| [1-9]\d* \| ≤ 20 \|", output), output


@pytest.mark.parametrize(("most", "verdict"), [(20, "met"), (21, "**missed**")])
def test_the_edit_with_the_most_statements_decides(most: int, verdict: str) -> None:
    parts = dict.fromkeys(PARTS, 0.0)
    edits = [EditTiming("a name", 0.0, 0.0, parts, count) for count in (1, 1, most)]
    table = next(table for table in build_tables([EditMeasurements(9, edits, [0.0])]) if "SQL" in table.title)
    assert {row[-1] for row in table.rows} == {verdict}


@pytest.mark.parametrize("wrong", [["faster"], ["--sizes", "0"], ["--sizes", "-1"], ["--rounds", "many"]])
def test_a_wrong_argument_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(wrong)
    assert refusal.value.code == 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.has_variables], ids=lambda kind: kind.key)
def test_every_request_has_its_own_variables_and_every_run_the_same(kind: QuestionKind) -> None:
    drawn_variables = draw_variables(kind, 40, SIZE)
    assert len({repr(variables) for variables in drawn_variables}) == 40
    assert drawn_variables == draw_variables(kind, 40, SIZE)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.empty], ids=lambda kind: kind.key)
def test_the_empty_variables_read_no_record(kind: QuestionKind, network: Snapshot) -> None:
    answer = json_of(kind.document, kind.empty, network)
    assert "data" in answer or "errors" in answer
    assert not re.search("fictional-", str(answer)), answer


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.vary], ids=lambda kind: kind.key)
def test_varied_variables_read_the_same_records(kind: QuestionKind) -> None:
    """The bytes of all records in the answers are then cached. The network is large enough for full pages."""
    assert kind.vary
    network = build_snapshot(MANY)
    for variables in draw_variables(kind, 100, MANY):
        first, second = (str(json_of(kind.document, each, network)) for each in (kind.vary(variables), variables))
        slugs = [set(re.findall(r"fictional-[\w-]+", answer)) for answer in (first, second)]
        assert slugs[0] >= slugs[1]
        assert variables["slug"] in slugs[1] if kind.key == "Q1" else kind.vary(variables) != variables


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.empty], ids=lambda kind: kind.key)
def test_renamed_keys_change_nothing_else(kind: QuestionKind, network: Snapshot) -> None:
    (variables,) = draw_variables(kind, 1, SIZE)
    documents = (kind.document, rename_keys(kind.document, 7))
    answers = [msgspec.json.encode(json_of(document, variables, network)["data"]).decode() for document in documents]
    keys_of_values = re.findall(r'"(\w+)":(?!{|\[|null)', answers[1])
    assert keys_of_values
    assert all(key.endswith("7") for key in keys_of_values)
    assert answers[1].replace('7":', '":') == answers[0]


def json_of(document: str, variables: Variables, network: Snapshot) -> dict[str, Any]:
    """Return the answer as a client reads it."""
    body = answer_document(document, variables, None, Context(network, NOW)).body
    answer: dict[str, Any] = msgspec.json.decode(body if isinstance(body, bytes) else msgspec.json.encode(body, enc_hook=str))
    return answer


@pytest.fixture(scope="module")
def network() -> Snapshot:
    return build_snapshot(SIZE)


def test_every_text_question_has_matches(network: Snapshot) -> None:
    for kind in (*MAIN_KINDS[2:3], *TEXT_KINDS[:2]):
        assert all(network.find(kind.question(variables)).total for variables in draw_variables(kind, 10, SIZE))


def test_every_kind_has_a_document_and_a_target() -> None:
    assert {kind.key for kind in KINDS} == DOCUMENTS.keys()
    assert {kind.key for kind in (*MAIN_KINDS, *HTTP_KINDS)} == targets.CEILING_MULTIPLES.keys()
    assert targets.IN_PROCESS_SECONDS.keys() <= {kind.key for kind in (*MAIN_KINDS, *TEXT_KINDS)}


def test_every_part_of_a_full_run_is_explained() -> None:
    assert RUN_PARTS.keys() == SECTION_TEXTS.keys()


def test_the_target_above_a_thousand_records_is_that_of_large_directories() -> None:
    multiples = targets.CEILING_MULTIPLES["Q3"]
    assert [multiples.at(size) for size in (60, 1_000, 1_001, 100_000)] == [5.0, 5.0, 12.0, 12.0]


def test_a_measurement_equal_to_its_target_meets_it() -> None:
    assert compare_with_target(0.1, 0.1, format_milliseconds) == ("≤ 100 ms", "met")
    assert compare_with_target(0.2, 0.1, format_milliseconds) == ("≤ 100 ms", "**missed**")
    assert compare_with_target(0.2, 0.1, format_milliseconds, at_least=True) == ("≥ 100 ms", "met")
    assert compare_with_target(0.2, None, format_milliseconds) == ("", "")
