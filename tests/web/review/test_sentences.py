"""Sentences about single values on the pages of the review: in Spanish as far as they have no values of the list in them."""

from pathlib import Path

import pytest

from seed.plan_report import EvidenceReport
from seed.report_files import describe_match
from tests.web.review.conftest import StartReview
from web.pages.languages import LANGUAGES
from web.review import sentences
from web.review.sentences import translate_match, translate_sentence

ROOT = Path(__file__).parents[3]
ENGLISH, SPANISH = LANGUAGES["en"], LANGUAGES["es"]
LIST = (
    "Organization,City,State,Email,Website,Description\n"
    "Casa Luz,Macon,GA,luz,casa.example,Llame a Ana al 404-555-0199.\n"
    "Ana Paz,Macon,GA,,,\n"
)


@pytest.mark.parametrize("changes", [{}, {"verdict": "DOUBTFUL"}, {"was_removed": True}, {"is_namesake": True}])
def test_a_match_is_described_as_in_the_terminal(changes: dict[str, object]) -> None:
    evidence = EvidenceReport(**{"organization": "a", "name": "A", "verdict": "SAME", "score": 71.4, "because": (), **changes})  # type: ignore[arg-type]
    assert translate_match(evidence, ENGLISH) == describe_match(evidence)
    assert "puntos" in translate_match(evidence, SPANISH)


def test_every_reason_of_a_repair_that_is_translated_is_written_by_the_import() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "seed").rglob("*.py"))
    assert [reason for reason in sentences._REPAIRS if reason not in code] == []


def test_a_sentence_with_a_value_stays_in_english_and_is_marked() -> None:
    assert translate_sentence('There is no theme "x".', SPANISH).language == "en"
    assert translate_sentence('There is no theme "x".', ENGLISH).language is None
    assert translate_sentence("ALL CAPS", SPANISH)[1:] == ("TODO EN MAYÚSCULAS", None)


def test_a_spanish_page_has_translated_problems_and_repairs(start_review: StartReview) -> None:
    review = start_review(LIST)
    text = review.read("/?show=all", "es")
    assert 'Email "luz": Esta no es una dirección de correo electrónico.' in text
    assert "se agregó https://" in text
    assert "Ana Paz es el nombre de una persona. ¿Es una organización?" in text
    assert "Un texto que todas las personas pueden leer contiene un número de teléfono" in text
    assert "fila 2, Casa Luz, Descripción: 404-555-0199" in text


def test_an_english_page_shows_numbers_in_texts_before_they_are_public(start_review: StartReview) -> None:
    text = start_review(LIST).read()
    assert "A text that everyone may read contains a telephone number or a personal mailbox." in text
    assert "row 2, Casa Luz, Description: 404-555-0199" in text
