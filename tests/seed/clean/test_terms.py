import pytest

from directory.draft_parts import LIST_LIMIT
from directory.errors import BadInput
from directory.vocabulary import ISSUE_AREAS
from seed.clean.terms import Meaning, mapped, meaning, tags


def test_a_tag_is_looked_up_in_its_own_vocabulary_first() -> None:
    assert meaning("Housing", "issue_areas") == Meaning((("issue_areas", "housing"),))
    assert meaning("tenants", "communities").terms == (("communities", "tenants"),)
    assert meaning("tenants", "issue_areas").terms[0][0] == "issue_areas"


def test_a_term_of_another_vocabulary_goes_there_and_that_is_told() -> None:
    assert meaning("Housing", "communities") == Meaning((("issue_areas", "housing"),), "is an issue area")
    assert meaning("Organizing", "issue_areas").reason == "is a work area"


def test_a_language_is_never_sought_among_themes() -> None:
    assert meaning("Housing", "languages").is_unknown
    assert meaning("en-US", "languages").terms == (("languages", "en"),)
    assert meaning("ES", "languages").terms == meaning("Español", "languages").terms == (("languages", "es"),)


def test_tags_ask_all_three_and_tell_where_they_could_mean_two() -> None:
    assert meaning("Youth", "tags").terms == (("communities", "youth"),)
    assert meaning("Organizing", "tags").terms == (("work_areas", "organizing"),)
    assert "also means" in meaning("BLM", "tags").reason


def test_an_unknown_tag_has_its_nearest_terms() -> None:
    unknown = meaning("Tenents", "issue_areas")
    assert unknown.is_unknown
    assert "tenants" in unknown.nearest
    assert all(":" in slug or slug in ISSUE_AREAS for slug in unknown.nearest)
    assert meaning("x" * 500, "tags") == Meaning()


def test_the_profile_says_first_what_a_tag_means() -> None:
    said = {"Evictions!": "housing", "Kids": "communities:youth", "misc": "", "slip": "housin"}
    assert mapped("evictions", "issue_areas", said) == Meaning((("issue_areas", "housing"),))
    assert mapped("Kids", "issue_areas", said) == Meaning((("communities", "youth"),))
    assert mapped("misc", "tags", said) == Meaning(ignored=True)
    assert mapped("other", "tags", said) is None
    slip = mapped("slip", "issue_areas", said)
    assert slip is not None
    assert slip.is_unknown
    assert "housing" in slip.nearest


def test_a_cell_is_parted_where_it_is_no_term_as_a_whole() -> None:
    assert tags("Housing; Immigration\nArts | #Health", "tags") == ["Housing", "Immigration", "Arts", "Health"]
    assert tags("Housing, Health", "issue_areas") == ["Housing", "Health"]
    assert tags("English/Spanish and Korean", "languages") == ["English", "Spanish", "Korean"]
    whole = next(label for term in ISSUE_AREAS for label in term.labels.values() if "," in label)
    assert tags(f"Housing; {whole}", "issue_areas") == ["Housing", whole]


def test_what_a_profile_has_parted_stays() -> None:
    assert tags(["Housing, Health", " Arts "], "tags") == ["Housing, Health", "Arts"]


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(BadInput, match="at most 100"):
        tags(";".join(str(number) for number in range(5000)), "tags")
    most = [str(number) for number in range(LIST_LIMIT)]
    assert tags(";".join([*most, *most]), "tags") == most
    with pytest.raises(BadInput, match=f"These are {LIST_LIMIT + 1} values"):
        tags([*most, "one more"], "tags")
