"""Measure the real server over HTTP, beside a ceiling that sends the same bytes."""
