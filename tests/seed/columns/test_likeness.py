import pytest

from seed.columns.likeness import AMONG_OTHERS, MISSPELT, like


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
    found = like(heading)
    assert found is not None
    assert (found.field, found.is_whole) == (field, True)
    assert AMONG_OTHERS < found.confidence <= MISSPELT


def test_a_phrase_among_other_words_is_less_sure_the_more_they_are() -> None:
    one, two = like("bookkeeper zip"), like("senior bookkeeper zip")
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
def test_what_resembles_nothing_or_several(heading: str) -> None:
    assert like(heading) is None
