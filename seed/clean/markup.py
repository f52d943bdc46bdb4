"""HTML to plain text: tags leave, blocks become lines, entities become their characters."""

import html
import re

_HTML_TAG = re.compile(r"<!--.*?(?:-->|$)|<(/?)([A-Za-z][A-Za-z0-9]*+)[^<>]*+>|<[!?/][^<>]*+>", re.DOTALL)
_HTML_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)  # without ; "R&D&not so" is no entity
_MARKUP = re.compile(rf"<[A-Za-z/!?]|{_HTML_ENTITY.pattern}")
_BLOCK_ELEMENTS = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "tr", "table", "section", "article", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HIDDEN_ELEMENTS = frozenset({"script", "style", "template", "noscript", "title"})  # what a browser does not show
_MAX_ESCAPE_DEPTH = 3  # times that a text may have been escaped over


def has_markup(text: str) -> bool:
    return _MARKUP.search(text) is not None


def strip_markup(text: str) -> str:
    """The text as a browser would show it, lines of blocks as lines. "<" and "&" that are no markup stay.

    A text that was escaped several times is unwrapped as often, so that no tag is left that a page would show as text.
    """
    for _ in range(_MAX_ESCAPE_DEPTH):
        if not has_markup(text):
            break
        text = _HTML_ENTITY.sub(lambda entity: html.unescape(entity[0]), _strip_tags(text))
    return text


def _strip_tags(text: str) -> str:
    kept: list[str] = []
    start, unseen = 0, ""
    for tag in _HTML_TAG.finditer(text):
        name = (tag[2] or "").lower()
        if not unseen:
            kept += (text[start : tag.start()], "\n" if name in _BLOCK_ELEMENTS else "")
        unseen = _find_hidden_element(unseen, name, closing=bool(tag[1]))
        start = tag.end()
    return "".join(kept) + ("" if unseen else text[start:])


def _find_hidden_element(unseen: str, name: str, *, closing: bool) -> str:
    """The element whose content is being left out after this tag, "" for none."""
    if unseen:
        return "" if closing and name == unseen else unseen
    return name if name in _HIDDEN_ELEMENTS and not closing else ""
