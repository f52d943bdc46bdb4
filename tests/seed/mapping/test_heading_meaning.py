import pytest

from seed.mapping.heading_meaning import CONTAINED_CONFIDENCE, MISSPELLED_CONFIDENCE, find_similar_phrase, interpret_heading


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("webiste", "website"),
        ("telephne", "phone"),
        ("organizaton", "name"),
        ("code zip", "location.postal_code"),
        ("discription", "description"),
        ("comunities", "communities"),
    ],
)
def test_slips_of_the_pen(heading: str, field: str) -> None:
    similar = find_similar_phrase(heading)
    assert similar is not None
    assert (similar.field, similar.is_whole) == (field, True)
    assert CONTAINED_CONFIDENCE < similar.confidence <= MISSPELLED_CONFIDENCE


def test_a_phrase_among_other_words_is_less_sure_the_more_they_are() -> None:
    one, two = find_similar_phrase("bookkeeper zip"), find_similar_phrase("senior bookkeeper zip")
    assert one is not None
    assert two is not None
    assert one.field == two.field == "location.postal_code"
    assert not one.is_whole
    assert one.confidence > two.confidence


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "sate",
        "comunities served",
        "email type",
        "phone verified",
        "zip city",
        "b c d f zip",
        "email phone",
        "zzz",
        "website logo",
    ],
)
def test_headings_without_one_similar_phrase(heading: str) -> None:
    assert find_similar_phrase(heading) is None


def test_a_longer_text_is_no_heading() -> None:
    assert interpret_heading("City".ljust(300)).meanings
    assert not interpret_heading("City".ljust(301)).meanings


def test_the_longest_phrase_in_a_heading_decides() -> None:
    """Its shorter phrases may belong to other fields."""
    found = find_similar_phrase("bookkeeper contact email")
    assert found is not None
    assert (found.field, found.phrase) == ("contact.email", "contact email")


@pytest.mark.parametrize("heading", ["Left in 2020", "Left", "Resigned 2019", "left network 2021", "Year left"])
def test_headings_of_a_membership_that_ended(heading: str) -> None:
    assert [meaning.field for meaning in interpret_heading(heading).meanings] == ["membership.ended_on"]


@pytest.mark.parametrize("heading", ["Website 2020", "Dues 2020", "Turn left", "2020"])
def test_a_year_beside_other_words_is_no_end_of_a_membership(heading: str) -> None:
    assert "membership.ended_on" not in {meaning.field for meaning in interpret_heading(heading).meanings}


@pytest.mark.parametrize("heading", ["Fax", "Fax number", "Office fax", "Phone/Fax", "Tel. & Fax", "Fax phone"])
def test_fax_is_not_phone(heading: str) -> None:
    assert not {meaning.field for meaning in interpret_heading(heading).meanings} & {"phone", "contact.phone"}
