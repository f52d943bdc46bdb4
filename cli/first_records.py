"""Fill an empty database when the server starts for the first time."""

from cli.fictional.organizations import seed_fictional_network
from directory.errors import BadInput
from directory.store.store import Store
from seed.network_records import seed_network
from web.server.clock import utc_now

FICTIONAL_SEED = 1  # the same fictional network every time


def load_first_records(store: Store, fictional: int | None) -> None:
    """Load the network's own records, or a fictional network of `fictional` organizations, into an empty store.

    If the store has records, does nothing if `fictional` is None, and otherwise raises BadInput.
    """
    is_empty = store.load_head().revision == 0
    if fictional is None and is_empty:
        seed_network(store, utc_now())
    elif fictional is not None and not is_empty:
        raise BadInput(
            "This database already has records. To serve them, leave out --fictional. To use another one, set --database-url."
        )
    elif fictional is not None:
        seed_fictional_network(store, fictional, seed=FICTIONAL_SEED, now=utc_now())
