"""The plan on the page: filters, pages of rows, both sides of each row, decisions, and nothing that is private here."""

import re
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.live import Directory
from directory.records import PrivatePlace
from directory.store.ledger.edits import Remove
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.resolve.row_statement import LEAVE_REMOVED
from seed.rows import Row
from tests.builders import NOW, a_stored_location
from tests.web.conftest import put
from tests.web.review.conftest import (
    PRIVATE_STREET,
    SECONDS,
    UNION,
    ReviewPages,
    StartReview,
    build_steps,
    find_record,
    read_text,
)
from web.review.plan_index import PlanIndex, RowFilter
from web.review.review_session import ReviewSession

ROW_2 = "row:2:members.csv"
MANY = "Organization,City,State\n" + "".join(f"Union Number {number} {number * 7},Macon,GA\n" for number in range(60))


def test_a_person_first_sees_what_needs_a_decision(review: ReviewPages) -> None:
    text = review.read()
    assert "3 rows. Nothing is written until you apply the plan." in text
    assert "Doubtful (1)" in text
    assert "Is Harbor Tenants Unions one of these?" in text
    assert "Peachtree" not in text


@pytest.mark.parametrize(
    ("show", "name"),
    [("created", "Peachtree Legal Aid"), ("rejected", "A new organization needs a name"), ("left-out", "not a website")],
)
def test_a_filter_shows_its_rows(review: ReviewPages, show: str, name: str) -> None:
    text = review.read(f"/?show={show}")
    assert name in text
    assert "Is Harbor Tenants Unions" not in text


def test_unknown_parameters_show_what_there_is(review: ReviewPages) -> None:
    for search in (
        "show=nothing",
        "page=0",
        "page=-1",
        "page=x",
        "page=99999999999",
        "page=²",
        "show=all&page=9",
        "x=" + "y" * 3_000,
    ):
        assert review.get(f"/?{search}").status_code == 200


def test_both_sides_of_a_doubtful_row_stand_side_by_side(review: ReviewPages) -> None:
    text = review.read()
    assert "In the list Harbor Tenants Union the organization's name Harbor Tenants Unions Harbor Tenants Union" in text
    assert "the website – https://harbor.example/" in text
    assert "a city Atlanta Atlanta" in text


def test_a_record_that_the_same_import_creates_has_its_values_beside_the_row(start_review: StartReview) -> None:
    text = (
        "Organization,City,State,Phone,Website\nMesa Verde Union,Macon,GA,478-555-0101,https://verde.example\n"
        "Mesa Verde Union Inc,Macon,GA,478-555-0101,\n"
    )
    review = start_review(text)
    (question,) = review.session.questions.values()
    answer = next(choice.answer for choice in question.choices if choice.candidate)
    for show in ("doubtful", "decided"):
        page = review.read(f"/?show={show}", "es")
        assert "lugar: ciudad Macon Macon" in page
        assert "teléfono 478-555-0101 (478) 555-0101" in page
        assert "sitio web – https://verde.example/" in page
        assert review.post("/decide", {"row:3:members.csv": answer}).status_code == 303


def test_a_changed_row_has_old_and_new_values(review: ReviewPages) -> None:
    assert review.post("/decide", {ROW_2: UNION.id}).status_code == 303
    text = review.read("/?show=changed")
    assert "Field Now After the import" in text
    assert "Contacts not stated Office +14045550101 (everyone)" in text
    assert "Decided by you 1" in text
    assert 'value="later"' in review.get("/?show=decided").text


def test_a_new_row_has_its_values_and_who_sees_them(review: ReviewPages) -> None:
    text = review.read("/?show=created")
    assert "Membership Member" in text
    assert "Issue areas Housing" in text
    assert "everyone ( an office's phone or e-mail )" in text.replace("(an", "( an").replace("mail)", "mail )")
    assert "Unknown tags, not imported: sustainability" in text
    assert "Website Website" not in text


def test_decisions_are_made_on_the_page(review: ReviewPages) -> None:
    response = review.post("/decide", {ROW_2: "new"})
    assert response.headers["location"].endswith("/en/working")
    assert review.get("/working").headers["location"].endswith("/en/")
    assert review.session.plan
    assert review.session.plan.items[0].action is RowAction.CREATE


@pytest.mark.parametrize(
    ("field", "answer", "sentence"),
    [
        ("row:3:members.csv", "new", "Row 3 is not doubtful in the present plan"),
        ("row:99:members.csv", "new", "Row 99 is not doubtful"),
        (ROW_2, "x" * 500, "not one of the choices for row 2"),
        ("row:2", "new", "You have not changed any answer"),
        ("row:" + "9" * 5_000 + ":members.csv", "new", "You have not changed any answer"),
    ],
)
def test_wrong_answers_change_nothing(review: ReviewPages, field: str, answer: str, sentence: str) -> None:
    response = review.post("/decide", {field: answer})
    text = review.read() if response.status_code == 303 else read_text(response)
    assert response.status_code in (303, 422)
    assert sentence in text
    assert review.session.plan_number == 1


def test_rows_are_on_pages_and_are_found_by_name(start_review: StartReview) -> None:
    review = start_review(MANY)
    first = review.read("/?show=all")
    assert "Page 1 of 3" in first
    assert "Union Number 0 0" in first
    assert "Union Number 25 175" not in first
    assert "Union Number 59 413" in review.read("/?show=all&page=3")
    found = review.read("/?show=all&words=NUMBER%2059")
    assert "Union Number 59 413" in found
    assert "Union Number 58" not in found
    assert "No row here has a name with “choir”" in review.read("/?show=all&words=choir")


def test_a_page_of_a_large_plan_needs_no_walk_through_all_rows() -> None:
    items = tuple(
        PlannedRow(row=Row("big.csv", number, {"name": f"Union {number}"}), action=RowAction.CREATE) for number in range(50_000)
    )
    index = PlanIndex(Plan(items))
    started = time.perf_counter()
    for _ in range(100):
        assert index.list_positions(RowFilter.CREATED) is index.list_positions(RowFilter.CREATED)
    assert index.counts[RowFilter.CREATED] == 50_000
    assert time.perf_counter() - started < 5  # a walk through all rows would take a hundred times as long
    assert list(index.list_positions(RowFilter.ALL, "union 49999")) == [49_999]


def test_private_streets_of_the_directory_are_on_no_page(review: ReviewPages) -> None:
    for answer in ("later", UNION.id, "new"):
        review.post("/decide", {ROW_2: answer})
        for path in (
            "/",
            "/?show=all",
            "/?show=changed",
            "/columns",
            "/values",
            "/apply",
            "/report?format=.csv",
            "/report?format=.json",
        ):
            response = review.get(path)
            assert response.status_code == 200
            assert "Hidden" not in response.text, path
            random_texts = rf"{review.access.csrf}|{review.access.root}|/assets/\S+"
            assert "77" not in re.sub(random_texts, "", response.text), path


def test_a_private_street_that_differs_is_said_to_differ(start_review: StartReview, live_directory: Directory) -> None:
    """The list states another street for the same office: the one that is stored is not shown, the one of the list is."""
    office = a_stored_location(private=PrivatePlace(street=PRIVATE_STREET))
    put(live_directory, replace(UNION, sites=(office,)))
    content = "Organization,City,State,Street,Website\nHarbor Tenants Union,Atlanta,GA,1 Main St,https://harbor.example/\n"
    text = start_review(content).read("/?show=edited")
    assert "street differs" in text
    assert "1 Main St" in text
    assert PRIVATE_STREET not in text


def test_texts_of_the_list_are_never_markup(start_review: StartReview) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    quoted = attack.replace('"', '""')
    review = start_review(
        f'Organization,City,State,"{quoted}"\n"{quoted}",Macon,GA,"{quoted}"\nHarbor Tenants Unions,Atlanta,GA,\n'
    )
    for path in ("/?show=all", "/columns", "/values", "/apply", f"/?words={attack}"):
        page = review.get(path).text
        assert "<script" not in page
        assert "<img" not in page


def test_a_review_of_people_shows_them_only_as_the_list_does(start_review: StartReview) -> None:
    content = (
        "Contact Type,Name,First Name,Last Name,Employer\nOrganization,Macon Union,,,\n"
        "Individual,Rosa Vega,Rosa,Vega,Valdosta Water\nIndividual,Ana Roe,Ana,Roe,Valdosta Water\n"
    )
    review = start_review(content)
    text = review.read("/?show=doubtful")
    assert "Only rows about people name Valdosta Water. Is it an organization?" in text
    assert "An earlier row names the same possible organization. Decide there." in text
    review.post("/decide", {"row:3:members.csv": "new"})
    assert "Valdosta Water" in review.read("/?show=created") + review.read("/?show=contacts")


def test_a_review_without_a_plan_says_why_and_plans_again(
    live_directory: Directory, tmp_path: Path, start_review: StartReview
) -> None:
    review = start_review()
    file = review.session.steps.file
    fresh = ReviewSession(build_steps(file, live_directory), live_directory, build_steps(file, live_directory).load(None))
    file.unlink()
    fresh.start_planning()
    fresh.job.wait(SECONDS)
    assert fresh.plan, "the file is read before the review begins"
    review.session.index = None
    text = review.read()
    assert "There is no plan yet" in text
    assert review.post("/plan").status_code == 303
    assert "Doubtful (1)" in review.read()


def test_notes_on_the_file_and_records_that_are_missing(start_review: StartReview, live_directory: Directory) -> None:
    review = start_review("Organization,City,State\nMacon Union,Macon,GA\nRome Union,Rome,GA\n")
    review.apply()
    again = start_review("Organization,City,State\nMacon Union,Macon,GA\n")
    text = again.read("/?show=missing")
    assert "No longer in the list (1)" in text
    assert "Rome Union" in text
    assert "Source: members." in text


def test_an_organization_of_the_same_file_can_be_the_candidate(start_review: StartReview) -> None:
    unions = "Macon Workers Union,Macon,GA,478-555-0101\nMacon Worker Unions,Macon,GA,478-555-0101\n"
    review = start_review(f"Organization,City,State,Phone\n{unions}")
    assert review.session.plan
    doubtful = [item for item in review.session.plan.items if item.action is RowAction.REVIEW]
    assert [candidate.is_new for item in doubtful for candidate in item.candidates] == [True]
    assert "which this import creates" in review.read()
    review.post("/decide", {"row:3:members.csv": doubtful[0].candidates[0].answer})
    assert [item.action for item in review.session.plan.items] == [RowAction.CREATE, RowAction.SKIP]


def test_a_record_that_was_removed_can_be_left_removed(start_review: StartReview, live_directory: Directory) -> None:
    """Staff removed it on request, and the list still has it."""
    content = "ID,Organization,City,State\n7,Macon Union,Macon,GA\n"
    first = start_review(content)
    first.apply()
    record = find_record(live_directory, "Macon Union")
    live_directory.write([Remove(record.id)], actor="staff", now=NOW, reason="on request")
    again = start_review(content)
    text = again.read("/?show=doubtful")
    assert "Yes, it is Macon Union , which was removed: restore it" in text
    assert "It was removed: leave it removed" in text
    again.post("/decide", {"row:2:members.csv": LEAVE_REMOVED})
    assert "A person decided that this record stays removed: Macon Union" in again.read("/?show=all")
    again.apply()
    assert [record.name for record, _ in live_directory.store.load_organizations()] == [UNION.name]
    assert "Doubtful" not in start_review(content).read("/?show=all")


def test_a_new_record_with_the_name_of_another_one_says_so(start_review: StartReview, live_directory: Directory) -> None:
    put(live_directory, UNION)
    page = start_review(f"Organization,City,State,Street\n{UNION.name},Seattle,WA,9 Pine St\n").read("/?show=created")
    assert f"although another organization has this name: {UNION.name} ({UNION.slug})" in page
