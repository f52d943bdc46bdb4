import re
from pathlib import Path

import pytest

from directory.errors import BadInput
from directory.vocabulary.terms import load_articles, load_vocabulary

GOOD = 'name = "issue area"\n[terms.housing]\nlabel = { en = "Housing", es = "Vivienda" }\n'
SECOND = '[terms.tenants]\nlabel = { en = "Tenants", es = "Inquilinos" }\n'


def test_a_small_good_file(tmp_path: Path) -> None:
    vocabulary = load_vocabulary(_file(tmp_path, GOOD + SECOND + 'broader = ["housing"]'))
    assert [term.slug for term in vocabulary] == ["housing", "tenants"]
    assert vocabulary.closure("housing") == {"housing", "tenants"}


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        (GOOD.replace("housing", "Housing"), "Housing", "a slug must be"),
        (GOOD.replace("housing", '"housing--rights"'), "housing--rights", "a slug must be"),
        (GOOD.replace(', es = "Vivienda"', ""), "housing", 'label in "es"'),
        (GOOD.replace('"Housing"', '""'), "housing", 'label in "en"'),
        (GOOD + 'definition.en = "A home."', "housing", 'definition in "es"'),
        (GOOD + 'broader = ["shelter"]', "housing", '"shelter" is not in the file'),
        (GOOD + 'broader = ["housing"]', "housing", "cycle"),
        (GOOD + 'broader = ["tenants"]\n' + SECOND + 'broader = ["housing"]', "housing, tenants", "cycle"),
        (GOOD + "articles = [0]", "housing", "no article 0"),
        (GOOD + "articles = [31]", "housing", "no article 31"),
        (GOOD + "articles = [25, 25]", "housing", "twice"),
        (GOOD + 'ntee = ["L2"]', "housing", '"L2" is not an NTEE'),
        (GOOD + 'synonyms.en = ["homes", ""]', "housing", "no letter or digit"),
        (GOOD + 'synonyms.en = ["—"]', "housing", "no letter or digit"),
        (GOOD + SECOND + 'synonyms.es = ["¡VIVIENDA!"]', "housing and tenants", 'both have the phrase "vivienda"'),
        ('shared = ["homes"]\n' + GOOD, "shared", '"homes" does not belong to several'),
    ],
)
def test_a_bad_term_is_refused_by_file_and_slug(tmp_path: Path, text: str, where: str, problem: str) -> None:
    with pytest.raises(BadInput, match=re.escape(problem)) as refusal:
        load_vocabulary(_file(tmp_path, text))
    assert refusal.value.user_message.startswith(f"bad.toml, {where}: ")
    assert refusal.value.params == {"file": "bad.toml", "term": where}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = ",
        GOOD + GOOD.partition("\n")[2],  # the same slug twice
        GOOD + 'sinonyms = ["homes"]',
        GOOD + 'articles = ["25"]',
        GOOD + 'disclosure = "SECRET"',
        GOOD + 'synonyms.en = "homes"',
    ],
)
def test_a_file_with_another_structure_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"^bad\.toml is not a valid vocabulary file: "):
        load_vocabulary(_file(tmp_path, text))


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="not a valid vocabulary file"):
        load_vocabulary(path)


def test_a_phrase_may_be_shared_if_it_is_declared(tmp_path: Path) -> None:
    shared = 'shared = ["Homes"]\n' + GOOD + 'synonyms.en = ["homes"]\n' + SECOND + 'synonyms.en = ["Homes"]'
    assert [term.slug for term in load_vocabulary(_file(tmp_path, shared)).find("homes")] == ["housing", "tenants"]


def test_a_label_comes_before_a_synonym(tmp_path: Path) -> None:
    shared = 'shared = ["tenants"]\n' + GOOD + 'synonyms.en = ["tenants"]\n' + SECOND
    assert [term.slug for term in load_vocabulary(_file(tmp_path, shared)).find("Tenants")] == ["tenants", "housing"]


def test_the_article_file_must_be_complete(tmp_path: Path) -> None:
    for text, problem in [
        ("[udhr]\n1 = { en = 'Dignity', es = 'Dignidad' }", "article"),
        ("[udhr]\n" + _articles(range(1, 32)), "article 31"),
        ("[udhr]\n" + _articles(range(1, 30)) + "30 = { en = 'No destruction' }", "article 30"),
        ("[udhr", "not a valid vocabulary file"),
    ]:
        with pytest.raises(BadInput, match=problem):
            load_articles(_file(tmp_path, text))


def _articles(numbers: range) -> str:
    return "".join(f"{number} = {{ en = 'a', es = 'b' }}\n" for number in numbers)


def _file(folder: Path, text: str) -> Path:
    path = folder / "bad.toml"
    path.write_text(text, encoding="utf-8")
    return path
