"""The Spanish texts: complete, well formed, and in the form of address and the words that docs/spanish.md states."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from web.pages.languages import LANGUAGES
from web.pages.translations.catalog import (
    PO_FILE,
    extract_messages,
    merge_translations,
    read_catalog,
    write_catalog,
)

UPDATE = "Update es.po with python -m web.pages.translations, and translate what it lists."
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
TAG = re.compile(r"</?[a-z][^>]*>")
QUOTES = re.compile(r"[“”\"‘]")
OPENINGS = {"?": "¿", "!": "¡", "»": "«", ")": "("}


def split_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Forms of "tú" and "vosotros". Where a form is also one of "usted" ("busca"), it counts only as the first word: "Busca ...".
INFORMAL_WORDS = split_words(
    """tú tu tus te ti contigo tuyo tuya eres estás has puedes quieres tienes debes necesitas buscas escribes sabes ves vas haz
    vosotros vosotras os vuestro vuestra podéis queréis tenéis buscáis"""
)
INFORMAL_FIRST_WORDS = split_words(
    """abre agrega avisa busca cambia cierra comienza corrige descarga elige empieza encuentra envía escribe espera explora filtra
    imprime lee llama llévate mira muestra ordena pide pregunta prueba quita reporta revisa usa vuelve"""
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog()


def iter_messages(catalog: Catalog) -> Iterator[Message]:
    """Yield the messages without the header."""
    return (message for message in catalog if message.id)


def list_texts(texts: object) -> list[str]:
    """Return the text, or the singular and the plural."""
    return [str(text) for text in texts] if isinstance(texts, list | tuple) else [str(texts or "")]


def iter_pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield each English text with its translation, singulars and plurals separately."""
    for message in iter_messages(catalog):
        yield from zip(list_texts(message.id), list_texts(message.string), strict=True)


def test_every_text_of_the_pages_is_in_the_file_and_no_other(catalog: Catalog) -> None:
    known = {message.id for message in iter_messages(catalog)}
    used = set(extract_messages())
    assert (sorted(map(str, used - known)), sorted(map(str, known - used))) == ([], []), UPDATE


def test_every_text_is_translated(catalog: Catalog) -> None:
    assert [message.id for message in iter_messages(catalog) if not all(list_texts(message.string))] == []
    assert [message.id for message in iter_messages(catalog) if message.fuzzy] == []
    assert not catalog.obsolete


def test_the_file_has_its_one_form(catalog: Catalog) -> None:
    assert PO_FILE.read_bytes() == write_catalog(merge_translations(extract_messages(), catalog)), UPDATE


def test_a_new_text_has_no_translation_and_an_unused_one_is_removed(catalog: Catalog) -> None:
    files = {"A text of no page": {"web/pages/new.py"}, "Search": {"web/pages/new.py"}}
    merged = merge_translations(files, catalog)  # type: ignore[arg-type]
    assert {message.id: message.string for message in iter_messages(merged)} == {"A text of no page": "", "Search": "Buscar"}


def test_plurals_have_both_forms(catalog: Catalog) -> None:
    plurals = [message for message in iter_messages(catalog) if message.pluralizable]
    assert len(plurals) >= 5
    assert all(len(list_texts(message.string)) == 2 for message in plurals)
    spanish = LANGUAGES["es"]
    assert [spanish.ngettext("%(count)d day ago", "%(count)d days ago", number) for number in (0, 1, 2)] == [
        "hace %(count)d días",
        "hace %(count)d día",
        "hace %(count)d días",
    ]


def test_translations_insert_the_same_values(catalog: Catalog) -> None:
    """A translation may repeat a value: "en <b>el Sur</b> o para <b>el Sur</b>"."""
    differing = [
        (english, spanish)
        for english, spanish in iter_pairs(catalog)
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(spanish))
        or set(TAG.findall(english)) != set(TAG.findall(spanish))
        or len(TAG.findall(spanish)) % 2
    ]
    assert differing == []


def test_percent_signs_are_only_those_of_placeholders(catalog: Catalog) -> None:
    assert [spanish for _, spanish in iter_pairs(catalog) if "%" in PLACEHOLDER.sub("", spanish).replace("%%", "")] == []


def test_quotes_are_guillemets_and_marks_come_in_pairs(catalog: Catalog) -> None:
    for english, spanish in iter_pairs(catalog):
        text = TAG.sub("", spanish)
        assert not QUOTES.search(text), spanish
        assert text.count("«") >= english.count("“"), spanish
        assert all(text.count(closing) == text.count(opening) for closing, opening in OPENINGS.items()), spanish


def test_texts_end_with_the_same_mark(catalog: Catalog) -> None:
    """So that a heading does not become a sentence, and a sentence does not lose its end."""
    assert [pair for pair in iter_pairs(catalog) if pair[0].endswith(".") != pair[1].endswith(".")] == []
    assert [pair for pair in iter_pairs(catalog) if pair[0] != pair[0].strip() or pair[1] != pair[1].strip()] == []


def test_readers_are_addressed_as_usted(catalog: Catalog) -> None:
    assert [spanish for _, spanish in iter_pairs(catalog) if is_informal(spanish)] == []


@pytest.mark.parametrize("text", ["Busca por ciudad", "¿Qué quieres buscar?", "Use tu ubicación", "«X» no es para ti."])
def test_informal_texts_are_recognized(text: str) -> None:
    assert is_informal(text)


@pytest.mark.parametrize("text", ["¿A quién busca?", "Use su ubicación", "Usted busca", "Busque por ciudad"])
def test_formal_texts_are_not_informal(text: str) -> None:
    assert not is_informal(text)


def is_informal(text: str) -> bool:
    """Return whether a text has a word that addresses somebody as "tú". "¿Busca algo?" is a question to "usted"."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", TAG.sub("", text))]
    is_command = words[:1] and words[0] in INFORMAL_FIRST_WORDS and not text.startswith("¿") and len(words) > 1
    return bool(is_command) or not INFORMAL_WORDS.isdisjoint(words)
