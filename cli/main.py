"""The command `directory` and the list of its commands."""

import gc
from importlib import import_module

import click

from cli.terminal import DirectoryGroup

COMMANDS = {
    "cli.partners.allies": ("allies",),
    "cli.calendar": ("calendar",),
    "cli.partners.coverage": ("coverage",),
    "cli.database": ("backup", "check", "erase", "migrate", "restore"),
    "cli.partners.digest": ("digest",),
    "cli.editing.edit": ("add", "edit"),
    "cli.export": ("export",),
    "cli.find": ("find",),
    "cli.hiding": ("hidden", "hide", "unhide"),
    "cli.ledger": ("history", "merge", "receipt", "undo"),
    "cli.partners.network": ("network",),
    "cli.partners.plan": ("plan",),
    "cli.records": ("coalitions", "events", "provisions", "show"),
    "cli.seed": ("fictional", "seed"),
    "cli.serve": ("schema", "serve"),
    "cli.verification.due": ("due",),
}
_MODULE_BY_COMMAND = {command: module for module, commands in COMMANDS.items() for command in commands}


class _LazyCommandGroup(DirectoryGroup):
    """A group that imports a command's module only when that command is called, so that `serve` starts quickly."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(_MODULE_BY_COMMAND)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _MODULE_BY_COMMAND:
            return None
        gc.disable()  # imports create no garbage, and collecting takes a sixth of their time
        try:
            commands: list[click.Command] = import_module(_MODULE_BY_COMMAND[name]).COMMANDS
        finally:
            gc.enable()
            gc.freeze()
        return next(command for command in commands if command.name == name)


@click.group(cls=_LazyCommandGroup)
@click.version_option(package_name="membership-directory")
def main() -> None:
    """Import, curate, search and serve a membership directory."""
