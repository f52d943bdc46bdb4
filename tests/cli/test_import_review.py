"""`directory seed FILE --review` in the terminal: what it prints, what it refuses, and its exit codes."""

import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.review_process import ReviewProcess, run_review
from tests.seed.import_session import ImportSession

GOOD = "Organization,City,State\nMacon Union,Macon,GA\n"
DOUBTFUL = GOOD + "Macon Unions,Macon,GA\n,Rome,GA\n"
SECONDS = 60


def open_review(review: ReviewProcess) -> httpx2.Client:
    """Open the link like a browser, and wait for the plan."""
    client = httpx2.Client(base_url=review.address, follow_redirects=True)
    page = client.get(review.link)
    deadline = time.monotonic() + SECONDS
    while "Planning" in page.text and time.monotonic() < deadline:
        page = client.get(f"{review.root}/en/working")
    assert "What the import would do" in page.text
    return client


def apply(review: ReviewProcess, client: httpx2.Client) -> None:
    page = client.get(f"{review.root}/en/apply").text
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    form, origin = {"csrf": csrf, "plan": "1"}, {"Origin": review.address}
    response = client.post(f"{review.root}/en/apply", data=form, headers=origin)
    deadline = time.monotonic() + SECONDS
    while "Writing" in response.text and time.monotonic() < deadline:
        response = client.get(f"{review.root}/en/working")
    assert "The plan is written" in response.text


@pytest.mark.slow
def test_a_review_is_applied_and_ended(any_walk: ImportSession) -> None:
    with run_review(any_walk.write_file("good.csv", GOOD), any_walk.url) as review, closing(open_review(review)) as client:
        assert "It works once" in review.output
        apply(review, client)
        assert review.end() == 0
    assert "1 row: 1 created" in review.output
    assert "Written: 1 created, 0 changed, 0 removed, at revision 1. To undo it: directory undo 1" in review.output
    assert list(any_walk.records) == ["Macon Union"]


@pytest.mark.slow
def test_a_review_that_is_ended_writes_nothing(walk: ImportSession) -> None:
    with run_review(walk.write_file("doubtful.csv", DOUBTFUL), walk.url) as review, closing(open_review(review)):
        assert review.end() == 1
    assert "3 rows: 1 created, 0 changed, 0 unchanged, 1 doubtful, 1 rejected" in review.output
    assert "Nothing was written. To write the changes, start the review again and press Apply on its page." in review.output
    assert "Traceback" not in review.output
    assert walk.records == {}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--apply"], "--apply is not for --review: a button of the page writes the plan. Leave out --apply."),
        (["--interactive"], "the pages ask all questions"),
        (["--report", "out.csv"], "the page has the report to download"),
        (["--corrections", "out.csv"], "the page has the corrections file to download"),
        (["--save-profile", "out.toml"], "a button of the page saves the profile"),
        (["--save-tags", "out.csv"], "a page asks what tags mean"),
        (["--show-streets"], "the page never shows private streets of the directory"),
        (["--kind", "events"], "--review is for organizations. Leave it out to import events."),
        (["--kind", "provisions"], "--review is for organizations."),
    ],
)
def test_options_that_a_review_replaces(walk: ImportSession, options: list[str], sentence: str) -> None:
    done = walk.seed(walk.write_file("good.csv", GOOD), "--review", *options)
    assert done.exit_code == 2
    assert sentence in done.output


def test_a_review_needs_a_file_that_can_be_read(walk: ImportSession, tmp_path: Path) -> None:
    without = walk.seed("--review")
    assert (without.exit_code, "Name the FILE to review." in without.output) == (2, True)
    stream = walk.seed("-", "--review", stdin=GOOD)
    assert (stream.exit_code, "Save the list to a file, and name that." in stream.output) == (2, True)
    missing = walk.seed(tmp_path / "missing.csv", "--review")
    assert missing.exit_code == 2
    broken = walk.seed(walk.write_file("broken.xlsx", b"PK\x03\x04nothing"), "--review")
    assert broken.exit_code == 2


def test_a_fictional_network_is_not_reviewed(walk: ImportSession) -> None:
    walk.run("fictional", "5")
    done = walk.seed(walk.write_file("good.csv", GOOD), "--review")
    assert (done.exit_code, "must not be mixed with real records" in done.output) == (2, True)
