"""Is this the same organization? Evidence and a verdict; pure."""
