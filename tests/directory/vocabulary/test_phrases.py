from collections.abc import Iterable
from pathlib import Path

import pytest

from directory.errors import BadInput
from directory.question import FACETS
from directory.text import fold
from directory.understanding.function_words import LANGUAGES
from directory.understanding.sentence import stem_phrase
from directory.vocabulary.phrases import Meaning, load_everyday_phrases, load_phrases

MIN_NEW_PHRASES = {"en": 1000, "es": 600}


def list_vocabulary_stems(language: str) -> set[str]:
    terms = [term for vocabulary in FACETS.values() for term in vocabulary]
    phrases = [phrase for term in terms for phrase in (term.labels[language], *term.synonyms.get(language, ()), term.slug)]
    return {stem_phrase(phrase.replace("-", " "), language) for phrase in phrases}


def group_by_stems(phrases: Iterable[tuple[str, Meaning]], language: str) -> dict[str, list[tuple[str, Meaning]]]:
    groups: dict[str, list[tuple[str, Meaning]]] = {}
    for phrase, meaning in phrases:
        groups.setdefault(stem_phrase(phrase, language), []).append((phrase, meaning))
    return groups


def list_repetitions(phrases: Iterable[tuple[str, Meaning]], language: str) -> list[str]:
    """Describe the phrases that are written twice, and those that differ in inflection only and have different meanings."""
    return [
        f"These are one phrase in phrases_{language}.toml; keep one of them: "
        + "; ".join(f'"{phrase}" ({describe_meaning(meaning)})' for phrase, meaning in group)
        for group in group_by_stems(phrases, language).values()
        if len({meaning for _, meaning in group}) > 1 or len({fold(phrase) for phrase, _ in group}) < len(group)
    ]


def describe_meaning(meaning: Meaning) -> str:
    choices = " or ".join(f"{facet}:{value}" for facet, value in meaning.choices)
    return f"ambiguous: {choices}" if meaning.is_ambiguous else choices or "meaningless"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_stands_in_one_place(language: str) -> None:
    assert "\n".join(list_repetitions(load_everyday_phrases(language), language)) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_has_more_than_determiners(language: str) -> None:
    assert group_by_stems(load_everyday_phrases(language), language).get("", []) == []


def test_a_repeated_phrase_is_reported_as_it_is_written() -> None:
    housing, tenants = Meaning((("issue_areas", "housing"),)), Meaning((("issue_areas", "tenants"),), is_ambiguous=True)
    phrases = [("roof", housing), ("Roof", housing), ("rent due", housing), ("rents due", tenants), ("home", housing)]
    assert [line.partition(": ")[2] for line in list_repetitions(phrases, "en")] == [
        '"roof" (issue_areas:housing); "Roof" (issue_areas:housing)',
        '"rent due" (issue_areas:housing); "rents due" (ambiguous: issue_areas:tenants)',
    ]
    assert list_repetitions([("home", housing), ("homes", housing)], "en") == []  # inflections with one meaning do no harm


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_add_many_phrases_to_the_vocabularies(language: str) -> None:
    new = group_by_stems(load_everyday_phrases(language), language).keys() - list_vocabulary_stems(language)
    assert len(new) >= MIN_NEW_PHRASES[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_issue_area_has_everyday_phrases(language: str) -> None:
    found = {choice for _, meaning in load_everyday_phrases(language) for choice in meaning.choices}
    assert [term.slug for term in FACETS["issue_areas"] if ("issue_areas", term.slug) not in found] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("phrases = 1", "not a valid phrase file"),
        ("[[phrases]\n", "not a valid phrase file"),
        ('[[phrases]]\nmeans = ["issueAreas:housing"]\nword = ["homes"]', "not a valid phrase file"),
        ('[[phrases]]\nmeans = ["issueAreas:houses"]\nwords = ["homes"]', '"issueAreas:houses" is not a term or kind'),
        ('[[phrases]]\nmeans = ["kinds:CLUB"]\nwords = ["clubs"]', '"kinds:CLUB" is not a term or kind'),
        ('[[ambiguous]]\nmay_mean = ["topics:housing"]\nwords = ["homes"]', '"topics:housing" is not a term or kind'),
        ('[[phrases]]\nmeans = ["issueAreas:housing"]\nwords = ["?!"]', '"?!" has no letter or digit'),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "phrases_xx.toml"
    path.write_text(text)
    with pytest.raises(BadInput) as refusal:
        list(load_phrases(path))
    assert problem in refusal.value.user_message
    assert "phrases_xx.toml" in refusal.value.user_message


def test_a_file_is_read_with_its_ambiguous_phrases(tmp_path: Path) -> None:
    path = tmp_path / "phrases_xx.toml"
    path.write_text(
        '[[phrases]]\nmeans = ["issueAreas:reentry", "communities:formerly-incarcerated-people"]\nwords = ["on parole"]\n'
        '[[ambiguous]]\nmay_mean = ["kinds:UNION", "workAreas:organizing"]\nwords = ["local"]\n'
    )
    assert dict(load_phrases(path)) == {
        "on parole": Meaning((("issue_areas", "reentry"), ("communities", "formerly-incarcerated-people"))),
        "local": Meaning((("kinds", "UNION"), ("work_areas", "organizing")), is_ambiguous=True),
    }
