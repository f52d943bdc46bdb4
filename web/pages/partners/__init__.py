"""Suggested partners on pages."""
