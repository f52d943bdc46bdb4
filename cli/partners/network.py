"""The command `network`: who is tied to whom, who is isolated, and who connects groups. For staff only."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from cli.directories import open_directory
from cli.options import database_option
from cli.output_file import open_output, output_option
from cli.partners.network_files import NETWORK_WRITERS
from cli.partners.network_output import format_network
from cli.question_options import CommandQuestion, question_options
from cli.terminal import EXIT_NEGATIVE, escape_line, format_count
from directory.partners.connectors import NetworkStructure, analyze_network
from directory.partners.network import MemberNetwork, build_network
from directory.records import Audience
from web.server.clock import utc_now

TEXT_FORMAT = "text"
STAFF_NOTICE = "This network is for staff only: it shows whom others depend on. Store it securely."


@click.command()
@question_options
@click.option(
    "--coalition", metavar="SLUG", help="Only members of this coalition, and their ties besides it: it would tie all of them."
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice([TEXT_FORMAT, *NETWORK_WRITERS]),
    default=TEXT_FORMAT,
    show_default=True,
    help="text for people; csv is an edge list, for Gephi and spreadsheets; graphml is for Gephi, yEd and Cytoscape; json is for "
    "Kumu.",
)
@output_option
@database_option
def network_command(
    words: str | None, search: str | None, coalition: str | None, output_format: str, output: Path | None, database: str
) -> None:
    """Show who is tied to whom among the members, for staff.

    Ties are shared coalitions, relations, and parents and branches. Without --words, --search and --coalition, the network has
    all active members. The text names groups of members who are tied to each other, members without a tie, and connectors:
    members without whom others would have no tie. In the other formats, each coalition is a node, tied to its members.

    There is no public form, on the web or in the API: a list of the people on whom a movement depends is a list of targets. A
    file that this command writes can be read only by its owner.

    Exit code: 0 if the network has members, 1 if it has none, 2 if a condition cannot be used.
    """
    with open_directory(database) as directory:
        snapshot = directory.get_snapshot(Audience.STAFF)
    asked = CommandQuestion(snapshot, words, search)
    network = build_network(snapshot, asked.question, coalition, utc_now().date())
    structure = analyze_network(network)
    with open_output(output, Audience.STAFF, is_safe_for_terminal=output_format == TEXT_FORMAT) as file:
        if output_format == TEXT_FORMAT:
            lines = [*asked.list_notices(), *format_network(network, structure)]
            file.write("".join(f"{escape_line(line)}\n" for line in lines).encode())
        else:
            NETWORK_WRITERS[output_format](network, structure, file)
            for line in (*asked.list_notices(), *_format_summary(network, structure, output_format)):
                click.echo(escape_line(line), err=True)
    if not network.member_count:
        sys.exit(EXIT_NEGATIVE)


def _format_summary(network: MemberNetwork, structure: NetworkStructure, output_format: str) -> Iterator[str]:
    yield f"Written: {format_count(network.member_count, 'member')} and {format_count(len(network.ties), 'tie')}."
    if output_format == "csv" and structure.isolated_members:
        yield f"Not in the file, because they have no tie: {format_count(len(structure.isolated_members), 'member')}."
    yield STAFF_NOTICE


COMMANDS: list[click.Command] = [network_command]
