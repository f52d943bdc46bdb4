import pytest

from directory.matching.normalized_name import MAX_WORDS, is_deriving_word, normalize_name, parse_name_variants


def words(name: str) -> tuple[str, ...]:
    normalized = normalize_name(name)
    return normalized.words if normalized else ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Harbor Assn., Inc.", "HARBOR ASSOCIATION"),
        ("Natl Ctr for Workers' Rights", "National Center for Worker Rights"),
        ("Niñez & Juventud", "Ninez and Juventud"),
        ("Local No. 032", "Local 32"),
        ("First Church", "1st Church"),
        ("St. Luke's", "Saint Lukes"),
        ("P A T T", "PATT"),
        ("U.S. Peace Network", "United States Peace Network"),
        ("New York City Tenants", "NYC Tenant"),
        ("Families and Ladies", "Family & Lady"),
    ],
)
def test_different_spellings_have_the_same_words(one: str, other: str) -> None:
    assert words(one) == words(other) != ()


@pytest.mark.parametrize("name", ["", "!!!", "  ", "🌻"])
def test_a_name_without_letters_is_none(name: str) -> None:
    assert normalize_name(name) is None
    assert not list(parse_name_variants(name))


@pytest.mark.parametrize("name", ["The", "Inc", "Of And", "La"])
def test_a_name_of_small_words_alone_keeps_them(name: str) -> None:
    assert words(name)


@pytest.mark.parametrize(
    ("name", "variants"),
    [
        ("Harbor Union (formerly Pier Guild)", ["Harbor Union", "Pier Guild"]),
        ("Pier Guild d/b/a Harbor Union", ["Harbor Union", "Pier Guild"]),
        ("Pier Guild, Inc. DBA Harbor Union", ["Harbor Union", "Pier Guild, Inc"]),
        ("Harbor Union f/k/a Pier Guild, aka Dock Club", ["Harbor Union", "Pier Guild", "Dock Club"]),
        ("FKA Twigs Society", ["FKA Twigs Society"]),
        ("Dakar Aid", ["Dakar Aid"]),
    ],
)
def test_other_names_inside_a_name(name: str, variants: list[str]) -> None:
    assert [normalized.text for normalized in parse_name_variants(name)] == variants


@pytest.mark.parametrize("name", ["Harbor Tenants Rights Union (HTRU)", "HTRU - Harbor Tenants Rights Union"])
def test_an_acronym_beside_the_name_is_a_name_of_its_own(name: str) -> None:
    written_out, acronym = parse_name_variants(name)
    assert written_out.words == words("Harbor Tenants Rights Union")
    assert acronym.is_acronym
    assert acronym.words[0] == written_out.initials


def test_initials_leave_small_words_out() -> None:
    normalized = normalize_name("National Law Center on Homelessness & Poverty")
    us = normalize_name("United States Human Rights Network")
    assert normalized is not None
    assert us is not None
    assert normalized.initials == "nlchp"
    assert us.initials == "ushrn"


@pytest.mark.parametrize("word", ["foundation", "friend", "32", "chapter", "pta"])
def test_words_that_mark_another_organization(word: str) -> None:
    assert is_deriving_word(word)
    assert not is_deriving_word("harbor")


@pytest.mark.parametrize("name", ["a " * 20_000, "x" + " " * 20_000 + "(", "aka " * 10_000, "(-" * 20_000, "harbor " * 20_000])
def test_a_hostile_name_is_cut(name: str) -> None:
    assert all(len(normalized.words) <= MAX_WORDS for normalized in parse_name_variants(name))
