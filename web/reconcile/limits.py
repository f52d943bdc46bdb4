"""Limits and prices of requests to /reconcile.

One point is 10 µs of CPU time (schema/limits.py). A request costs its price or the CPU time it used, whichever is more, plus
READ_POINTS for each kibibyte that was read. A refused request also costs what it used.
"""

BODY_BYTES = 131_072  # bytes of a form
TEXT_LENGTH = 300  # characters of a name, a value or a prefix
BATCH_LIMIT = 50  # queries in one request
ADVISED_BATCH_SIZE = 25  # queries per request that the manifest recommends; well within BATCH_SECONDS
CANDIDATE_LIMIT, DEFAULT_CANDIDATES = 25, 5  # candidates for one query
LARGE_BATCH, LARGE_BATCH_CANDIDATE_LIMIT = 10, 10  # a batch with more queries is large, and has fewer candidates per query
VALUES_LIMIT = 10  # values of one property of a query
QUERY_PROPERTIES_LIMIT = 20  # properties of a query
EXTENSION_LIMIT = 200  # organizations in one request for properties
FIELDS_LIMIT = 10  # fields of a form or query string
BATCH_SECONDS = 0.175  # CPU time of a batch; the remaining queries are then refused individually
THREADS_LIMIT = 4  # requests that run at the same time; others wait

READ_POINTS = 1  # for each kibibyte read
QUERY_POINTS = 300  # for one query, measured with 100,000 organizations
SUGGEST_POINTS = 100
VALUE_POINTS = 1  # for each property of each organization
LOOKUP_POINTS = 2  # for an answer that needs only a lookup
