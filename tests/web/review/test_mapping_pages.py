"""What columns, values and tags mean: answers are planned, wrong ones are said beside their field, and no answer is lost."""

from pathlib import Path

import pytest

from directory.records import StoredOrganization
from seed.mapping.profile import load_profile
from tests.web.review.conftest import LIST, ReviewPages, StartReview, read_text
from web.pages.languages import LANGUAGES
from web.review.labels import label_term
from web.review.mapping_pages import list_field_groups

COLUMNS = ["Organization", "City", "State", "Street", "Phone", "Membership", "Tags", "Website"]


def send_columns(review: ReviewPages, **fields: str) -> str:
    """Send the form of the columns with these fields by heading, the others as they are. Returns the text of the next page."""
    answers = {f"column:{position}": fields[heading] for position, heading in enumerate(COLUMNS) if heading in fields}
    response = review.post("/columns", answers)
    return review.read("/?show=all") if response.status_code == 303 else read_text(response)


def test_every_column_has_its_values_and_the_guess(review: ReviewPages) -> None:
    text = review.read("/columns")
    assert "8 columns, with the first values of each." in text
    assert "City Atlanta · Macon" in text
    assert '<option value="location.city" selected>a city</option>' in review.get("/columns").text


def test_a_column_gets_another_meaning(review: ReviewPages) -> None:
    text = send_columns(review, Phone="-")
    assert review.session.profile
    assert review.session.profile.columns["Phone"].field == ""
    assert "Peachtree Legal Aid" in text
    assert "404-555-0102" not in review.read("/?show=created").partition("The row in the list")[0]


def test_the_same_columns_make_no_new_plan(review: ReviewPages) -> None:
    assert review.post("/columns", {}).headers["location"].endswith("/columns")
    assert "so the plan is the same" in review.read("/columns")
    assert review.session.plan_number == 1


@pytest.mark.parametrize("field", ["no_such_field", "location.", "link:", "<b>", "x" * 5_000, "location99999999.city2"])
def test_a_field_that_does_not_exist_is_refused_beside_its_column(review: ReviewPages, field: str) -> None:
    text = send_columns(review, Phone=field, City="location.county")
    assert "Correct these columns: Phone" in text
    assert "There is no such field. Choose one of the list." in text
    assert review.session.plan_number == 1


def test_the_other_answers_stay_in_a_form_that_is_refused(review: ReviewPages) -> None:
    answers = {"column:1": "location.county", "column:4": "nonsense"}
    page = review.post("/columns", answers).text
    assert '<option value="location.county" selected>' in page
    assert page.count('aria-invalid="true"') == 1


def test_two_columns_cannot_have_one_field(review: ReviewPages) -> None:
    text = send_columns(review, State="location.city")
    assert "“State” has the same field" in text
    assert "“City” has the same field" in text
    assert review.session.plan_number == 1
    assert "Nothing is changed yet" not in send_columns(review, City="also_known_as", State="also_known_as")


def test_a_second_place_is_offered_and_kept(review: ReviewPages) -> None:
    send_columns(review, Street="location2.street")
    assert "Second place: a street and house number" in read_text(review.get("/columns"))
    send_columns(review, Street="location7.street")
    assert '<option value="location7.street" selected>' in review.get("/columns").text


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_field_is_offered_once(code: str) -> None:
    fields = [field for _, options in list_field_groups(LANGUAGES[code]) for field, _ in options]
    assert len(fields) == len(set(fields)) > 100


def test_a_file_with_fields_has_no_columns_to_map(start_review: StartReview) -> None:
    review = start_review('{"name": "Macon Union", "locations": [{"city": "Macon", "state": "GA"}]}\n', "one.ndjson")
    assert "Columns" not in review.read()
    response = review.get("/columns")
    assert response.status_code == 422
    assert "fixed meaning" in response.text
    assert review.post("/columns", {"column:0": "name"}).status_code == 422
    assert "is understood" in review.read("/values")


def test_a_value_gets_a_meaning_and_can_be_asked_again(start_review: StartReview) -> None:
    review = start_review(LIST.replace("Membership", "Membership status"))
    key = review.session.value_questions[0].key
    assert "Membership status: honorary" in review.read("/values")
    review.post("/values", {key: "PROSPECT"})
    assert review.session.value_questions == []
    assert "Membership Prospective member" in review.read("/?show=created")
    text = review.read("/values")
    assert "honorary → Prospective member" in text
    review.post("/values", {"forget:value:membership.status:honorary": "yes"})
    assert [question.value for question in review.session.value_questions] == ["honorary"]


def test_a_tag_gets_a_term(review: ReviewPages) -> None:
    text = review.read("/values")
    assert "sustainability in 1 row" in text
    assert "Environment" in text
    review.post("/values", {"tag:sustainability": "issue_areas:environment"})
    assert "Environment" in review.read("/?show=created")
    assert review.session.tag_questions == []


def test_a_typed_term_counts_more_than_a_choice(review: ReviewPages) -> None:
    review.post("/values", {"tag:sustainability": "", "other:tag:sustainability": "issue_areas:housing"})
    assert review.session.profile
    assert review.session.profile.terms == {"sustainability": "issue_areas:housing"}


@pytest.mark.parametrize("term", ["no such term at all", "issue_areas:nothing", "x" * 300, "<b>"])
def test_an_unknown_term_is_refused_beside_its_tag(review: ReviewPages, term: str) -> None:
    response = review.post("/values", {"tag:sustainability": "", "other:tag:sustainability": term})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text
    assert "There is no term" in response.text or "at most 200 characters" in response.text
    assert read_text(response).count("What values and tags mean") >= 1
    assert review.session.plan_number == 1


def test_a_question_that_is_answered_in_another_tab(review: ReviewPages) -> None:
    review.post("/values", {"tag:sustainability": "-"})
    response = review.post("/values", {"tag:sustainability": "issue_areas:housing"})
    assert response.status_code == 422
    assert "not asked any more" in response.text
    assert "left out" in review.read("/values")


def test_answers_are_saved_beside_the_list(review: ReviewPages, tmp_path: Path) -> None:
    review.post("/values", {"tag:sustainability": "issue_areas:environment"})
    assert 'value="members.toml"' in review.get("/apply").text
    review.post("/profile", {"name": "members.toml"})
    assert "The next import of this list uses them." in review.read("/apply")
    assert load_profile(tmp_path / "members.toml").terms == {"sustainability": "issue_areas:environment"}
    again = review.post("/profile", {"name": "members.toml"})
    assert again.status_code == 422
    assert "already exists" in again.text
    assert review.post("/profile", {"name": "members.toml", "replace": "yes"}).status_code == 303


@pytest.mark.parametrize(
    "name",
    ["", "members", "../out.toml", "/out.toml", "a\\b.toml", ".hidden.toml", "x" * 200 + ".toml", "a\n.toml", "members.csv"],
)
def test_a_profile_is_saved_nowhere_else(review: ReviewPages, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    response = review.post("/profile", {"name": name, "replace": "yes"})
    assert response.status_code == 422
    assert "Name a file that ends in .toml" in response.text
    assert sorted(tmp_path.rglob("*")) == before


CITIES = (
    "Organization,City,State\n" + "".join(f"{name} Union,Flagstaff,AZ\n" for name in ("Elm", "Oak")) + "Fir Union,Flagstaf,AZ\n"
)


def list_cities(review: ReviewPages) -> list[str]:
    plan = review.session.plan
    assert plan
    return [item.record_after.sites[0].city or "" for item in plan.items if isinstance(item.record_after, StoredOrganization)]


def test_one_button_gives_all_spellings_of_a_value_the_first_one(start_review: StartReview) -> None:
    review = start_review(CITIES)
    assert "Flagstaff in 2 rows Flagstaf in 1 row" in review.read("/values")
    key = review.session.spelling_questions[0].key
    review.post("/values", {"accept": key, key: "-"})
    assert list_cities(review) == ["Flagstaff"] * 3
    assert review.session.spelling_questions == []


def test_spellings_can_be_another_text_or_stay_apart(start_review: StartReview) -> None:
    review = start_review(CITIES)
    key = review.session.spelling_questions[0].key
    review.post("/values", {f"other:{key}": "Sedona"})
    assert list_cities(review) == ["Sedona"] * 3
    apart = start_review(CITIES)
    apart.post("/values", {key: "-"})
    assert list_cities(apart) == ["Flagstaff", "Flagstaff", "Flagstaf"]
    assert apart.session.spelling_questions == []


@pytest.mark.parametrize("key", ["", "spelling:location.city:nothing", "column:City", "x" * 1_000])
def test_only_what_is_asked_can_be_accepted(start_review: StartReview, key: str) -> None:
    review = start_review(CITIES)
    review.post("/values", {"accept": key})
    assert review.session.plan_number == 1


@pytest.mark.parametrize(
    ("term", "label"),
    [
        *((term, "Housing (Issue areas)") for term in ("issue_areas:housing", "housing")),
        ("issue_areas:tenants", "Tenants' rights and eviction (Issue areas)"),
        ("tenants", "Tenants' rights and eviction (Issue areas) / Tenants (Communities)"),  # that of the column
        *((term, term) for term in ("nothing", "nothing:housing")),
    ],
)
def test_a_term_is_named_in_words(term: str, label: str) -> None:
    assert label_term(term, LANGUAGES["en"]) == label
