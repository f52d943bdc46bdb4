"""Text search: from the words of a question to rows, match tiers and highlights.

Start with `word_index.py`, which matches a `ParsedText` with the indexed fields of the organizations that one audience sees. The
words themselves are in `shared_words.py`, once for all audiences. `analysis.py` defines tokens and stems, `postings.py` stores
where tokens occur, and `concepts.py` maps words to vocabulary terms. The result is a `TextMatch`.
"""
