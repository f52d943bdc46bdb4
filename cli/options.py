"""Options that several commands share."""

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import click

from directory.errors import BadInput
from directory.live import DEFAULT_DATABASE_URL
from directory.records import Audience

F = TypeVar("F", bound=Callable[..., Any])

REASON_LIMIT = 500  # characters
MAX_FICTIONAL_ORGANIZATIONS = 1_000_000


class DayType(click.ParamType[dt.date]):
    """A calendar day, written as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return dt.datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            self.fail(f"{value!r} is not a date. Write it as year-month-day, as in 2027-03-31.", param, ctx)


DAY = DayType()

database_option = click.option(
    "--database-url",
    "database",
    envvar="DIRECTORY_DATABASE_URL",
    show_envvar=True,
    default=DEFAULT_DATABASE_URL,
    show_default=True,
    metavar="URL",
    help="The database: sqlite:///FILE or postgresql://USER@HOST/NAME.",
)

reason_option = click.option(
    "--reason", metavar="TEXT", default="", help="The reason. Only staff can read it, in `directory history`."
)

yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation.")


def audience_option(help_text: str) -> Callable[[F], F]:
    """Return the option --audience; the command gets the name of an Audience in lower case."""
    return click.option(
        "--audience",
        type=click.Choice([audience.lower() for audience in Audience]),
        default=Audience.PUBLIC.lower(),
        show_default=True,
        help=help_text,
    )


def require_short_reason(reason: str) -> None:
    """Raise BadInput if the value of `reason_option` is too long."""
    if len(reason) > REASON_LIMIT:
        raise BadInput(f"The reason has more than {REASON_LIMIT} characters. Make it shorter.", argument="reason")
