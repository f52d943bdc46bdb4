"""The command `export`."""

import io
import json
import stat
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from click.testing import Result

from cli.fictional.organizations import seed_fictional_network
from cli.output_file import open_output
from directory.errors import BadInput
from directory.export.formats import EXPORT_FORMATS
from directory.live import Directory
from directory.records import Audience
from directory.store.store import Store
from tests.builders import NOW
from tests.cli.command_runner import Run, make_runner

COUNT = 200


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path) -> Run:
    with closing(Store.open(sqlite_url)) as store:
        store.migrate()
        seed_fictional_network(Directory(store), COUNT, seed=1, now=NOW)
    return partial(make_runner(sqlite_url), "export")


def parse_ndjson(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_everything_goes_to_standard_output_as_csv(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbfname,")
    assert "nothing in it is real" in result.stderr
    assert "Written: " in result.stderr


def test_the_audience_decides_what_is_written(run: Run) -> None:
    counts = [len(parse_ndjson(run("--format", "ndjson", "--audience", audience.lower()))) for audience in Audience]
    assert counts[0] < counts[1] < counts[2] == COUNT
    assert len(parse_ndjson(run("--format", "ndjson"))) == counts[0]


def test_words_select_all_their_hits(run: Run) -> None:
    result = run("housing", "--format", "ndjson")
    assert "Understood as: " in result.stderr
    members = parse_ndjson(result)
    assert {item["membership"]["status"] for item in members} == {"ACTIVE"}  # type: ignore[index]
    assert len(members) > 1
    assert len(parse_ndjson(run("housing", "--format", "ndjson", "--all-statuses"))) >= len(members)
    assert len(parse_ndjson(run("fictional", "--format", "ndjson"))) > 20  # more than a page


@pytest.mark.parametrize("words", [["list.ndjson"], ["housing", "list.CSV"], ["--kind", "events", "events.csv"]])
def test_the_name_of_a_file_is_not_searched_for(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert f"add --output {words[-1]}" in result.stderr


def test_finding_nothing_writes_an_empty_file_and_exits_with_1(run: Run, tmp_path: Path) -> None:
    result = run("xyzzy", "--output", tmp_path / "none.ndjson")
    assert result.exit_code == 1
    assert "Written: 0 organizations." in result.stderr
    assert (tmp_path / "none.ndjson").read_bytes() == b""


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_the_extension_of_the_file_sets_the_format(run: Run, tmp_path: Path, name: str) -> None:
    extension = EXPORT_FORMATS[name].extension
    first = next(item for item in EXPORT_FORMATS.values() if item.extension == extension)
    assert run("--output", tmp_path / f"a{extension.upper()}").exit_code == 0
    assert run("--output", tmp_path / "b", "--format", first.name).exit_code == 0
    if first.name == "csv":
        assert (tmp_path / f"a{extension.upper()}").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_private_export_is_announced_and_only_its_owner_can_read_it(run: Run, tmp_path: Path) -> None:
    for audience in ("public", "members", "staff"):
        result = run("--output", tmp_path / f"{audience}.csv", "--audience", audience)
        assert ("data that is not public" in result.stderr) == (audience != "public")
    modes = [stat.S_IMODE((tmp_path / f"{audience}.csv").stat().st_mode) for audience in ("public", "members", "staff")]
    assert modes[0] & stat.S_IRUSR
    assert modes[1:] == [0o600, 0o600]


def test_overwriting_a_file_that_others_can_read_restricts_its_mode(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o644)
    assert run("--output", path, "--audience", "staff").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_keeps_its_content_if_writing_fails(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    assert run("--output", path, "--base-url", "ftp://example.org").exit_code == 2
    with pytest.raises(ZeroDivisionError), open_output(path, Audience.PUBLIC) as out:
        out.write(bytes([1 // 0]))
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir() if item.suffix in (".csv", ".part")] == ["a.csv"]


def test_an_impossible_output_is_refused(run: Run, tmp_path: Path) -> None:
    for output in (tmp_path / "gone" / "a.csv", tmp_path / "a.docx", tmp_path):
        result = run("--output", output)
        assert result.exit_code == 2
        assert "Error: " in result.stderr


def test_a_device_is_written_to_and_not_replaced(run: Run) -> None:
    assert run("--output", "/dev/null", "--format", "csv").exit_code == 0
    assert not Path("/dev/null").is_file()


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_written_to_only_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(io.BytesIO())
    monkeypatch.setattr("sys.stdout", terminal)
    with pytest.raises(BadInput, match="--output"), open_output(None, Audience.PUBLIC):
        pass
    with open_output(Path("-"), Audience.PUBLIC) as out:
        assert out is terminal.buffer


@pytest.mark.parametrize("arguments", [("--format", "docx"), ("--audience", "everybody"), ("--nope",), ("--output",)])
def test_wrong_arguments_are_refused(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert len(result.stderr) > 20


def test_a_missing_database_is_refused(tmp_path: Path) -> None:
    result = make_runner(f"sqlite:///{tmp_path / 'none.sqlite3'}")("export")
    assert result.exit_code == 3
    assert not (tmp_path / "none.sqlite3").exists()
    assert result.stdout == ""
