"""Run imports like a person does: write files, run commands, and look at the stored records."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from click.testing import CliRunner, Result
from msgspec.structs import replace

from cli.main import main
from directory.records import StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store
from web.server.clock import utc_now

HEADINGS = ("ID", "Organization", "Street", "City", "State", "ZIP", "Phone", "Email", "Website", "Issue areas")


class ImportSession:
    """One database, and a folder for files."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    def run(self, *arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        """Return the result of a command. Unexpected exceptions are raised."""
        called = [*map(str, arguments), "--database-url", self.url]
        return CliRunner().invoke(main, called, input=stdin, catch_exceptions=False)

    def seed(self, *arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        return self.run("seed", *arguments, stdin=stdin)

    def import_all(self, *arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        """Run `seed --apply`, and require that no row is refused or doubtful."""
        done = self.seed(*arguments, "--apply", stdin=stdin)
        assert done.exit_code == 0, done.output
        return done

    def import_with_report(self, *arguments: str | Path, stdin: str | bytes | None = None) -> dict[str, Any]:
        """Run `seed` and return its JSON report."""
        path = self.folder / "report of the walk.json"
        path.unlink(missing_ok=True)
        done = self.seed(*arguments, "--report", path, stdin=stdin)
        assert path.exists(), done.output
        report: dict[str, Any] = msgspec.json.decode(path.read_bytes())
        return report

    def write_file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def write_csv(self, name: str, *rows: Mapping[str, str], headings: Sequence[str] = HEADINGS) -> Path:
        """Write rows by heading. Cells must not contain commas or quotes."""
        lines = [",".join(headings), *(",".join(row.get(heading, "") for heading in headings) for row in rows)]
        return self.write_file(name, "\n".join(lines) + "\n")

    @property
    def records(self) -> dict[str, StoredOrganization]:
        """The stored records by name."""
        return {entry.name: entry for entry in self._read_records()}

    def edit(self, name: str, **fields: object) -> None:
        """Edit the record of that name as a person, now."""
        with closing(Store.open(self.url)) as store:
            entry = next(entry for entry, _ in store.load_organizations() if entry.name == name)
            store.write([Put(replace(entry, **fields))], actor="staff", now=utc_now(), reason="test")

    def _read_records(self) -> Iterator[StoredOrganization]:
        with closing(Store.open(self.url)) as store:
            yield from (entry for entry, _ in store.load_organizations())


def nonzero_counts(report: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts of the report that are not zero."""
    names = ("created", "changed", "unchanged", "doubtful", "refused", "missing", "contact")
    return {name: report[name] for name in names if report[name]}
