"""A process of its own that edits a directory: python -m tests.directory.store.writer URL NAME WRITERS EDITS

Each edit of a writer creates an organization; every COUNTED-th also counts up `founded` of one that all share, by reading it
and putting it back at the revision at which it was read. Prints a line for every edit that was acknowledged.
"""

import sys
import threading
from contextlib import suppress

from msgspec.structs import replace

from directory.errors import Conflict
from directory.store import Put, Store
from tests.builders import NOW, an_entry, an_id

SHARED = an_id("Shared")
COUNTED = 5
said = threading.Lock()


def tell(*words: object) -> None:
    with said:
        print(*words, flush=True)


def edit(store: Store, name: str, counts: bool) -> None:
    """Until it is acknowledged."""
    while True:
        edits = [Put(an_entry(name))]
        if counts:
            ((shared, stamps),) = store.entries([SHARED])
            edits.append(Put(replace(shared, founded=(shared.founded or 0) + 1), stamps.revision))
        with suppress(Conflict):
            tell("saved", name, store.write(edits, actor=name, now=NOW, reason="a test").revision)
            return


def main(url: str, name: str, writers: str, edits: str) -> None:
    store = Store.open(url)
    tell("ready")
    sys.stdin.readline()

    def write(writer: int) -> None:
        for number in range(int(edits)):
            edit(store, f"{name} {writer} {number}", counts=number % COUNTED == 0)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(int(writers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
