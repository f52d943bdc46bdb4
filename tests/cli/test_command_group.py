"""Errors become one sentence on stderr and an exit code."""

import click
import pytest
from click.testing import CliRunner

from cli.terminal import DirectoryGroup
from directory.errors import BadInput, Busy, UnknownPlace


@pytest.mark.parametrize(("refusal", "code"), [(BadInput("Do this."), 2), (UnknownPlace("Do this."), 2), (Busy("Do this."), 3)])
def test_an_error_is_printed_as_its_sentence(refusal: Exception, code: int) -> None:
    @click.command()
    def failing() -> None:
        raise refusal

    result = CliRunner().invoke(DirectoryGroup(commands=[failing]), ["failing"])
    assert (result.exit_code, result.stderr) == (code, "Error: Do this.\n")
