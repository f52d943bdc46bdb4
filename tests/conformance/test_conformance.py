"""The compiled engine gives the answers of the conformance cases, and `./dev conformance` notices one that differs."""

from pathlib import Path

import msgspec
import pytest

from tests.conformance.__main__ import main

OWN_CASES = Path(__file__).with_name("own_cases.jsonl")
ROOT = Path(__file__).parents[2]
SHARED_CASES = ROOT.parent / "shared" / "data" / "graphql_conformance" / "cases.jsonl"
OWN_COUNT = 19
DECLINED = ("a mutation",)


def run(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    """Return the exit code and the lines that the command prints."""
    code = main([str(file)])
    return code, capsys.readouterr().out.splitlines()


def test_our_own_cases_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(OWN_CASES, capsys)
    assert (code, lines[0]) == (0, f"{OWN_COUNT} of {OWN_COUNT}"), "\n".join(lines)


def test_our_own_cases_are_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    compiled = OWN_COUNT - len(DECLINED)
    assert run(OWN_CASES, capsys)[1][1:] == [f"compiled {compiled}, executed by graphql-core {len(DECLINED)}"]


@pytest.mark.skipif(not SHARED_CASES.exists(), reason="the cases of other implementations are not on this machine")
def test_the_cases_of_other_implementations_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(SHARED_CASES, capsys)
    assert (code, lines[0]) == (0, "2,091 of 2,091"), "\n".join(lines)


def change_case(tmp_path: Path, before: str, after: str) -> Path:
    """Return our cases with one change in an answer."""
    text = OWN_CASES.read_text()
    assert before in text
    file = tmp_path / "changed.jsonl"
    file.write_text(text.replace(before, after, 1))
    return file


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"count": 2, "price": 3.14', '"count": 2, "price": 3.15'),
        ('"count": 2, "price": 3.14', '"price": 3.14, "count": 2'),
        ('"count": 2, "price": 3.14', '"count": 2.0, "price": 3.14'),
        ("price: Float!", "price: [Float!]"),
    ],
    ids=["value", "order of keys", "kind of number", "schema"],
)
def test_a_different_answer_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str) -> None:
    code, lines = run(change_case(tmp_path, before, after), capsys)
    assert code == 1
    assert lines[0].endswith(f" of {OWN_COUNT}")
    assert not lines[0].startswith(f"{OWN_COUNT} ")
    assert {line.partition(":")[0] for line in lines} >= {"document", "variables", "expected", "answer"}


def test_a_case_that_cannot_be_executed_is_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(change_case(tmp_path, "{ count price", "{ count(price"), capsys)
    assert (code, lines[0]) == (1, f"{OWN_COUNT - 1} of {OWN_COUNT}")
    assert "Syntax Error" in "\n".join(lines)


def test_an_answer_with_errors_is_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = run(change_case(tmp_path, '"variables": {"isbn": "1"}', '"variables": {}'), capsys)
    assert (code, lines[0]) == (1, f"{OWN_COUNT - 1} of {OWN_COUNT}")


def test_a_missing_file_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "nothing.jsonl"
    assert run(file, capsys) == (0, [f"{file} is left out because it does not exist."])


@pytest.mark.parametrize("content", [b"{}\n", b"[", msgspec.json.encode({"schema": "", "cases": [{"query": 1}]})])
def test_a_file_of_another_format_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    file = tmp_path / "other.jsonl"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as exit_:
        main([str(file)])
    assert exit_.value.code == 2
    assert "cannot be read as conformance cases" in capsys.readouterr().err


def test_a_file_without_cases_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert run(empty, capsys) == (1, ["0 of 0", "compiled 0, executed by graphql-core 0"])
