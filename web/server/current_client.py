"""The client whose request a thread works for.

It is a module of its own because workers for plans import nothing but what they need.
"""

from contextvars import ContextVar

CLIENT: ContextVar[bytes] = ContextVar("CLIENT", default=b"")  # the key of its limits; b"" outside of requests
