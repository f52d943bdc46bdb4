"""The commands `edit` and `add`: change a record, or add one, as a text in an editor."""

from pathlib import Path

import click

from cli.directories import open_directory
from cli.editing.edit_loop import Consent, edit_in_editor, read_text_file, write_file
from cli.editing.edit_session import NewRecordSession, StoredRecordSession
from cli.editing.edited_text import find_origin
from cli.options import database_option, reason_option, require_short_reason, yes_option
from directory.errors import BadInput
from directory.records import RecordKind

NO_ORIGIN = (
    "{} does not start with the line that says of which record and revision it is, so it cannot be told what it would remove. "
    "To get the text of a record, run `directory edit SLUG --print`. To change only some fields, use `directory seed {}`."
)
OTHER_RECORD = "{} is the text of {}, not of {}."
OLD_REVISION = (
    "{} changed since this text was written: it shows revision {}, and the last change is revision {}. Nothing was written. Get "
    "the new text with `directory edit {} --print`, and make your change there."
)

_file_option = click.option(
    "--file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Read the text from this file instead of opening an editor; - is standard input.",
)
_loosen_option = click.option(
    "--loosen-visibility", is_flag=True, help="Allow that data becomes visible to more people than now, without a question."
)


@click.command()
@click.argument("key", metavar="SLUG")
@_file_option
@click.option("--print", "print_text", is_flag=True, help="Print the text and change nothing.")
@_loosen_option
@reason_option
@yes_option
@database_option
def edit_command(
    key: str, file: Path | None, print_text: bool, loosen_visibility: bool, reason: str, yes: bool, database: str
) -> None:
    """Change a record as a text in your editor, $VISUAL or $EDITOR.

    SLUG can also be an id. For other kinds of records, write the kind before it, as in coalition:upr-task-force.

    The text is the whole record in TOML, with comments on each field. After you close the editor, the command shows what changes
    and who will see it, and asks before it writes. If something is wrong, the editor opens again with the problem at its place.
    No text is lost: it is written, kept in a file that is named, or discarded by you. Streets and points of places that are not
    published exactly are not shown, and stay as they are unless you write others.

    Exit code: 0 if the change was written or there was none, 1 if you decided against it, 2 if the text or a value is wrong,
    3 if the record changed meanwhile or the database is unavailable.
    """
    require_short_reason(reason)
    with open_directory(database) as directory:
        session = StoredRecordSession(directory, key)
        if print_text:
            click.echo(session.text, nl=False)
            return
        if file:
            _require_current(session, file, text := read_text_file(file))
            write_file(session, text, Consent(yes, loosen_visibility, reason))
            return
        edit_in_editor(session, Consent(yes, loosen_visibility, reason))


@click.command()
@click.option(
    "--kind", type=click.Choice([kind.noun for kind in RecordKind]), default="organization", show_default=True,
    help="The kind of record.",
)  # fmt: skip
@_file_option
@click.option("--print", "print_text", is_flag=True, help="Print the empty text and add nothing.")
@click.option("--new", "is_new", is_flag=True, help="Add it even if the directory may have this organization already.")
@_loosen_option
@reason_option
@yes_option
@database_option
def add_command(
    kind: str,
    file: Path | None,
    print_text: bool,
    is_new: bool,
    loosen_visibility: bool,
    reason: str,
    yes: bool,
    database: str,
) -> None:
    """Add a record as a text in your editor, $VISUAL or $EDITOR.

    The text has all fields with comments, in TOML; fill in those that you know. After you close the editor, the command looks for
    records that may be the same organization, shows who will see the new one, and asks before it writes.

    Exit code: 0 if the record was added or the text is unchanged, 1 if you decided against it, 2 if the text or a value is wrong
    or the directory has the record already, 3 if the database is unavailable.
    """
    require_short_reason(reason)
    consent = Consent(yes, loosen_visibility, reason)
    with open_directory(database) as directory:
        session = NewRecordSession(directory, RecordKind(kind.upper()), is_new=is_new, may_ask=not yes)
        if print_text:
            click.echo(session.text, nl=False)
        elif file:
            write_file(session, read_text_file(file), consent)
        else:
            edit_in_editor(session, consent)


def _require_current(session: StoredRecordSession, file: Path, text: str) -> None:
    """Raise BadInput if the text is not of this record, or not of its last revision."""
    origin = find_origin(text)
    if origin is None:
        raise BadInput(NO_ORIGIN.format(file, file), argument="file")
    if not session.is_key(origin.key):
        raise BadInput(OTHER_RECORD.format(file, origin.key, session.key), argument="file")
    if origin.revision != session.state.revision:
        message = OLD_REVISION.format(session.state.record.name, origin.revision, session.state.revision, session.key)
        raise BadInput(message, argument="file")


COMMANDS: list[click.Command] = [edit_command, add_command]
