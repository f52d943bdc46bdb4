"""Parse one value of a cell: each function takes a text and returns a `CleaningResult`, or raises BadInput."""
