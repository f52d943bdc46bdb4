"""One format a file; each turns a file into rows."""
