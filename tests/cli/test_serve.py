"""`directory schema --compare` lists the changes since a release and tells whether they break clients."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from schema.schema import print_sdl


def compare_with(folder: Path, released: bytes) -> Result:
    file = folder / "released.graphql"
    file.write_bytes(released)
    return CliRunner().invoke(main, ["schema", "--compare", str(file)])


def test_the_same_schema_has_no_changes(tmp_path: Path) -> None:
    result = compare_with(tmp_path, print_sdl().encode())
    assert result.exit_code == 0
    assert result.output == "No breaking changes: every valid document is still valid.\n"


def test_a_breaking_change_exits_with_1(tmp_path: Path) -> None:
    result = compare_with(tmp_path, print_sdl().replace("type Query {", "type Query {\n  motto: String").encode())
    assert result.exit_code == 1
    assert result.output == "Breaking: Field Query.motto was removed.\n"


def test_a_dangerous_change_is_listed_and_exits_with_0(tmp_path: Path) -> None:
    result = compare_with(tmp_path, print_sdl().replace("limit: Int = 500", "limit: Int = 400").encode())
    assert result.exit_code == 0
    assert result.output.startswith("Dangerous: OrganizationConnection.map(limit:)")


@pytest.mark.parametrize("released", [b"", b"\xff\xfe", b"{ network { name } }"])
def test_a_file_without_a_schema_exits_with_2(tmp_path: Path, released: bytes) -> None:
    result = compare_with(tmp_path, released)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.output


def test_a_missing_file_exits_with_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["schema", "--compare", str(tmp_path / "nothing")])
    assert result.exit_code == 2
    assert "nothing" in result.stderr
