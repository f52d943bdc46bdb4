"""Review the import of a file on a page: start it, print its link, and say at the end what was written."""

import sys
import webbrowser
from functools import partial
from pathlib import Path

import click

from cli.import_file import load_file, plan_file, require_real_directory
from cli.import_options import ImportOptions
from cli.terminal_report import format_counts
from directory.errors import BadInput
from directory.live import Directory
from seed.plan.planned_row import Plan
from seed.plan_report import format_outcomes
from seed.sources.dataset_loader import STANDARD_INPUT

STANDARD_INPUT_MESSAGE = (
    "A review may have to read the list again, and standard input can be read only once. Save the list to a file, and name that."
)
OPEN_IT = "Open this link in a browser on this computer. It works once:"
NO_BROWSER = "No browser could be opened. Open the link above yourself."
OTHER_COMPUTER = "If your browser is on another computer, connect first with: ssh -L {port}:127.0.0.1:{port} THIS-COMPUTER"
NOTHING_WRITTEN = "Nothing was written. To write the changes, start the review again and press Apply on its page."
HOW_TO_END = "To end the review, press Ctrl-C here."


def review_file(file: Path, directory: Directory, options: ImportOptions) -> Plan | None:
    """Serve the review until Ctrl-C. Return the last plan, None if there is none because the person ended the review before.

    Raises BadInput for standard input and for a file that cannot be read, and what ended the planning if there is no plan.
    """
    from web.review.review_server import serve_review  # imports the pages, which other imports need not wait for
    from web.review.review_session import ImportSteps, ReviewSession

    if file == STANDARD_INPUT:
        raise BadInput(STANDARD_INPUT_MESSAGE, argument="file")
    require_real_directory(directory)
    steps = ImportSteps(
        file=file,
        load=partial(load_file, file, options),
        plan=lambda dataset, progress: plan_file(dataset, directory.store, options, progress),
        retire_missing=options.retire_missing,
    )
    session = ReviewSession(steps, directory, load_file(file, options))
    serve_review(session, _announce)
    if session.plan is None and session.job.problem is not None:
        raise session.job.problem
    click.echo(f"\n{format_counts(session.plan)}" if session.plan else "\nThe review ended before there was a plan.")
    for applied in session.applied_plans:
        counts, revision = format_outcomes(applied.receipt, applied.plan), applied.receipt.revision
        click.echo(f"Written: {counts}, at revision {revision}. {_describe_undo(applied.undone_at, revision)}")
    if not session.applied_plans:
        click.echo(NOTHING_WRITTEN)
    return session.plan


def _describe_undo(undone_at: int | None, revision: int) -> str:
    return f"Undone at revision {undone_at}." if undone_at else f"To undo it: directory undo {revision}"


def _announce(link: str) -> None:
    """Print the link, and open it in a browser if a person sits at the terminal."""
    click.echo(f"{OPEN_IT}\n\n  {link}\n\n{HOW_TO_END}")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return
    if not webbrowser.open(link):
        port = link.partition("//")[2].partition("/")[0].rpartition(":")[2]
        click.echo(f"{NO_BROWSER} {OTHER_COMPUTER.format(port=port)}")
