"""What an operator needs: logs, metrics, traces, health checks, and the background tasks of a running server.

`snapshot_updater` keeps the snapshots current and `hiding_expiry` ends hidings on time.
"""
