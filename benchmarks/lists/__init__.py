"""Measure imports of fictional lists."""
