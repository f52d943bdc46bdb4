"""From the columns of any table to the flat fields of seed/fields.py: guessed from headings and values, or said by a profile."""
