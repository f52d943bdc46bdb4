"""Records in and back out: files, rows, plans."""
