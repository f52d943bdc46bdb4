"""Names of regions inside of sentences."""

import pytest

from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.region_phrases import format_in_sentence, join_spanish
from directory.vocabulary.regions import REGIONS


@pytest.mark.parametrize(
    ("code", "english", "spanish"),
    [
        ("US-SOUTH", "the South", "el Sur"),
        ("US-MIDWEST", "the Midwest", "el Medio Oeste"),
        ("US-NEW-ENGLAND", "New England", "Nueva Inglaterra"),
        ("US-MOUNTAIN", "the Mountain division", "la división Montañas"),
        ("DEEP-SOUTH", "the Deep South", "el Sur Profundo"),
        ("CAROLINAS", "the Carolinas", "las Carolinas"),
        ("TWIN-CITIES", "the Twin Cities (seven counties)", "las Ciudades Gemelas (siete condados)"),
        ("BERKSHIRES", "the Berkshires", "los Berkshires"),
        ("SILICON-VALLEY", "Silicon Valley", "Silicon Valley"),
        ("BORDERPLEX", "El Paso and Las Cruces", "El Paso y Las Cruces"),
        ("NAVAJO-NATION", "the Navajo Nation", "la Nación Navajo"),
        ("US-METRO-10180", "the Abilene, TX metro area", "el área metropolitana de Abilene, TX"),
        ("US-FL-075", "Levy County, FL", "el condado de Levy, FL"),
        ("US-LA-071", "Orleans Parish, LA", "la parroquia de Orleans, LA"),
        ("US-VA-510", "Alexandria city, VA", "Alexandria city, VA"),
        ("US-GA", "Georgia", "Georgia"),
        ("US-WV", "West Virginia", "Virginia Occidental"),
        ("US-DC", "the District of Columbia", "el Distrito de Columbia"),
        ("US-PR", "Puerto Rico", "Puerto Rico"),
        ("US", "the United States", "Estados Unidos"),
        ("MX", "Mexico", "México"),
        ("CR", "Costa Rica", "Costa Rica"),
        ("SV", "El Salvador", "El Salvador"),
        ("PH", "the Philippines", "las Filipinas"),
    ],
)
def test_names_have_their_articles(code: str, english: str, spanish: str) -> None:
    region = REGIONS.require(code)
    assert (format_in_sentence(region, "en"), format_in_sentence(region, "es")) == (english, spanish)


@pytest.mark.parametrize(
    ("preposition", "phrase", "joined"),
    [
        ("de", "el Sur", "del Sur"),
        ("cerca de", "el condado de Levy, FL", "cerca del condado de Levy, FL"),
        ("lo más cercano a", "el Sur", "lo más cercano al Sur"),
        ("en", "el Sur", "en el Sur"),
        ("de", "la Nación Navajo", "de la Nación Navajo"),
        ("de", "El Salvador", "de El Salvador"),
        ("de", "Elko, NV", "de Elko, NV"),
        ("a menos de 5 millas de", "el Sur", "a menos de 5 millas del Sur"),
    ],
)
def test_prepositions_contract_with_the_article(preposition: str, phrase: str, joined: str) -> None:
    assert join_spanish(preposition, phrase) == joined


def test_a_name_keeps_its_words() -> None:
    """Only an article is added, or the kind of a division; only the first letter may change."""
    for region in REGIONS:
        for language in ("en", "es"):
            label, phrase = region.label(language), format_in_sentence(region, language)
            if region.kind is not RegionKind.CENSUS_DIVISION:
                assert phrase.casefold().endswith(label.casefold())
                assert phrase.removesuffix(label[1:])[:-1] in ("", "the ", "el ", "la ", "los ", "las ")
