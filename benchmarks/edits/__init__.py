"""Measure how soon an edit is visible."""
