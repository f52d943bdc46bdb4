"""Apply, see what was written, undo, and plan again; downloads; and what the pages say while something is worked on."""

import csv
import io
import threading
from collections.abc import Iterator

from msgspec.structs import replace

from directory.live import Directory
from seed.plan.import_plan import ProgressWrapper
from seed.plan.planned_row import Plan
from seed.rows import Row
from seed.sources.dataset import Dataset
from tests.web.conftest import put
from tests.web.review.conftest import SECONDS, UNION, ReviewPages, StartReview, find_record, read_text


def test_a_plan_is_applied_and_undone(review: ReviewPages, live_directory: Directory) -> None:
    text = review.read("/apply")
    assert "Created 1" in text
    assert "1 doubtful row" in text
    assert "1 rejected row" in text
    assert "1 value that could not be used" in text
    assert review.apply().status_code == 303
    assert review.get("/working").headers["location"].endswith("/result")
    done = review.read("/result")
    assert "All changes are in revision 2." in done
    assert "Created 1 Changed 0 Removed 0" in done
    assert "directory undo 2" in done
    assert find_record(live_directory, "Peachtree Legal Aid")
    review.post("/undo")
    undone = review.read("/result")
    assert "Revision 2 is undone by revision 3." in undone
    assert "Undo revision" not in undone


def test_a_plan_is_not_applied_twice(review: ReviewPages, live_directory: Directory) -> None:
    review.apply()
    again = review.apply()
    assert again.status_code == 409
    assert "written already, as revision 2" in again.text
    assert live_directory.store.load_head().revision == 2
    assert review.get("/apply").headers["location"].endswith("/result")


def test_another_plan_than_the_one_on_the_page_is_not_applied(review: ReviewPages) -> None:
    for number in ("", "0", "2", "-1", "1.0", "²", "9" * 5_000):
        response = review.post("/apply", {"plan": number})
        assert response.status_code == 409
        assert "Look at the new plan" in response.text
    assert review.session.applied is None


def test_a_directory_that_changed_meanwhile(review: ReviewPages, live_directory: Directory) -> None:
    review.post("/decide", {"row:2:members.csv": UNION.id})
    put(live_directory, replace(UNION, summary="Changed by somebody else"))
    review.apply()
    assert review.get("/working").headers["location"].endswith("/en/")
    text = review.read()
    assert "This is a new plan with your decisions." in text
    assert "Decided by you 1" in text
    review.apply()
    assert "All changes are in revision 3." in review.read("/result")


def test_an_undo_that_is_refused_says_why(review: ReviewPages, live_directory: Directory) -> None:
    assert review.post("/undo").status_code == 422
    review.apply()
    put(live_directory, replace(find_record(live_directory, "Peachtree Legal Aid"), summary="Edited later"))
    review.post("/undo")
    text = review.read("/result")
    assert "changed later" in text
    assert "The plan is written" in text


def test_planning_again_shows_what_remains(review: ReviewPages) -> None:
    review.apply()
    review.post("/plan")
    assert "Unchanged 1" in review.read()
    assert "There is nothing to write." in read_text(review.get("/apply")) or "Apply the plan" in review.read("/apply")


def test_there_is_no_result_before_the_plan_is_applied(review: ReviewPages) -> None:
    assert review.get("/result").headers["location"].endswith("/apply")


def test_corrections_are_downloaded(review: ReviewPages) -> None:
    response = review.get("/corrections")
    assert response.headers["content-disposition"] == 'attachment; filename="corrections.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["Organization"] for row in rows] == ["Harbor Tenants Unions", "Peachtree Legal Aid", ""]
    assert review.get("/corrections?format=.xlsx").content.startswith(b"PK")


def test_a_list_without_problems_has_no_corrections(start_review: StartReview) -> None:
    review = start_review("Organization,City,State\nMacon Union,Macon,GA\n")
    response = review.get("/corrections")
    assert response.status_code == 404
    assert "No row needs a correction" in response.text


def test_reports_are_downloaded(review: ReviewPages) -> None:
    for extension, start in ((".xlsx", b"PK"), (".csv", "\ufefffile".encode()), (".json", b"{")):
        response = review.get(f"/report?format={extension}")
        assert response.content.startswith(start)
        assert response.headers["content-disposition"] == f'attachment; filename="report{extension}"'
    for extension in ("", ".html", "../x", ".ndjson"):
        assert review.get(f"/report?format={extension or '.'}").status_code == 422


def test_pages_say_how_far_the_planning_is(start_review: StartReview) -> None:
    review = start_review()
    gate, steps = threading.Event(), review.session.steps

    def plan(dataset: Dataset, progress: ProgressWrapper) -> Plan:
        def wait_before_the_last() -> Iterator[Row]:
            for number, row in enumerate(dataset.rows):
                assert number < 2 or gate.wait(SECONDS)
                yield row

        return steps.plan(replace(dataset, rows=wait_before_the_last()), progress)

    review.session.steps = replace(steps, plan=plan)
    try:
        assert review.post("/plan", wait=False).headers["location"].endswith("/working")
        assert review.get("/?show=all").headers["location"].endswith("/working")
        page = review.get("/working")
        assert page.headers["refresh"] == "2"
        assert "Planning …" in page.text
        assert "of 3." in page.text
        still = review.get("/working?still=1")
        assert "refresh" not in still.headers
        assert "See whether it is done" in still.text
        busy = review.post("/decide", {"row:2:members.csv": "new"}, wait=False)
        assert busy.status_code == 409
        assert "Wait until this is done" in busy.text
    finally:
        gate.set()
    review.session.job.wait(SECONDS)
    assert review.session.plan_number == 2


def test_every_page_is_in_spanish(review: ReviewPages) -> None:
    assert review.get(language="es").text.count('lang="es"') >= 1
    english = ("What the import would do", "Nothing is written", "Go on to apply", "Doubtful", "Decide later")
    text = review.read("/", "es")
    assert not [words for words in english if words in text]
    assert review.get("/").text.count('hreflang="es"') == 1
