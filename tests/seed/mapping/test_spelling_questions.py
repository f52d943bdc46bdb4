"""Questions about spellings: which columns are compared, what an answer does, and that it is remembered."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from directory.errors import BadInput
from seed.mapping.profile import ColumnRule, Profile, load_profile, save_profile
from seed.mapping.questions import IGNORE, SpellingQuestion
from seed.mapping.spelling_questions import list_spelling_questions
from seed.rows import Row
from tests.seed.import_session import ImportSession

FIELDS = {
    "Organization": "name",
    "Street": "location.street",
    "City": "location.city",
    "County": "location.county",
    "State": "location.state",
    "Dues": "membership.status",
    "Themes": "tags",
    "Contact": "contact.name",
    "Title": "contact.role",
    "Mission": "description",
    "Email": "email",
}
PROFILE = Profile({heading: ColumnRule(field) for heading, field in FIELDS.items()})


def list_questions(*cells: Mapping[str, str], profile: Profile = PROFILE) -> list[SpellingQuestion]:
    return list_spelling_questions([Row("list.csv", number, {}, cells=one) for number, one in enumerate(cells, start=2)], profile)


@pytest.mark.parametrize(
    ("heading", "right", "wrong"),
    [
        ("City", "Savannah", "Savanah"),
        ("County", "Chatham", "Chathm"),
        ("State", "Georgia", "Gerogia"),
        ("Dues", "lapsed", "lapsd"),
        ("Themes", "housing", "housng"),
        ("Themes", "community gardens", "comunity gardens"),
        ("Title", "Executive Director", "executive director"),
    ],
)
def test_the_spelling_that_the_import_understands_is_suggested(heading: str, right: str, wrong: str) -> None:
    (question,) = list_questions({heading: right}, {heading: wrong}, {heading: right})
    assert question.text == f'"{heading}": these may be 2 spellings of one value, in 3 rows.'
    assert question.choices == ((right, f"{right} (2 rows)"), (wrong, f"{wrong} (1 row)"))


@pytest.mark.parametrize(
    ("heading", "one", "other"),
    [
        ("Organization", "Casa Abierta", "Casa Abierto"),
        ("Contact", "Ana Ruiz Lopez", "Ana Ruis Lopez"),
        ("Street", "12 River Street", "12 Rivr Street"),
        ("Email", "office@harbor.example", "offce@harbor.example"),
        ("Mission", "Homes for everyone", "Home for everyone"),
        ("Not a column", "Savannah", "Savanah"),
        ("City", "Dublin", "Lublin"),  # both exist
        ("City", "Savannah", "SAVANNAH"),  # cleaning repairs it
        ("Themes", "housing", "Housing"),
        ("Dues", "fully payd", "fully paid!"),  # neither is a choice
    ],
)
def test_there_is_no_question(heading: str, one: str, other: str) -> None:
    assert list_questions({heading: one}, {heading: other}) == []


def test_cells_with_several_values_are_split_and_counted_by_row() -> None:
    (question,) = list_questions({"Themes": "green space; green space; kids"}, {"Themes": "green spaces, kids"})
    assert question.spellings == (("green space", 1), ("green spaces", 1))


def test_a_second_column_of_a_list_is_compared_too() -> None:
    profile = Profile({"Themes": ColumnRule("tags"), "More": ColumnRule("tags"), "Town": ColumnRule("location2.city")})
    cells = ({"More": "green space", "Town": "Savannah"}, {"More": "green spaces", "Town": "Savanah"})
    assert [question.heading for question in list_questions(*cells, profile=profile)] == ["More", "Town"]
    assert list_questions(*cells, profile=profile)[1].field == "location.city"


def test_answers_are_remembered_and_not_asked_again(tmp_path: Path) -> None:
    cells = ({"City": "Savannah", "Title": "Organizer"}, {"City": "Savanah", "Title": "Organiser"})
    city, title = list_questions(*cells)
    profile = title.apply(city.apply(PROFILE, "1"), IGNORE)
    save_profile(tmp_path / "p.toml", profile)
    loaded = load_profile(tmp_path / "p.toml")
    assert loaded.values == {
        "location.city": {"Savanah": "Savannah"},
        "contact.role": {"Organiser": "Organiser", "Organizer": "Organizer"},
    }
    assert list_questions(*cells, profile=loaded) == []
    (later,) = list_questions(*cells, {"City": "Savannha"}, profile=loaded)
    assert later.spellings == (("Savannah", 2), ("Savannha", 1))


def test_another_text_can_be_the_spelling() -> None:
    (question,) = list_questions({"Title": "Organiser"}, {"Title": "Organizer"})
    profile = question.apply(PROFILE, "Community organizer")
    assert set(profile.values["contact.role"].values()) == {"Community organizer"}


def test_answers_that_cannot_be_used_are_refused() -> None:
    (question,) = list_questions({"Dues": "lapsed"}, {"Dues": "lapsd"})
    for answer in ("", "  ", "3", "paying", "x" * 201):
        with pytest.raises(BadInput) as caught:
            question.apply(PROFILE, answer)
        assert caught.value.params["argument"] == "answer"
    assert question.apply(PROFILE, IGNORE) == PROFILE  # a profile can only say which choice a text means


def test_one_answer_repairs_all_rows_and_the_tags_are_asked_for_once(walk: ImportSession) -> None:
    path = walk.write_file(
        "towns.csv",
        "Organization,City,State,Tags\n"
        "Harbor Tenants Union,Savannah,GA,kid stuff\nCasa Abierta,Savanah,GA,kids stuff\nElm Legal Aid,Savanah,GA,kid stuff\n",
    )
    output = walk.seed(path, "--interactive", "--apply", stdin="\n1\nkid stuff\nchildren-youth\n\n").output
    assert '"City": these may be 2 spellings of one value, in 3 rows.\n  1  Savannah (1 row)\n  2  Savanah (2 rows)' in output
    assert output.count("is unknown.") == 1
    assert 'The tag "kid stuff" in 3 rows is unknown.' in output
    assert "  as the profile says (3)\n" in output
    assert {record.sites[0].city for record in walk.records.values()} == {"Savannah"}
    assert {record.issue_areas for record in walk.records.values()} == {("children-youth",)}
    report = walk.import_with_report(path)
    repairs = [(repair["before"], repair["after"]) for item in report["items"] for repair in item["repairs"]]
    assert sorted(repairs) == [("Savanah", "Savannah"), ("Savanah", "Savannah"), ("kids stuff", "kid stuff")]


def test_nothing_is_changed_without_an_answer(walk: ImportSession) -> None:
    path = walk.write_file("towns.csv", "Organization,City,State\nHarbor Union,Savannah,GA\nCasa Abierta,Savanah,GA\n")
    output = walk.seed(path, "--interactive", stdin="\nq\n").output
    assert "One spelling for all" in output
    assert "as the profile says" not in output
    assert not path.with_suffix(".toml").exists()
