"""A process that edits a directory: python -m tests.directory.store.writer URL NAME WRITERS EDITS

Each edit creates a record of each kind that refer to each other. Every COUNTER_INTERVAL-th edit also increments `founded` of
an organization that all writers share, with `if_revision`, and hides it from the public or shows it again. Prints a line for
every acknowledged edit.
"""

import sys
import threading
from contextlib import suppress

from msgspec.structs import replace

from directory.errors import Conflict
from directory.kinds.event import EventHost
from directory.records import Audience, StoredRecord
from directory.store.ledger.edits import Put
from directory.store.store import Store
from tests.builders import (
    NOW,
    a_slug,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_organization,
    a_stored_provision,
    an_id,
)

SHARED_ID = an_id("Shared")
COUNTER_INTERVAL = 5
print_lock = threading.Lock()


def print_line(*words: object) -> None:
    with print_lock:
        print(*words, flush=True)


def build_records(name: str) -> list[StoredRecord]:
    """Return a record of each kind that belong together: the organization is in the coalition, and both are in the event."""
    coalition, instrument = f"Coalition of {name}", f"Instrument of {name}"
    return [
        a_stored_organization(name),
        a_stored_coalition(coalition, [name]),
        a_stored_event(f"Event of {name}", hosts=(EventHost(an_id(name)),), coalition=an_id(coalition)),
        a_stored_instrument(instrument),
        a_stored_provision("1", instrument, id=an_id(f"1 {instrument}"), slug=a_slug(f"1 {instrument}")),
    ]


def write_until_acknowledged(store: Store, name: str, increments_counter: bool) -> None:
    while True:
        edits = [Put(record) for record in build_records(name)]
        if increments_counter:
            ((shared, revision),) = store.load_organizations([SHARED_ID])
            audience = Audience.MEMBERS if shared.audience is Audience.PUBLIC else Audience.PUBLIC
            edits.append(Put(replace(shared, founded=(shared.founded or 0) + 1, audience=audience), revision))
        with suppress(Conflict):
            print_line("saved", name, store.write(edits, actor=name, now=NOW, reason="a test").revision)
            return


def main(url: str, name: str, writers: str, edits: str) -> None:
    store = Store.open(url)
    print_line("ready")
    sys.stdin.readline()

    def write(writer: int) -> None:
        for number in range(int(edits)):
            write_until_acknowledged(store, f"{name} {writer} {number}", increments_counter=number % COUNTER_INTERVAL == 0)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(int(writers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print_line("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
