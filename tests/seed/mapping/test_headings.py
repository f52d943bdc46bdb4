from pathlib import Path

import pytest

from directory.errors import BadInput
from directory.export.flat_fields import FIELDS, GROUP_FIELDS, find_field_kind
from seed.mapping.headings import (
    HEADINGS_FILE,
    add_field_number,
    describe_field,
    load_heading_vocabulary,
    load_headings_file,
    read_heading_vocabulary,
    strip_field_number,
)

WITHOUT_PHRASES = {"same_as", "rest"}  # only in our own exports


def test_every_flat_field_has_words_and_phrases() -> None:
    fields = load_heading_vocabulary().fields
    known = {field for names in fields.values() for field in names}
    assert {*FIELDS, *GROUP_FIELDS} - known == WITHOUT_PHRASES
    assert {*FIELDS, *GROUP_FIELDS} <= load_heading_vocabulary().descriptions.keys()


def test_every_phrase_means_an_existing_field() -> None:
    assert all(find_field_kind(field) for names in load_heading_vocabulary().fields.values() for field in names)


def test_an_excluded_heading_is_not_a_phrase_of_a_field() -> None:
    assert not load_heading_vocabulary().excluded_headings.keys() & load_heading_vocabulary().fields.keys()


def test_fields_of_groups_are_numbered() -> None:
    assert add_field_number("location.city", 1) == "location.city"
    assert add_field_number("location.city", 2) == "location2.city"
    assert strip_field_number("contact12.email") == "contact.email"
    assert strip_field_number("location.city") == "location.city"
    assert strip_field_number("membership.status") == "membership.status"
    assert describe_field("location2.postal_code") == "a postal code"
    assert describe_field("link:peertube") == "a link: peertube"
    assert describe_field("identifier:GB-COH") == "identifier:GB-COH"


def test_a_phrase_that_is_stated_twice_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "headings.toml"
    path.write_text(HEADINGS_FILE.read_text(encoding="utf-8").replace('"acronym(s)",', '"acronym(s)", "Zip",'), encoding="utf-8")
    with pytest.raises(BadInput, match=r'headings.toml: "zip" is stated twice, for acronym and location.postal_code'):
        read_heading_vocabulary(path)


def test_a_plural_mark_stands_for_singular_and_plural() -> None:
    fields = load_heading_vocabulary().fields
    assert fields["area of focus"] == fields["areas of focus"] == ("issue_areas",)
    assert not any("(" in phrase for phrase in fields)


def test_no_phrase_is_stated_beside_its_plural() -> None:
    file = load_headings_file()
    lists = [words.phrases for words in file.fields.values()] + [group.phrases for group in file.kept_out]
    repeated = [
        (phrase, other)
        for phrases in lists
        for phrase in phrases
        for other in phrases
        if phrase != other and _differs_only_in_plural(phrase.split(), other.split())
    ]
    assert repeated == []


def _differs_only_in_plural(singular: list[str], plural: list[str]) -> bool:
    pairs = list(zip(singular, plural, strict=False))
    return len(singular) == len(plural) and all(plural_word in (word, f"{word}s") for word, plural_word in pairs)


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "headings.toml"
    path.write_text(HEADINGS_FILE.read_text(encoding="utf-8").replace("[fields.acronym]", "[fields.akronym]"), encoding="utf-8")
    with pytest.raises(BadInput, match="there is no field akronym"):
        read_heading_vocabulary(path)
