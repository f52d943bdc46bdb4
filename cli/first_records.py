"""What a database that holds nothing is filled with at the first start."""

from datetime import UTC, datetime

from cli.fictional.organizations import seed_fictional_network
from directory.errors import BadInput
from directory.store.store import Store
from seed.network_records import seed_network

FICTIONAL_SEED = 1  # of the random numbers: the same network every time


def load_first_records(store: Store, fictional: int | None) -> None:
    """Loads the network's own records, or a fictional network of that size, into a store that holds nothing.

    Raises BadInput where a fictional network is asked for and the store holds anything.
    """
    empty = store.load_head().revision == 0
    now = datetime.now(UTC)
    if fictional is None and empty:
        seed_network(store, now)
    elif fictional is not None and not empty:
        raise BadInput(
            "This database holds records already. Leave --fictional out to serve them, or name another with --database-url."
        )
    elif fictional is not None:
        seed_fictional_network(store, fictional, seed=FICTIONAL_SEED, now=now)
