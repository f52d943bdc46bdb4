"""A question as removable filter parts ("chips" on a page), as a URL query string, and in words.

`filter_parts` lists and removes parts, `query_strings` converts questions to URL query strings and back, `question_fields`
lists the fields of both. `labels` has the words in English and Spanish, `origins` resolves origins of distances.
"""
