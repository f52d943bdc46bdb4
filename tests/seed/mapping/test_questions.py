"""Questions about columns, values and tags: what they show, and what their answers change in the profile."""

import pytest

from directory.errors import BadInput
from seed.mapping.profile import ColumnRule, Profile
from seed.mapping.questions import (
    IGNORE,
    MAX_ANSWER_LENGTH,
    MAX_QUESTIONS,
    TagQuestion,
    list_column_questions,
    list_tag_questions,
    list_value_questions,
    name_columns,
)
from seed.mapping.value_patterns import is_choice
from seed.rows import Row
from seed.sources.dataset import ColumnSample

COLUMNS = (
    ColumnSample("Verein", "name", ("Harbor Union", "Casa Abierta"), "the values look like names"),
    ColumnSample("Town", None, ("Savannah",)),
    ColumnSample("Dues", "membership.status", ("Paid",)),
)


def build_row(number: int, tags: tuple[str, ...] = (), **cells: str) -> Row:
    columns = {"membership.status": "Dues", "kind": "Type"}
    return Row("list.csv", number, {}, cells=cells, columns=columns, unknown_terms=dict.fromkeys(tags, ("housing",)))


def test_a_column_shows_its_guess_its_values_and_all_fields() -> None:
    profile = name_columns(Profile({}), COLUMNS)
    name, town, _ = list_column_questions(COLUMNS, profile)
    assert (name.text, name.samples) == ('"Verein": name (the organization\'s name)', ("Harbor Union", "Casa Abierta"))
    assert (town.text, town.key) == ('"Town": not imported', "column:Town")
    assert ("location.city", "a city") in town.choices
    assert name.reason == "the values look like names"


def test_the_profile_names_columns_by_their_headings() -> None:
    by_position = Profile({"Town": ColumnRule("location.city", "comma"), "Gone": ColumnRule("email")})
    named = name_columns(by_position, COLUMNS)
    assert dict(named.columns) == {
        "Verein": ColumnRule("name"),
        "Town": ColumnRule("location.city", "comma"),
        "Dues": ColumnRule("membership.status"),
    }


@pytest.mark.parametrize(("answer", "field"), [("city", "location.city"), (" location.city ", "location.city"), (IGNORE, "")])
def test_a_column_takes_a_field_by_name_or_heading(answer: str, field: str) -> None:
    profile = name_columns(Profile({}), COLUMNS)
    town = list_column_questions(COLUMNS, profile)[1]
    assert town.apply(profile, answer).columns["Town"] == ColumnRule(field)


def test_a_field_moves_from_another_column_unless_it_can_have_several_values() -> None:
    profile = name_columns(Profile({"Dues": ColumnRule("tags", "comma")}), COLUMNS)
    _, town, dues = list_column_questions(COLUMNS, profile)
    assert town.apply(profile, "name").columns["Verein"] == ColumnRule("")
    assert town.apply(profile, "tags").columns["Dues"] == ColumnRule("tags", "comma")
    assert dues.apply(profile, "tags") == profile


@pytest.mark.parametrize("answer", ["", "nonsense", "x" * (MAX_ANSWER_LENGTH + 1), "location99.city.x"])
def test_a_field_that_does_not_exist_is_refused(answer: str) -> None:
    profile = name_columns(Profile({}), COLUMNS)
    with pytest.raises(BadInput):
        list_column_questions(COLUMNS, profile)[1].apply(profile, answer)


def test_values_that_are_not_understood_are_asked_for_most_frequent_first() -> None:
    rows = [
        build_row(2, Dues="Comp'd"),
        build_row(3, Dues="late"),
        build_row(4, Dues="late"),
        build_row(5, Dues="active"),
        build_row(6, Dues="N/A"),
    ]
    late, waived = list_value_questions(rows, Profile({}))
    assert late.text.startswith('"Dues" is "late" in 2 rows. A membership is active, prospect, lapsed or none.')
    choices = "Write one of these: active, prospect, lapsed, none."
    assert waived.text == f'"Dues" is "Comp\'d" in 1 row. It is read as active. {choices}'
    assert ("LAPSED", "lapsed") in late.choices
    profile = waived.apply(late.apply(Profile({}), IGNORE), "ACTIVE")
    assert profile.values == {"membership.status": {"late": "", "Comp'd": "ACTIVE"}}
    assert list_value_questions(rows, profile) == []
    assert len(list_value_questions([build_row(n, Dues=f"paid {n}x") for n in range(MAX_QUESTIONS + 9)], Profile({}))) == 200


@pytest.mark.parametrize("answer", ["", "paying", "x" * (MAX_ANSWER_LENGTH + 1)])
def test_a_meaning_must_be_a_choice(answer: str) -> None:
    (question,) = list_value_questions([build_row(2, Dues="late")], Profile({}))
    with pytest.raises(BadInput):
        question.apply(Profile({}), answer)


def test_every_choice_that_is_offered_is_understood() -> None:
    rows = [build_row(2, Dues="late"), build_row(3, Type="huh")]
    for question in list_value_questions(rows, Profile({})):
        assert is_choice(question.field)
        for answer, words in question.choices:
            assert question.apply(Profile({}), answer) != Profile({})
            assert question.apply(Profile({}), words) != Profile({})


def test_a_tag_takes_a_number_a_slug_a_label_or_nothing() -> None:
    question = TagQuestion(tag="green space", count=3, nearest=("issue_areas:environment", "issue_areas:housing"))
    assert question.text == 'The tag "green space" in 3 rows is unknown.'
    for answer, term in [("2", "issue_areas:housing"), ("housing", "housing"), (IGNORE, "")]:
        assert question.apply(Profile({}), answer).terms == {"green space": term}
    for answer in ("", "0", "3", "gardens", "x" * (MAX_ANSWER_LENGTH + 1)):
        with pytest.raises(BadInput):
            question.apply(Profile({}), answer)


def test_a_tag_that_the_profile_reads_as_another_counts_as_that_one() -> None:
    rows = [build_row(2, tags=("kid stuff",)), build_row(3, tags=("kids stuff", "other")), build_row(4, tags=("gone", "mapped"))]
    profile = Profile({}, values={"tags": {"Kids stuff": "kid stuff", "gone": ""}}, terms={"mapped": "housing"})
    questions = list_tag_questions(rows, profile)
    assert [(question.tag, question.count) for question in questions] == [("kid stuff", 2), ("other", 1)]
