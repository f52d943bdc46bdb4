import pytest

from directory.drafts.draft_parts import LIST_LIMIT
from directory.errors import BadInput
from directory.vocabulary.terms import ISSUE_AREAS, LANGUAGES
from seed.clean.values.terms import TagMeaning, find_mapped_term, find_nearest_terms, find_term, split_tags


def test_a_tag_is_looked_up_in_its_own_vocabulary_first() -> None:
    assert find_term("Housing", "issue_areas") == TagMeaning((("issue_areas", "housing"),))
    assert find_term("tenants", "communities").terms == (("communities", "tenants"),)
    assert find_term("tenants", "issue_areas").terms[0][0] == "issue_areas"


def test_a_term_of_another_vocabulary_is_found_and_reported() -> None:
    assert find_term("Housing", "communities") == TagMeaning((("issue_areas", "housing"),), "read as an issue area")
    assert find_term("Organizing", "issue_areas").reason == "read as a work area"


def test_a_language_is_never_searched_among_themes() -> None:
    assert find_term("Housing", "languages").is_unknown
    assert find_term("en-US", "languages").terms == (("languages", "en"),)
    assert find_term("ES", "languages").terms == find_term("Español", "languages").terms == (("languages", "es"),)


def test_tags_search_all_three_vocabularies_and_report_ambiguity() -> None:
    assert find_term("Youth", "tags").terms == (("communities", "youth"),)
    assert find_term("Organizing", "tags").terms == (("work_areas", "organizing"),)
    assert "also means" in find_term("BLM", "tags").reason


def test_an_unknown_tag_has_suggestions() -> None:
    unknown = find_term("Tenents", "issue_areas")
    assert unknown.is_unknown
    assert "tenants" in unknown.suggestions
    assert all(":" in slug or slug in ISSUE_AREAS for slug in unknown.suggestions)
    assert find_term("x" * 500, "tags") == TagMeaning()


def test_the_profile_maps_tags() -> None:
    term_overrides = {"Evictions!": "housing", "Kids": "communities:youth", "misc": "", "slip": "housin"}
    assert find_mapped_term("evictions", "issue_areas", term_overrides) == TagMeaning((("issue_areas", "housing"),))
    assert find_mapped_term("Kids", "issue_areas", term_overrides) == TagMeaning((("communities", "youth"),))
    assert find_mapped_term("misc", "tags", term_overrides) == TagMeaning(is_ignored=True)
    assert find_mapped_term("other", "tags", term_overrides) is None
    slip = find_mapped_term("slip", "issue_areas", term_overrides)
    assert slip is not None
    assert slip.is_unknown
    assert "housing" in slip.suggestions


def test_a_cell_is_split_unless_it_is_one_term() -> None:
    assert split_tags("Housing; Immigration\nArts | #Health", "tags") == ["Housing", "Immigration", "Arts", "Health"]
    assert split_tags("Housing, Health", "issue_areas") == ["Housing", "Health"]
    assert split_tags("English/Spanish and Korean", "languages") == ["English", "Spanish", "Korean"]
    whole = next(label for term in ISSUE_AREAS for label in term.labels.values() if "," in label)
    assert split_tags(f"Housing; {whole}", "issue_areas") == ["Housing", whole]


def test_languages_beside_each_other_are_split_within_a_cell_that_is_split_at_commas() -> None:
    assert split_tags(("Español e inglés",), "languages") == ["Español", "inglés"]
    assert split_tags(("English", "French / Kreyòl"), "languages") == ["English", "French", "Kreyòl"]
    assert split_tags(("Español e inglés",), "communities") == ["Español e inglés"]


def test_tags_split_by_the_profile_are_not_split_again() -> None:
    assert split_tags(["Housing, Health", " Arts "], "tags") == ["Housing, Health", "Arts"]


def test_too_many_tags_are_refused() -> None:
    with pytest.raises(BadInput, match="at most 100"):
        split_tags(";".join(str(number) for number in range(5000)), "tags")
    most = [str(number) for number in range(LIST_LIMIT)]
    assert split_tags(";".join([*most, *most]), "tags") == most
    with pytest.raises(BadInput, match=f"These are {LIST_LIMIT + 1} values"):
        split_tags([*most, "one more"], "tags")


def test_an_unknown_tag_has_the_nearest_terms_of_the_other_vocabularies_too() -> None:
    assert find_term("Housng", "communities").suggestions == ("issue_areas:housing",)
    assert find_term("Polising", "work_areas").suggestions[0] == "issue_areas:policing"
    assert all(slug in LANGUAGES for slug in find_term("Spanisch", "languages").suggestions)


@pytest.mark.parametrize(
    ("tag", "nearest"),
    [
        ("sustainability", "issue_areas:environment"),
        ("Women-led", "issue_areas:women"),
        ("Tenant organizing", "issue_areas:tenants"),
        ("community gardens", "issue_areas:food-water"),
        ("huertos", "issue_areas:food-water"),
        ("homeowners in trouble", "issue_areas:housing"),
        ("trabajo", "issue_areas:workers"),
        ("Climte change action", "issue_areas:environment"),
    ],
)
def test_the_nearest_term_is_the_one_nearest_in_meaning(tag: str, nearest: str) -> None:
    meaning = find_term(tag, "tags")
    assert meaning.is_unknown
    assert meaning.suggestions[0] == nearest


def test_letters_in_common_are_not_a_meaning() -> None:
    for tag in ("sustainability", "stability", "liability", "visibility"):
        assert not any(slug.endswith("disability") for slug in find_term(tag, "tags").suggestions)
    assert find_term("xyzzy", "tags").suggestions == ()
    assert find_nearest_terms("", ("issue_areas",)) == find_nearest_terms("— & —", ("issue_areas",)) == []


def test_broader_terms_are_near_and_other_vocabularies_only_if_asked() -> None:
    nearest = [slug for _, slug in find_nearest_terms("renters in trouble", ("issue_areas",))]
    assert nearest[:2] == ["tenants", "housing"]
    assert {field for field, _ in find_nearest_terms("organizing renters", ("work_areas",))} == {"work_areas"}


def test_self_determination_is_of_nobody_in_particular_and_foreclosure_is_about_housing() -> None:
    assert find_term("self-determination", "tags").is_unknown
    assert find_term("Indigenous self-determination", "tags").terms == (("issue_areas", "indigenous"),)
    for tag in ("foreclosure", "foreclosures", "ejecuciones hipotecarias"):
        assert find_term(tag, "tags").terms == (("issue_areas", "housing"),)
