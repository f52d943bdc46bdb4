import pytest

from directory.errors import BadInput
from seed.mapping.cell_splitting import build_splitter


def split_cell(text: str, field: str = "tags", rule: str | None = None, labels: tuple[str, ...] = ()) -> list[str]:
    parting = build_splitter(field, rule, labels)
    assert parting is not None
    return list(parting(text))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Housing", ["Housing"]),
        ("Housing, homelessness", ["Housing", "homelessness"]),
        ("Food, water and sanitation", ["Food, water and sanitation"]),
        ("Housing, Food, water, and sanitation, Workers", ["Housing", "Food, water, and sanitation", "Workers"]),
        ("Alimentación, agua y saneamiento, Vivienda", ["Alimentación, agua y saneamiento", "Vivienda"]),
        ("Housing; Food, water and sanitation;", ["Housing", "Food, water and sanitation"]),
        ("Housing\r\nArts, culture and resistance\n\n", ["Housing", "Arts, culture and resistance"]),
        ("Housing | zebras, gnus", ["Housing", "zebras, gnus"]),
        ("Housing; Immigration, Homelessness", ["Housing", "Immigration", "Homelessness"]),
        ('"Jobs, wages", "say ""yes""", other', ["Jobs, wages", 'say "yes"', "other"]),
        ('5" pipes, 6" pipes', ['5" pipes', '6" pipes']),
        (" , ,; ", []),
        (",,,", []),
        ("", []),
        ('\x000\x00, "a"', ["\x000\x00", '"a"']),
    ],
)
def test_terms_by_default(text: str, values: list[str]) -> None:
    assert split_cell(text, "issue_areas") == split_cell(text, "tags") == values


def test_two_terms_whose_words_together_are_a_third_stay_two() -> None:
    assert split_cell("Black, Workers", "communities") == ["Black", "Workers"]  # "Black workers" is a community too


def test_a_known_value_with_a_comma_stays_whole_beside_other_separators() -> None:
    assert split_cell("Housing; King County, Washington", "issue_areas") == ["Housing", "King County, Washington"]


def test_how_many_commas_a_label_may_hold() -> None:
    label = ["a", "b", "c", "d", "e", "f"]
    assert split_cell("x, " + ", ".join(label), labels=(", ".join(label),)) == ["x", "a, b, c, d, e, f"]
    assert split_cell(", ".join([*label, "g"]), labels=(", ".join([*label, "g"]),)) == [*label, "g"]


def test_line_breaks_of_any_system_are_one() -> None:
    assert split_cell("a\r\nb\rc\nd", "tags", "newline") == ["a", "b", "c", "d"]


def test_labels_of_a_profile_stay_whole() -> None:
    assert split_cell("Jobs, wages, other", labels=("jobs, WAGES", "other")) == ["Jobs, wages", "other"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Atlanta, GA; Fulton County, GA", ["Atlanta, GA", "Fulton County, GA"]),
        ("Fulton County, GA, DeKalb County, GA", ["Fulton County, GA", "DeKalb County, GA"]),
        ("Georgia, Alabama, New York, New Jersey", ["Georgia", "Alabama", "New York", "New Jersey"]),
        ("GA, AL", ["GA", "AL"]),
        ("Indiana, Pennsylvania", ["Indiana", "Pennsylvania"]),
        ("Georgia, AL", ["Georgia", "AL"]),
        ("New York, NY, Washington, DC", ["New York, NY", "Washington, DC"]),
        ("King County, Washington, Oregon", ["King County, Washington", "Oregon"]),
        ("Macon, Georgia, Alabama", ["Macon, Georgia", "Alabama"]),
        ("Southside, GA", ["Southside, GA"]),
        ("Nationwide", ["Nationwide"]),
        ("Georgia, Alabama; Florida", ["Georgia", "Alabama", "Florida"]),
    ],
)
def test_regions_by_default(text: str, values: list[str]) -> None:
    assert split_cell(text, "service_areas") == values


def test_names_are_split_only_by_a_rule() -> None:
    assert build_splitter("name") is None
    assert build_splitter("former_name") is None
    assert split_cell("Smith, Jones and Co.; Old Name", "former_name", "semicolon") == ["Smith, Jones and Co.", "Old Name"]
    assert split_cell("Tenants, Inc.\nOld Name", "former_name", "newline") == ["Tenants, Inc.", "Old Name"]


def test_a_legal_form_stays_with_its_name_even_at_a_comma() -> None:
    assert split_cell("Tenants United, Inc., Macon Aid, L.L.C.", "former_name", "comma") == [
        "Tenants United, Inc.",
        "Macon Aid, L.L.C.",
    ]
    assert split_cell("Inc., Tenants", "former_name", "comma") == ["Inc.", "Tenants"]


def test_a_rule_of_ones_own() -> None:
    assert split_cell("a / b/c", "tags", " / ") == ["a", "b/c"]
    assert split_cell("a.b", "tags", ".") == ["a", "b"]
    assert split_cell("a; b, c", "tags", "semicolon") == ["a", "b, c"]
    assert split_cell("a, b", "tags", "semicolon") == ["a, b"]
    assert build_splitter("issue_areas", "whole") is None


def test_no_rule_is_refused() -> None:
    with pytest.raises(BadInput, match="separator of a split is empty"):
        build_splitter("tags", "")
