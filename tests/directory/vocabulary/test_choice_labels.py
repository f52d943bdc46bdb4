"""Labels of closed lists: complete and distinct in each language."""

import pytest

from directory.vocabulary.choice_labels import CHOICES, Choice, choose_label_language
from directory.vocabulary.terms import LABEL_LANGUAGES


@pytest.mark.parametrize("name", CHOICES)
def test_the_labels_of_a_list_are_distinct_in_each_language(name: str) -> None:
    for language in LABEL_LANGUAGES:
        labels = [choice.label(language) for choice in CHOICES[name]]
        assert len(set(labels)) == len(labels)
        assert all(label and label == label.strip() and label[0].isupper() for label in labels)


@pytest.mark.parametrize("name", CHOICES)
def test_each_value_has_one_text_for_each_language(name: str) -> None:
    assert {len(choice.translations) for choice in CHOICES[name]} == {len(LABEL_LANGUAGES)}


@pytest.mark.parametrize(
    ("tag", "language"), [("en", "en"), ("es", "es"), ("es-MX", "es"), ("ES-419", "es"), ("fr", "en"), ("", "en"), ("est", "en")]
)
def test_a_language_without_labels_gets_english(tag: str, language: str) -> None:
    assert choose_label_language(tag) == language


def test_a_choice_has_a_label_in_each_language() -> None:
    choice = Choice("UNION", ("Union", "Sindicato"))
    assert [choice.label(), choice.label("es-MX"), choice.label("fr")] == ["Union", "Sindicato", "Union"]
