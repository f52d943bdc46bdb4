"""From the columns of any table to the flat fields of seed/flat_fields.py: guessed from headings and values, or said by a profile."""
