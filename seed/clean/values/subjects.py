"""Derive the subject of a provision from its summary: the first sentence, short enough for a name."""

import re

from directory.drafts.draft_parts import NAME_LIMIT

ELLIPSIS = "…"

# A sign ends a sentence at the end of the text, or after a word and before another sentence. It does not in "U.S. law", after a
# single letter, nor in "art. 5" or "etc. and", before a digit or a lower-case letter.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2})[.!?](?=\s+[^\s\d])|[.!?](?=\s*$)")


def derive_subject(summary: str) -> str:
    """Return the first sentence of a summary without its full stop.

    A sentence that is longer than a name may be is cut after a word and ends in an ellipsis.
    """
    sentence = _find_first_sentence(summary) or summary
    if len(sentence) <= NAME_LIMIT:
        return sentence
    beginning = sentence[: NAME_LIMIT - len(ELLIPSIS) + 1]
    at_word = beginning.rpartition(" ")[0] or beginning[:-1]
    return at_word.rstrip(" ,;:") + ELLIPSIS


def _find_first_sentence(text: str) -> str:
    for end in _SENTENCE_END.finditer(text):
        following = text[end.end() :].lstrip()
        if not following or not following[0].islower():
            return text[: end.start()] if end[0] == "." else text[: end.end()]
    return text
