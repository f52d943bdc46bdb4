"""A directory to edit, and a folder for the private files of the command."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from directory.geo import Disclosure
from directory.records import Audience, PrivatePlace, StoredContact, StoredOrganization
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.cli.command_runner import Run, make_runner
from tests.cli.editing.editors import make_editor
from tests.directory.store.stored_organizations import STREET, a_stored_location, put_organizations

UseEditor = Callable[..., None]
ALDER = a_stored_organization(
    "Alder",
    summary="Trees.",
    founded=1990,
    issue_areas=("housing",),
    sites=(a_stored_location(id=an_id("site"), disclosure=Disclosure.CITY),),
    contacts=(
        StoredContact(role="Office", phone="+14045550100", audience=Audience.PUBLIC),
        StoredContact(name="A Person", email="ann@example.org"),
    ),
)


@pytest.fixture
def private_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the command makes its private files. It is empty after each edit that keeps nothing."""
    folder = tmp_path / "private"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def use_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, private_files: Path) -> UseEditor:
    """Return a function that makes an editor of steps (editors.py) that of the person."""
    monkeypatch.delenv("VISUAL", raising=False)
    return lambda *steps: monkeypatch.setenv("EDITOR", make_editor(tmp_path, *steps))


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """A store with Alder, which has a private street, and Birch."""
    store = Store.open(sqlite_url)
    store.migrate()
    put_organizations(store, ALDER, a_stored_organization("Birch"))
    yield store
    store.close()


@pytest.fixture
def run(store: Store, sqlite_url: str) -> Run:
    return make_runner(sqlite_url)


def load_street(store: Store, record: StoredOrganization = ALDER) -> str | None:
    """Return the stored street of the only place, which readers do not get."""
    with store.begin_read() as reading:
        after = reading.load_history(record.id)[-1].after
    assert after is not None
    private = after.sites[0].private or PrivatePlace()
    return private.street


__all__ = ["ALDER", "STREET", "UseEditor", "load_street"]
