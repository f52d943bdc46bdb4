"""Measure how well and how fast duplicates are found."""
