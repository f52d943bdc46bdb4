"""Fill an empty database when the server starts for the first time."""

from cli.fictional.organizations import seed_fictional_network
from directory.errors import BadInput
from directory.live import Directory
from seed.network_records import seed_network
from web.server.clock import utc_now

FICTIONAL_SEED = 1  # the same fictional network every time


def load_first_records(directory: Directory, fictional: int | None) -> None:
    """Load the network's own records, or a fictional network of `fictional` organizations, into an empty database.

    If the database has records, does nothing if `fictional` is None, and otherwise raises BadInput.
    """
    is_empty = directory.store.load_head().revision == 0
    if fictional is None and is_empty:
        seed_network(directory, utc_now())
    elif fictional is not None and not is_empty:
        raise BadInput(
            "This database already has records. To serve them, leave out --fictional. To use another one, set --database-url."
        )
    elif fictional is not None:
        seed_fictional_network(directory, fictional, seed=FICTIONAL_SEED, now=utc_now())
