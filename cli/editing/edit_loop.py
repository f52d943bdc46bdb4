"""The conversation about an edit: the editor, the report, the questions, and what happens to the text. No text is lost."""

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from msgspec import Struct

from cli.editing.edit_report import EditReport
from cli.editing.edit_session import EditSession
from cli.editing.edited_text import MAX_TEXT_SIZE, decode_text, find_line, mark_problems, parse_text, remove_marks
from cli.editing.text_editor import PrivateTextFile, TerminationSignal, raise_termination_signal, run_editor
from cli.terminal import EXIT_BAD_INPUT, EXIT_NEGATIVE, escape_line
from directory.drafts.problems import Problem, format_problem
from directory.errors import BadInput, Conflict, DirectoryError
from seed.resolve.row_statement import list_problems

NO_CHANGES = "Nothing was written: there are no changes."
UNSAVED_ADVICE = 'If your editor opens a window and returns at once, add its option to wait, as in EDITOR="code --wait".'
LOOSENING_TITLE = "This would show more than now:"
LOOSENING_QUESTION = "Show this to more people than now?"
LOOSENING_REFUSAL = "Nothing was written, because this would show more than now. To allow it, add --loosen-visibility."
AGAIN, KEEP, DISCARD = "e", "k", "d"
NEXT_QUESTION = "Edit the text again (e), keep it in a file and stop (k), or discard it (d)?"
MAX_SHOWN_PROBLEMS = 20


class Consent(Struct, frozen=True):
    """What the person allowed in advance. Without `is_confirmed` everything is asked."""

    is_confirmed: bool
    may_loosen: bool
    reason: str


class ChangeDeclined(Exception):
    """The person answered that the change is not to be written."""


def edit_in_editor(session: EditSession, consent: Consent) -> None:
    """Open the text in the editor until it is written, kept in a file or discarded. Prints what happened.

    The file is removed when the text is written, unchanged or discarded. If something else ends the command, it is kept.
    """
    with raise_termination_signal():
        file = PrivateTextFile(session.text, session.file_name)
        try:
            _edit_until_done(file, session, consent)
        except TerminationSignal as end:
            _keep_if_changed(file, session)
            sys.exit(end.exit_code)


def _edit_until_done(file: PrivateTextFile, session: EditSession, consent: Consent) -> None:
    marked = text = session.text
    while True:
        try:
            run_editor(file.path, os.environ)
            text = remove_marks(file.read(), marked)
            click.echo(_describe_unchanged() if text == session.text else write_text(session, text, consent))
            break
        except (ChangeDeclined, click.Abort) as end:
            text = marked = _read_or(file, text)
            if isinstance(end, click.Abort):
                _stop_and_keep(file, session, EXIT_NEGATIVE)
        except BadInput as error:
            text = remove_marks(_read_or(file, text), marked)
            marked = _report_problems(file, text, error)
        except Conflict as conflict:
            marked = text = _rebase(file, session, text, conflict)
        except TerminationSignal:
            raise
        except BaseException:  # whatever ends the command, the person must know where the text is
            _say_where(file, session)
            raise
        _ask_what_next(file, session, consent, has_text=text != session.text)
    file.remove()


def write_text(session: EditSession, text: str, consent: Consent) -> str:
    """Print what the text changes, ask for consent, and write it. Returns a line on what was done.

    Raises ChangeDeclined, BadInput (with a list of Problem in its param `problems`, if the text has them) and Conflict.
    """
    planned = session.plan(parse_text(text))
    if planned is None:
        return NO_CHANGES
    _print_report(planned.report)
    if planned.report.loosening:
        _require_loosening(planned.report.loosening, consent)
    if not consent.is_confirmed and not click.confirm("Write this change?", default=None):
        raise ChangeDeclined
    return escape_line(session.write(planned, consent.reason))


def write_file(session: EditSession, text: str, consent: Consent) -> None:
    """Write the text of a file of the person's own, which stays as it is. Problems are printed with their lines."""
    try:
        click.echo(write_text(session, text, consent))
    except ChangeDeclined:
        click.echo("Nothing was written.")
        sys.exit(EXIT_NEGATIVE)
    except BadInput as error:
        if not _is_about_text(error):
            raise
        problems = list_problems(error)
        lines = text.split("\n")
        for problem in problems[:MAX_SHOWN_PROBLEMS]:
            line = f"Line {find_line(lines, problem) + 1}: " if problem.path else ""
            click.echo(escape_line(f"{line}{format_problem(problem)}"), err=True)
        raise BadInput("Nothing was written. Correct the file and try again.") from error


def read_text_file(path: Path) -> str:
    """Return the text of a file, or of standard input for "-". Raises BadInput and TooLarge."""
    try:
        if path == Path("-"):
            return decode_text(sys.stdin.buffer.read(MAX_TEXT_SIZE + 1))
        with path.open("rb") as file:
            return decode_text(file.read(MAX_TEXT_SIZE + 1))
    except OSError as problem:
        raise BadInput(f"{path} cannot be read: {problem.strerror}.", argument="file") from problem


def _describe_unchanged() -> str:
    return f"{NO_CHANGES} {UNSAVED_ADVICE}"


def _print_report(report: EditReport) -> None:
    click.echo("Changes:")
    for line in report.changes:
        click.echo(escape_line(line))
    click.echo("\nWho sees it:")
    for line in report.visibility or ("Nobody sees anything that they did not see before.",):
        click.echo(f"  {escape_line(line)}")
    click.echo()


def _require_loosening(loosening: Sequence[Problem], consent: Consent) -> None:
    """Ask whether more may be shown than now. Raises ChangeDeclined, and BadInput if that was not allowed and nobody is asked."""
    click.echo(LOOSENING_TITLE)
    for problem in loosening:
        sentence, _, advice = problem.message.partition(". ")
        click.echo(escape_line(f"  {sentence}. {advice if consent.is_confirmed and not consent.may_loosen else ''}".rstrip()))
    if consent.may_loosen:
        return
    if consent.is_confirmed:
        raise BadInput(LOOSENING_REFUSAL)
    if not click.confirm(LOOSENING_QUESTION, default=False):
        raise ChangeDeclined


def _report_problems(file: PrivateTextFile, text: str, error: BadInput) -> str:
    """Print the problems and mark them in the text. Returns the marked text."""
    problems = list_problems(error)
    for problem in problems[:MAX_SHOWN_PROBLEMS]:
        click.echo(escape_line(format_problem(problem)), err=True)
    if len(problems) > MAX_SHOWN_PROBLEMS:
        click.echo(f"... and {len(problems) - MAX_SHOWN_PROBLEMS:,} more problems", err=True)
    if not _is_about_text(error):
        return text
    marked = mark_problems(text, problems)
    file.write(marked)
    return marked


def _is_about_text(error: BadInput) -> bool:
    """Whether a value of the text is wrong, and not the editor or the answer to a question."""
    return "problems" in error.params or "argument" in error.params


def _rebase(file: PrivateTextFile, session: EditSession, text: str, conflict: Conflict) -> str:
    """Put the person's changes on top of the record as it is now. Returns the new text."""
    try:
        rebased, sentence = session.rebase(text)
    except DirectoryError as error:
        _say_where(file, session)
        raise error from conflict
    click.echo(escape_line(sentence), err=True)
    file.write(rebased)
    return rebased


def _ask_what_next(file: PrivateTextFile, session: EditSession, consent: Consent, *, has_text: bool) -> None:
    """Ask what to do with the text. Ends the command unless it is to be edited again, and if nobody can be asked."""
    if not has_text:
        file.remove()
        sys.exit(EXIT_BAD_INPUT)
    if consent.is_confirmed:
        _stop_and_keep(file, session, EXIT_BAD_INPUT)
    try:
        answer = click.prompt(NEXT_QUESTION, type=click.Choice([AGAIN, KEEP, DISCARD]), show_choices=False, default=AGAIN)
    except click.Abort:
        _stop_and_keep(file, session, EXIT_BAD_INPUT)
    if answer == KEEP:
        _stop_and_keep(file, session, EXIT_NEGATIVE)
    if answer == DISCARD:
        file.remove()
        click.echo("Nothing was written. The text is discarded.")
        sys.exit(EXIT_NEGATIVE)


def _stop_and_keep(file: PrivateTextFile, session: EditSession, code: int) -> NoReturn:
    _say_where(file, session)
    sys.exit(code)


def _keep_if_changed(file: PrivateTextFile, session: EditSession) -> None:
    """Say where the text is that the person saved, or that the editor saved when it was ended. Without any, remove the file."""
    copies = file.list_copies()
    if not copies and (not file.path.exists() or _read_or(file, "") == session.text):
        file.remove()
        return
    _say_where(file, session, "The command was ended before it had written the change.")
    for copy in copies:
        click.echo(f"Your editor left a file beside it: {shlex.quote(str(copy))}", err=True)


def _say_where(file: PrivateTextFile, session: EditSession, opening: str = "Nothing was written.") -> None:
    path = shlex.quote(str(file.path))
    click.echo(f"{opening} Your text is kept in {path}", err=True)
    click.echo(f"To go on with it: {session.command} {path}", err=True)


def _read_or(file: PrivateTextFile, text: str) -> str:
    try:
        return file.read()
    except BadInput:
        return text
