"""The command `directory`, which gathers the commands of all packages."""

import gc
from importlib import import_module

import click

from cli.command_group import DirectoryGroup

COMMANDS = {
    "cli.database": ("backup", "check", "erase", "find", "migrate", "restore"),
    "cli.hiding": ("hidden", "hide", "unhide"),
    "cli.ledger": ("due", "history", "merge", "undo"),
    "cli.export": ("export",),
    "cli.seed": ("fictional", "seed"),
    "cli.serve": ("schema", "serve"),
}
_MODULE_BY_COMMAND = {command: module for module, commands in COMMANDS.items() for command in commands}


class _LazyCommandGroup(DirectoryGroup):
    """Imports a command when it is called: `serve` need not wait for what the others need."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(_MODULE_BY_COMMAND)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _MODULE_BY_COMMAND:
            return None
        gc.disable()  # nothing that is imported is garbage, and to look for it takes a sixth of the time
        try:
            commands: list[click.Command] = import_module(_MODULE_BY_COMMAND[name]).COMMANDS
        finally:
            gc.enable()
            gc.freeze()
        return next(command for command in commands if command.name == name)


@click.group(cls=_LazyCommandGroup)
@click.version_option(package_name="membership-directory")
def main() -> None:
    """A membership directory: what members work on, whom they serve and where."""
