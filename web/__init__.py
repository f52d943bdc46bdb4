"""The HTTP interface, the only package that imports Starlette.

`app` wires the application together and `startup` runs it. `settings` is the list of settings. `http` answers GraphQL requests,
`pages` serves the explorer and the well-known files, `reconcile` matches lists, `server` handles connections and rate limits, and
`operations` holds logging, metrics and background work.
"""
