"""/coverage: who works on what where, as a table, in words, on a map and as files."""
