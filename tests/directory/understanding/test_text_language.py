"""The language of a text of a record."""

from collections import Counter

import pytest

from cli.fictional.organizations import generate_fictional_organizations
from directory.understanding.text_language import guess_text_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It keeps tenants in their homes.", "en"),
        ("Workers organize for fair wages and safe jobs in the poultry plants of the county.", "en"),
        ("Ayuda a las familias de los trabajadores del campo y sus vecinos.", "es"),
        ("Talleres sobre los derechos de inquilinos y traducción del inglés.", "es"),
        ("Housing", None),
        ("", None),
        ("Casa de la Cultura", None),
        ("Nous aidons les locataires de la ville à rester dans leur maison, avec des avocats et des voisins.", None),
        ("Ajudamos as famílias que vivem na cidade com aulas de inglês para todos e apoio contra despejos.", None),
        ("Nou ede fanmi yo jwenn kay, travay ak yon lekòl pou timoun yo nan vil la.", None),
        ("Tumutulong kami sa mga manggagawa at kanilang pamilya sa lungsod at sa probinsya.", None),
        ("Chúng tôi giúp người thuê nhà ở lại trong nhà của họ.", None),
        ("帮助租户留在家中", None),
        ("Welcome to our center and all of its rooms. Bienvenidos al centro y a todas las salas que están aquí.", None),
    ],
)
def test_language_of_a_text(text: str, language: str | None) -> None:
    assert guess_text_language(text) == language


def test_long_texts_are_read_at_their_beginning() -> None:
    assert guess_text_language("The people of the city and their homes. " * 50 + "los y las del campo " * 10_000) == "en"


def test_summaries_of_the_fictional_network_are_recognized() -> None:
    """They are in English, and some in Spanish."""
    guesses = Counter(guess_text_language(one.summary) for one in generate_fictional_organizations(300) if one.summary)
    assert guesses["en"] > 10 * guesses[None]
    assert guesses["es"]
