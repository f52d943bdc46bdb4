"""A plan as a person or a program reads it: every row with its fate, and the rows to correct as a file to feed again."""
