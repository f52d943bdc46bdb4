"""Query understanding: turn the words that a person types into a `Question`.

`understand` is the entry point and holds the parsing steps. `phrase_parser` holds the state of one parse, `function_words` the
small words of English and Spanish; `place_phrases` and `term_phrases` look up the places and terms that phrases mean.
"""
