"""Connections and clients: limits on open connections, deadlines, rate limits and a clean shutdown.

Start with `connection`, which extends uvicorn's HTTP protocol, and `rate_limit`, which counts what each client spends.
"""
