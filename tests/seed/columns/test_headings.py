from pathlib import Path

import pytest

from directory.errors import BadInput
from seed.columns.headings import FILE, base, load, means, numbered, vocabulary
from seed.fields import FIELDS, GROUPED, kind

WITHOUT_PHRASES = {"same_as", "rest"}  # of our own exports alone


def test_every_flat_field_has_words_and_phrases() -> None:
    fields = vocabulary().fields
    known = {field for names in fields.values() for field in names}
    assert {*FIELDS, *GROUPED} - known == WITHOUT_PHRASES
    assert {*FIELDS, *GROUPED} <= vocabulary().means.keys()


def test_every_phrase_means_a_field_that_there_is() -> None:
    assert all(kind(field) for names in vocabulary().fields.values() for field in names)


def test_what_is_kept_out_is_no_phrase_of_a_field() -> None:
    assert not vocabulary().kept_out.keys() & vocabulary().fields.keys()


def test_numbers_of_groups() -> None:
    assert numbered("location.city", 1) == "location.city"
    assert numbered("location.city", 2) == "location2.city"
    assert base("contact12.email") == "contact.email"
    assert base("location.city") == "location.city"
    assert base("membership.status") == "membership.status"
    assert means("location2.postal_code") == "a postal code"
    assert means("link:peertube") == "a link: peertube"
    assert means("identifier:GB-COH") == "identifier:GB-COH"


def test_a_phrase_of_two_fields_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "headings.toml"
    path.write_text(FILE.read_text(encoding="utf-8").replace('"acronym",', '"acronym", "Zip",'), encoding="utf-8")
    with pytest.raises(BadInput, match=r'headings.toml: "zip" is of acronym and location.postal_code'):
        load(path)


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "headings.toml"
    path.write_text(FILE.read_text(encoding="utf-8").replace("[fields.acronym]", "[fields.akronym]"), encoding="utf-8")
    with pytest.raises(BadInput, match="there is no field akronym"):
        load(path)
