"""Query understanding: turn the words that a person types into a `Question`.

`understand` is the entry point. Its steps: `sentence` splits the words, `spelling` corrects typos, `parser` finds what the words
refer to (`mentions`), by means of `meanings` (terms), `place_phrases` and `function_words`, and `composer` builds the question.
`notes` explains readings to the person. The small words of both languages are in data/.
"""
