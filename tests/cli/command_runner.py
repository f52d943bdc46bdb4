"""Run the `directory` command in tests."""

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from cli.main import main

Run = Callable[..., Result]


def make_runner(url: str) -> Run:
    """Return a function that runs a command on the database at `url`, in a terminal of 200 columns."""

    def run(*arguments: str | Path, answer: str | None = None, database: str = url, columns: int = 200) -> Result:
        environment = {"DIRECTORY_DATABASE_URL": database, "COLUMNS": str(columns)}
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=answer, env=environment)

    return run
