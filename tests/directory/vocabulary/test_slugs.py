"""Slugs are safe in URLs, and private ones cannot be guessed or taken for plain ones."""

import pytest

from directory.errors import BadInput
from directory.vocabulary.slugs import (
    SLUG_LIMIT,
    SUFFIX_LENGTH,
    build_private_slug,
    check_slug,
    generate_suffix,
    is_private_slug,
    slugify,
)


def test_a_name_becomes_a_slug() -> None:
    assert slugify("Women’s & Girls' Niñez, Inc.") == "womens-and-girls-ninez-inc"
    assert slugify("مرحبا") == ""


def test_a_long_name_is_cut_after_a_word() -> None:
    long = slugify("word " * 100)
    assert len(long) <= SLUG_LIMIT
    assert long.endswith("-word")
    assert slugify("x" * 300) == "x" * SLUG_LIMIT


@pytest.mark.parametrize("text", ["", "Upper", "two--hyphens", "-a", "a-", "a_b", "ñ", "a" * (SLUG_LIMIT + 1)])
def test_a_malformed_slug_is_rejected(text: str) -> None:
    with pytest.raises(BadInput):
        check_slug(text)


def test_a_suffix_is_random_and_never_a_word_or_a_number() -> None:
    suffixes = {generate_suffix() for _ in range(2000)}
    assert len(suffixes) == 2000
    for suffix in suffixes:
        assert len(suffix) == SUFFIX_LENGTH
        assert not set("aeiouyl01") & set(suffix)
        assert not suffix.isalpha()
        assert not suffix.isdigit()
        assert is_private_slug(f"harbor-{suffix}")


@pytest.mark.parametrize("plain", ["harbor", "harbor-2", "harbor-tenants-union", "bcdfghjkmn", "a-bcdfghjkmn", "a-2345678923"])
def test_a_plain_slug_is_not_private(plain: str) -> None:
    assert not is_private_slug(plain)


def test_a_suffix_replaces_an_earlier_one_and_the_slug_stays_within_the_limit() -> None:
    slug = build_private_slug("harbor", "bcdfg23456")
    assert slug == "harbor-bcdfg23456"
    assert build_private_slug(slug, "kmnpq78923") == "harbor-kmnpq78923"
    long = build_private_slug("a" * SLUG_LIMIT, "bcdfg23456")
    assert check_slug(long) == long
    assert check_slug(build_private_slug("-".join(["ab"] * 33), "bcdfg23456"))
