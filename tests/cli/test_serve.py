"""`directory schema --compare`: what changed since a release, and whether it breaks clients."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from schema.schema import print_sdl


def compared(folder: Path, released: bytes) -> Result:
    file = folder / "released.graphql"
    file.write_bytes(released)
    return CliRunner().invoke(main, ["schema", "--compare", str(file)])


def test_the_same_schema_is_no_change(tmp_path: Path) -> None:
    result = compared(tmp_path, print_sdl().encode())
    assert result.exit_code == 0
    assert result.output == "Documents that were right still are.\n"


def test_a_breaking_change_is_told_with_exit_code_1(tmp_path: Path) -> None:
    result = compared(tmp_path, print_sdl().replace("type Query {", "type Query {\n  motto: String").encode())
    assert result.exit_code == 1
    assert result.output == "Breaking: Field Query.motto was removed.\n"


def test_a_dangerous_change_is_told_and_passes(tmp_path: Path) -> None:
    result = compared(tmp_path, print_sdl().replace("limit: Int = 500", "limit: Int = 400").encode())
    assert result.exit_code == 0
    assert result.output.startswith("Dangerous: OrganizationConnection.map(limit:)")


@pytest.mark.parametrize("released", [b"", b"\xff\xfe", b"{ network { name } }"])
def test_a_file_that_holds_no_schema_gets_a_sentence_and_exit_code_2(tmp_path: Path, released: bytes) -> None:
    result = compared(tmp_path, released)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there_gets_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["schema", "--compare", str(tmp_path / "nothing")])
    assert result.exit_code == 2
    assert "nothing" in result.stderr
