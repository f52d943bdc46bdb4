"""The GraphQL types, one file per subject: their fields, descriptions and resolvers.

Start with query.py, the root type. Types wrap the records of `directory`. Imports here have no cycles: a field whose type is
defined further up names it with a `LazyType`.
"""
