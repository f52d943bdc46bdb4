"""The command `export`, run as a person runs it."""

import io
import json
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.command_group import DirectoryGroup
from cli.export import COMMANDS, _open_output
from cli.fictional.organizations import seed_fictional_network
from directory.errors import BadInput
from directory.records import Audience
from directory.store.store import Store
from seed.export.formats import EXPORT_FORMATS
from tests.builders import NOW

Run = Callable[..., Result]
COUNT = 200


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path) -> Run:
    with closing(Store.open(sqlite_url)) as store:
        store.migrate()
        seed_fictional_network(store, COUNT, seed=1, now=NOW)
    group = DirectoryGroup(name="directory", commands=COMMANDS)

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(group, ["export", *map(str, arguments)], env={"DIRECTORY_DATABASE_URL": sqlite_url})

    return run


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_everything_goes_to_standard_output_as_csv(run: Run) -> None:
    done = run()
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(b"\xef\xbb\xbfname,")
    assert "nothing in it is real" in done.stderr
    assert "Written: " in done.stderr


def test_the_audience_decides_what_is_written(run: Run) -> None:
    counts = [len(lines(run("--format", "ndjson", "--audience", audience.lower()))) for audience in Audience]
    assert counts[0] < counts[1] < counts[2] == COUNT
    assert len(lines(run("--format", "ndjson"))) == counts[0]


def test_words_are_a_question_and_all_of_its_answer_is_written(run: Run) -> None:
    done = run("housing", "--format", "ndjson")
    assert "Understood as: " in done.stderr
    members = lines(done)
    assert {one["membership"]["status"] for one in members} == {"ACTIVE"}  # type: ignore[index]
    assert len(members) > 1
    assert len(lines(run("housing", "--format", "ndjson", "--all-statuses"))) >= len(members)
    assert len(lines(run("fictional", "--format", "ndjson"))) > 20  # more than a page


def test_nothing_found_is_an_empty_file_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    done = run("xyzzy", "--output", tmp_path / "none.ndjson")
    assert done.exit_code == 1
    assert "Written: 0 organizations." in done.stderr
    assert (tmp_path / "none.ndjson").read_bytes() == b""


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_the_ending_of_the_file_tells_the_format(run: Run, tmp_path: Path, name: str) -> None:
    ending = EXPORT_FORMATS[name].extension
    first = next(one for one in EXPORT_FORMATS.values() if one.extension == ending)
    assert run("--output", tmp_path / f"a{ending.upper()}").exit_code == 0
    assert run("--output", tmp_path / "b", "--format", first.name).exit_code == 0
    if first.name == "csv":
        assert (tmp_path / f"a{ending.upper()}").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_is_not_public_is_its_owners_alone_and_says_so(run: Run, tmp_path: Path) -> None:
    for audience in ("public", "members", "staff"):
        done = run("--output", tmp_path / f"{audience}.csv", "--audience", audience)
        assert ("the public is not told" in done.stderr) == (audience != "public")
    modes = [stat.S_IMODE((tmp_path / f"{audience}.csv").stat().st_mode) for audience in ("public", "members", "staff")]
    assert modes[0] & stat.S_IRUSR
    assert modes[1:] == [0o600, 0o600]


def test_a_file_that_others_may_read_is_closed_when_it_is_written_again(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    path.chmod(0o644)
    assert run("--output", path, "--audience", "staff").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_keeps_its_content_where_writing_fails(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    assert run("--output", path, "--base-url", "ftp://example.org").exit_code == 2
    with pytest.raises(ZeroDivisionError), _open_output(path, Audience.PUBLIC) as out:
        out.write(bytes([1 // 0]))
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir() if one.suffix in (".csv", ".part")] == ["a.csv"]


def test_a_place_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    for output in (tmp_path / "gone" / "a.csv", tmp_path / "a.docx", tmp_path):
        done = run("--output", output)
        assert done.exit_code == 2
        assert "Error: " in done.stderr


def test_a_pipe_is_written_to_and_stays_one(run: Run) -> None:
    assert run("--output", "/dev/null", "--format", "csv").exit_code == 0
    assert not Path("/dev/null").is_file()


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_not_filled_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal(io.BytesIO())
    monkeypatch.setattr("sys.stdout", terminal)
    with pytest.raises(BadInput, match="--output"), _open_output(None, Audience.PUBLIC):
        pass
    with _open_output(Path("-"), Audience.PUBLIC) as out:
        assert out is terminal.buffer


@pytest.mark.parametrize("arguments", [("--format", "docx"), ("--audience", "everybody"), ("--nope",), ("--output",)])
def test_a_wrong_argument_gets_a_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert len(done.stderr) > 20


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    group = DirectoryGroup(name="directory", commands=COMMANDS)
    done = CliRunner().invoke(group, ["export", "--database-url", f"sqlite:///{tmp_path / 'none.sqlite3'}"])
    assert done.exit_code == 3
    assert not (tmp_path / "none.sqlite3").exists()
    assert done.stdout == ""
