"""Map the columns of any table to the flat fields of flat_fields.py, by a profile or by a guess from headings and values.

- Guess: `guess.py` decides between the `candidates.py` for each column, found by the meaning of headings (`headings.py` has the
  phrases, `heading_meaning.py` interprets them) and by the form of values (`value_patterns.py`).
- Profile: `profile.py` stores a mapping in a file, whose values `profile_values.py` checks. `questions.py` changes it with the
  answers of a person; `spelling_questions.py` finds the spellings to ask about.
- Rows: `column_mapping.py` applies a mapping to rows and splits their cells (`cell_splitting.py`).
- People: `people_lists.py` refuses files that list people, and `person_rows.py` reads single rows about them, by the words and
  forms in `person_signs.py`.
"""
