"""File formats: detect the format and encoding of a file and read it as a table, within the limits of `limits.py`."""
