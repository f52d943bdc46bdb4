"""How much one request to /reconcile may ask for, and what it costs.

One point is 10 µs of the processor (schema/limits.py). A request costs its price or what it used, whichever is more, and
every kibibyte that was read of it; a request that is refused costs what it used, too.
"""

BODY_BYTES = 131_072  # of a form
TEXT_LENGTH = 300  # characters of a name, a value or a prefix
BATCH_LIMIT = 50  # queries in one request
ADVISED_BATCH_SIZE = 25  # queries that the manifest asks clients to send at once, which leave time to spare
CANDIDATE_LIMIT, DEFAULT_CANDIDATES = 25, 5  # candidates for one query
LARGE_BATCH, LARGE_BATCH_CANDIDATE_LIMIT = 10, 10  # queries from which on a batch is large, and candidates for each of it
VALUES_LIMIT = 10  # of one property of a query
QUERY_PROPERTIES_LIMIT = 20  # properties of a query
EXTENSION_LIMIT = 200  # organizations in one request for their properties
FIELDS_LIMIT = 10  # of a form or an address
BATCH_SECONDS = 0.175  # of the processor; the queries that are left then are refused, each by itself
THREADS_LIMIT = 4  # that match lists at the same time; others wait for their turn

READ_POINTS = 1  # for each kibibyte that was read
QUERY_POINTS = 300  # for one query, as measured among 100,000 organizations
SUGGEST_POINTS = 100
VALUE_POINTS = 1  # for each property of each organization
LOOKUP_POINTS = 2  # for an answer that is looked up
