"""docs/spanish.md against the translations: every term has a source and is used as stated."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from directory.text import fold, stem_word
from web.pages.translations.catalog import read_catalog

PAGE = (Path(__file__).parents[3] / "docs" / "spanish.md").read_text(encoding="utf-8")
OUR_CHOICE = "our choice"
MARKUP = re.compile(r"<[^>]+>|%\(\w+\)[sd]")


class Term(NamedTuple):
    english: str
    spanish: list[str]
    source: str
    note: str


TERMS = [
    Term(english, spanish.split(" / "), source, note)
    for english, spanish, source, note in re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|(?: (.+?))? \|$", PAGE, re.MULTILINE)
    if english != "English"
]


def has_english(text: str, term: str) -> bool:
    """Return whether a text has the term, also in the plural or with the "s" of a verb."""
    plural = f"{term[:-1]}ies" if term.endswith("y") else term + ("es" if term.endswith(("ch", "s")) else "s")
    return re.search(rf"\b(?:{re.escape(term)}|{re.escape(plural)})\b", MARKUP.sub(" ", text), re.IGNORECASE) is not None


def has_spanish(text: str, term: str) -> bool:
    """Return whether a text has the term in any form. Snowball has different stems for "ciudad" and "ciudades"."""
    stems = list_stems(text)
    return any(list_stems(term + ending) in stems for ending in ("", "s", "es"))


def list_stems(text: str) -> str:
    """Return the Spanish stems between spaces: " busc un organiz "."""
    return " " + " ".join(stem_word(word, "es") for word in fold(MARKUP.sub(" ", text)).split()) + " "


def list_pairs() -> list[tuple[str, str]]:
    """Return the English texts with their translations. A singular and its plural are one text."""
    return [(join(message.id), join(message.string)) for message in read_catalog() if message.id]


def join(texts: object) -> str:
    return " ".join(texts) if isinstance(texts, list | tuple) else str(texts)


def test_there_are_many_terms_and_each_stands_once() -> None:
    assert len(TERMS) >= 80
    assert len({term.english for term in TERMS}) == len(TERMS)


def test_every_term_has_a_source_or_a_reason() -> None:
    sources = set(re.findall(r"^- (.+?): \[.+?\]\(https?://\S+\)$", PAGE, re.MULTILINE))
    assert {term.source for term in TERMS} - {OUR_CHOICE} == sources
    assert [term.english for term in TERMS if term.source == OUR_CHOICE and not term.note] == []
    assert sum(term.source == OUR_CHOICE for term in TERMS) < len(TERMS) / 4


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.english)
def test_every_text_with_the_english_word_has_the_spanish_one(term: Term) -> None:
    texts = [(english, spanish) for english, spanish in list_pairs() if has_english(english, term.english)]
    assert texts, "No text of the pages uses this term. Remove its row."
    others = [pair for pair in texts if not any(has_spanish(pair[1], form) for form in term.spanish)]
    assert others == []
    unused = [form for form in term.spanish if not any(has_spanish(spanish, form) for _, spanish in texts)]
    assert unused == []
