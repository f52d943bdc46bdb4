"""What a person does with a plan on the page, and everything that can come between: other plans, other tabs, other people."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from directory.curation.undo import undo
from directory.errors import BadInput, Busy, Conflict, Unavailable
from directory.live import Directory
from directory.records import StoredOrganization
from seed.plan.import_plan import ProgressWrapper
from seed.plan.planned_row import Plan, RowAction
from seed.resolve.row_statement import NEW_RECORD
from seed.rows import Row
from seed.sources.dataset import Dataset
from tests.builders import NOW
from tests.web.conftest import put
from tests.web.review.conftest import SECONDS, UNION, ReviewPages, StartReview, build_steps, find_record
from web.review.plan_index import RowKey
from web.review.review_session import LATER, ReviewSession

FIRST, SECOND, THIRD = (RowKey("members.csv", number) for number in (2, 3, 4))


def wait(session: ReviewSession) -> Plan:
    session.job.wait(SECONDS)
    assert not session.job.is_running
    assert session.plan is not None
    return session.plan


def list_actions(session: ReviewSession) -> list[RowAction]:
    return [item.action for item in wait(session).items]


@pytest.fixture
def session(review: ReviewPages) -> ReviewSession:
    return review.session


def test_the_list_has_a_row_of_each_kind(session: ReviewSession) -> None:
    assert list_actions(session) == [RowAction.REVIEW, RowAction.CREATE, RowAction.REJECT]


def test_a_decision_is_planned_and_can_be_taken_back(session: ReviewSession) -> None:
    assert session.decide({FIRST: UNION.id})
    assert list_actions(session)[0] is RowAction.UPDATE
    assert session.decide({FIRST: NEW_RECORD})
    assert list_actions(session)[0] is RowAction.CREATE
    assert session.decide({FIRST: LATER})
    assert list_actions(session)[0] is RowAction.REVIEW
    assert session.plan_number == 4


def test_the_same_answers_make_no_new_plan(session: ReviewSession) -> None:
    assert not session.decide({FIRST: LATER})
    assert not session.decide({})
    assert session.plan_number == 1


@pytest.mark.parametrize("key", [SECOND, THIRD, RowKey("members.csv", 99), RowKey("other.csv", 2)])
def test_a_row_that_is_not_doubtful_takes_no_answer(session: ReviewSession, key: RowKey) -> None:
    with pytest.raises(BadInput, match=f"Row {key.number} is not doubtful"):
        session.decide({FIRST: NEW_RECORD, key: NEW_RECORD})
    assert (session.decisions, session.plan_number) == ({}, 1)


def test_a_row_is_not_doubtful_any_more_after_planning_again(session: ReviewSession, live_directory: Directory) -> None:
    """Somebody removed the record meanwhile, so the row has no candidate that could be chosen."""
    put(live_directory, replace(UNION, name="Unrelated Choir", website=None, sites=()))
    session.start_planning()
    wait(session)
    with pytest.raises(BadInput, match="Row 2 is not doubtful"):
        session.decide({FIRST: UNION.id})


@pytest.mark.parametrize("answer", ["", "yes", "harbor tenants", "00000000-0000-0000-0000-000000000001", "x" * 300])
def test_only_the_answers_on_the_page_are_taken(session: ReviewSession, answer: str) -> None:
    with pytest.raises(BadInput, match="not one of the choices for row 2"):
        session.decide({FIRST: answer})
    assert (session.decisions, session.plan_number) == ({}, 1)


def test_the_plan_that_was_shown_is_written(session: ReviewSession, live_directory: Directory) -> None:
    session.decide({FIRST: UNION.id})
    wait(session)
    for number in (1, 0, 3):
        with pytest.raises(Conflict, match="The plan has changed"):
            session.apply(number)
    session.apply(2)
    wait(session)
    assert session.applied
    assert find_record(live_directory, "Peachtree Legal Aid")
    assert session.applied.receipt.revision == live_directory.store.load_head().revision == 2


def test_a_plan_is_written_once(session: ReviewSession, live_directory: Directory) -> None:
    session.apply(1)
    wait(session)
    with pytest.raises(Conflict, match="written already, as revision 2"):
        session.apply(1)
    assert live_directory.store.load_head().revision == 2


def test_decisions_survive_a_change_of_the_directory(session: ReviewSession, live_directory: Directory) -> None:
    session.decide({FIRST: UNION.id})
    wait(session)
    put(live_directory, replace(UNION, summary="Changed by somebody else"))
    session.apply(2)
    plan = wait(session)
    assert (session.applied, session.was_planned_again, session.plan_number) == (None, True, 3)
    assert plan.items[0].action is RowAction.UPDATE
    session.apply(3)
    wait(session)
    assert (session.applied is not None, session.was_planned_again) == (True, False)
    assert find_record(live_directory, UNION.name).summary == "Changed by somebody else"
    assert find_record(live_directory, "Peachtree Legal Aid")


def test_an_organization_that_was_added_meanwhile_is_not_created_again(session: ReviewSession, live_directory: Directory) -> None:
    """Neither with the same slug nor with another one."""
    assert list_actions(session)[1] is RowAction.CREATE
    record = session.plan.items[1].record_after if session.plan else None
    assert isinstance(record, StoredOrganization)
    for number, slug in enumerate((record.slug, "another-slug"), start=1):
        other = replace(record, id=f"00000000-0000-0000-0000-00000000000{number}", slug=slug)
        put(live_directory, other)
        session.apply(session.plan_number)
        plan = wait(session)
        assert (session.applied, session.was_planned_again, session.job.problem) == (None, True, None)
        assert plan.items[1].action is not RowAction.CREATE
        undo(live_directory, live_directory.store.load_head().revision, now=NOW)
        session.start_planning()
        assert list_actions(session)[1] is RowAction.CREATE


def test_an_import_is_undone_once(session: ReviewSession, live_directory: Directory) -> None:
    with pytest.raises(BadInput, match="Nothing is written"):
        session.undo()
    session.apply(1)
    wait(session)
    session.undo()
    wait(session)
    assert session.applied
    assert session.applied.undone_at == 3
    assert [record.name for record, _ in live_directory.store.load_organizations()] == [UNION.name]
    with pytest.raises(BadInput, match="Nothing is written"):
        session.undo()
    session.start_planning()
    session.apply(session.plan_number if wait(session) else 0)
    wait(session)
    assert [each.undone_at for each in session.applied_plans] == [3, None]


def test_an_undo_is_refused_if_a_record_changed_later(session: ReviewSession, live_directory: Directory) -> None:
    session.apply(1)
    wait(session)
    put(live_directory, replace(find_record(live_directory, "Peachtree Legal Aid"), summary="Edited later"))
    session.undo()
    wait(session)
    assert isinstance(session.job.problem, Conflict)
    assert session.applied
    assert session.applied.undone_at is None


def change_file(session: ReviewSession, how: str) -> None:
    file = session.steps.file
    if how == "deleted":
        file.unlink()
    else:
        file.write_text("Organization,City\nSomebody Else,Macon\n" * 3, encoding="utf-8")


@pytest.mark.parametrize("how", ["changed", "deleted"])
def test_a_file_that_changes_is_not_read_again(session: ReviewSession, live_directory: Directory, how: str) -> None:
    """The numbers of its rows may be those of other organizations. What was planned can still be written."""
    change_file(session, how)
    assert session.has_file_changed
    assert session.profile
    with pytest.raises(BadInput, match=r"members\.csv has changed or is gone"):
        session.change_profile(replace(session.profile, key="another"))
    assert session.profile.key is None
    session.decide({FIRST: UNION.id})
    assert list_actions(session)[0] is RowAction.UPDATE
    session.apply(session.plan_number)
    wait(session)
    assert find_record(live_directory, "Peachtree Legal Aid")


def test_a_profile_reads_the_file_again_and_keeps_decisions(session: ReviewSession) -> None:
    session.decide({FIRST: NEW_RECORD})
    wait(session)
    assert session.profile
    assert not session.change_profile(session.profile)
    columns = {**session.profile.columns, "City": replace(session.profile.columns["City"], field="")}
    assert session.change_profile(replace(session.profile, columns=columns))
    first, *_ = wait(session).items
    assert first.action is RowAction.CREATE
    assert "location.city" not in first.row.columns


@pytest.fixture
def slow_session(live_directory: Directory, tmp_path: Path) -> Iterator[tuple[ReviewSession, threading.Event]]:
    """A session whose planning stops before its last row until the event is set."""
    file, gate = tmp_path / "members.csv", threading.Event()
    file.write_text("Organization,City,State\nOne Union,Atlanta,GA\nTwo Union,Macon,GA\n", encoding="utf-8")
    steps = build_steps(file, live_directory)

    def plan(dataset: Dataset, progress: ProgressWrapper) -> Plan:
        def iterate() -> Iterator[Row]:
            for number, row in enumerate(dataset.rows):
                assert number == 0 or gate.wait(SECONDS)
                yield row

        return steps.plan(replace(dataset, rows=iterate()), progress)

    session = ReviewSession(replace(steps, plan=plan), live_directory, steps.load(None))
    yield session, gate
    gate.set()
    session.job.end()


def test_one_thing_happens_at_a_time(slow_session: tuple[ReviewSession, threading.Event]) -> None:
    session, gate = slow_session
    session.start_planning()
    assert session.job.is_running
    refused = (session.start_planning, session.undo, lambda: session.apply(0), lambda: session.decide({}))
    for act in refused:
        with pytest.raises(Busy, match="Wait until this is done"):
            act()
    gate.set()
    assert len(wait(session).items) == 2
    assert session.job.row_count == 2


def test_a_review_that_ends_stops_planning(slow_session: tuple[ReviewSession, threading.Event]) -> None:
    session, gate = slow_session
    session.start_planning()
    threading.Timer(0.1, gate.set).start()
    session.job.end()
    assert (session.job.is_running, session.plan, session.job.problem) == (False, None, None)
    with pytest.raises(Busy):
        session.start_planning()


def test_what_ends_the_planning_is_said_and_the_earlier_plan_stays(session: ReviewSession) -> None:
    plan = session.plan
    assert session.profile
    session.change_profile(replace(session.profile, encoding="no such encoding"))
    wait(session)
    assert isinstance(session.job.problem, BadInput)
    assert session.plan is plan


def test_an_unexpected_error_has_a_number_for_the_log(start_review: StartReview, caplog: pytest.LogCaptureFixture) -> None:
    session = start_review().session

    def fail(dataset: Dataset, progress: ProgressWrapper) -> Plan:
        raise RuntimeError("secret details")

    session.steps = replace(session.steps, plan=fail)
    session.start_planning()
    session.job.wait(SECONDS)
    assert isinstance(session.job.problem, Unavailable)
    number = session.job.problem.user_message.split()[-1].rstrip(".")
    assert number in caplog.text
    assert "secret" not in session.job.problem.user_message
