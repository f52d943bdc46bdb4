"""The review of one import: its plan, a person's answers, and the work on them in the background. It knows nothing of pages.

Each answer makes a new plan, with a higher number. What is written is the plan that the person saw: `apply` takes its number.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from directory.curation.revision_summary import RevisionSummary, summarize_revision
from directory.curation.undo import undo
from directory.errors import BadInput, Conflict
from directory.live import Directory
from directory.store.ledger.edits import Receipt
from seed.mapping.profile import Profile
from seed.mapping.questions import SpellingQuestion, TagQuestion, ValueQuestion, list_tag_questions, list_value_questions
from seed.mapping.spelling_questions import list_spelling_questions
from seed.plan.import_plan import ProgressWrapper, apply_plan
from seed.plan.planned_row import Plan
from seed.plan_report import RowQuestion
from seed.rows import Row
from seed.sources.dataset import Dataset
from web.review.background_job import BackgroundJob
from web.review.plan_index import PlanIndex, RowKey
from web.server.clock import utc_now

LATER = "later"  # the answer that leaves a row doubtful
PLANNING, WRITING, UNDOING = "planning", "writing", "undoing"
CHANGED_FILE = (
    "{} has changed or is gone since this review began, so your decisions may be about other rows. Put the earlier file back, or "
    "end this review with Ctrl-C and start it again."
)
OTHER_PLAN = "The plan has changed since you opened that page. Look at the new plan, and then apply it."
NO_LONGER_DOUBTFUL = "Row {} is not doubtful in the present plan, so it needs no decision. Nothing was changed."
NOT_A_CHOICE = "That is not one of the choices for row {}. Choose one of those on the page. Nothing was changed."
APPLIED_ALREADY = "This plan is written already, as revision {}. To look for what remains to import, plan again."
NOTHING_TO_UNDO = "Nothing is written that could be undone."


class ImportSteps(Struct, frozen=True):
    """How the file is imported. `load` reads it with a profile, or with the one that it finds; `plan` plans its rows."""

    file: Path
    load: Callable[[Profile | None], Dataset]
    plan: Callable[[Dataset, ProgressWrapper], Plan]
    retire_missing: bool = False


class Decision(Struct, frozen=True):
    """A person's answer to the question about a doubtful row."""

    answer: str
    question: RowQuestion


class AppliedPlan(Struct, frozen=True):
    """What was written, what everyone sees since then, and the revision that undid it (None if nothing did)."""

    plan: Plan
    dataset: Dataset
    receipt: Receipt
    summary: RevisionSummary | None  # None if nothing had to be written
    undone_at: int | None = None

    @property
    def has_changes(self) -> bool:
        return self.summary is not None


class ReviewSession:
    """The state of a review. Threads may share it. `plan_number` is 0 until the first plan is there."""

    def __init__(self, steps: ImportSteps, directory: Directory, dataset: Dataset) -> None:
        self.steps, self.directory, self.dataset = steps, directory, dataset
        self.profile = dataset.profile
        self.index: PlanIndex | None = None
        self.plan_number = 0
        self.decisions: dict[RowKey, Decision] = {}
        self.value_questions: list[ValueQuestion] = []
        self.tag_questions: list[TagQuestion] = []
        self.spelling_questions: list[SpellingQuestion] = []
        self.applied_plans: list[AppliedPlan] = []  # those that changed something, in order
        self.applied: AppliedPlan | None = None  # the present plan, if it is written
        self.was_planned_again = False  # because the directory had changed
        self.job = BackgroundJob()
        self._rows: tuple[Row, ...] | None = None  # as they were read, without decisions
        self._fresh: Dataset | None = dataset  # read, but its rows are not
        self._file_state = _describe_file(steps.file)
        self._lock = threading.RLock()

    @property
    def plan(self) -> Plan | None:
        return self.index.plan if self.index else None

    @property
    def question_count(self) -> int:
        """The number of questions about values, tags and spellings."""
        return len(self.value_questions) + len(self.tag_questions) + len(self.spelling_questions)

    @property
    def has_file_changed(self) -> bool:
        return _describe_file(self.steps.file) != self._file_state

    def start_planning(self, *, reads_again: bool = False) -> None:
        """Plan in the background, with the present answers. Raises Busy, and BadInput if the file has to be read and differs."""
        with self._lock:
            self.require_idle()
            if reads_again or (self._rows is None and self._fresh is None):
                self._require_same_file()
                self._rows = self._fresh = None
            self.applied = None
            count = len(self._rows) if self._rows else self.dataset.estimated_row_count
            self.job.start(PLANNING, self._make_plan, count)

    def decide(self, answers: Mapping[RowKey, str]) -> bool:
        """Take the answers to doubtful rows, plan again, and return whether any answer is new.

        LATER withdraws a decision. Raises BadInput for a row that is not doubtful and for an answer that is not offered; then no
        answer is taken. Raises Busy.
        """
        with self._lock:
            self.require_idle()
            questions = self.questions
            decisions = dict(self.decisions)
            for key, answer in answers.items():
                question = _require_question(key, questions)
                decisions.pop(key, None)
                if answer != LATER:
                    decisions[key] = Decision(_require_choice(answer, question), question)
            if {key: each.answer for key, each in decisions.items()} == {
                key: each.answer for key, each in self.decisions.items()
            }:
                return False
            self.decisions = decisions
            self.start_planning()
            return True

    @property
    def questions(self) -> dict[RowKey, RowQuestion]:
        """The questions about doubtful rows, and those that have an answer."""
        open_questions = self.index.questions if self.index else {}
        return {**{key: decision.question for key, decision in self.decisions.items()}, **open_questions}

    def change_profile(self, profile: Profile) -> bool:
        """Read the file again with this profile and plan again. Returns False if the profile is the present one.

        Raises Busy, and BadInput if the file has changed.
        """
        with self._lock:
            self.require_idle()
            if profile == self.profile:
                return False
            self._require_same_file()
            self.profile = profile
            self.start_planning(reads_again=True)
            return True

    def apply(self, plan_number: int) -> None:
        """Write the plan of this number in the background. Raises Busy, and Conflict if it is another plan or written already."""
        with self._lock:
            self.require_idle()
            if self.applied:
                raise Conflict(APPLIED_ALREADY.format(self.applied.receipt.revision))
            if self.plan is None or plan_number != self.plan_number:
                raise Conflict(OTHER_PLAN)
            self.job.start(WRITING, self._write_plan)

    def undo(self) -> None:
        """Undo what was written, in the background. Raises Busy, and BadInput if nothing is written."""
        with self._lock:
            self.require_idle()
            if not self.applied or not self.applied.has_changes or self.applied.undone_at:
                raise BadInput(NOTHING_TO_UNDO)
            self.job.start(UNDOING, self._undo)

    def require_idle(self) -> None:
        """Raise Busy while there is work in the background."""
        self.job.require_idle()

    def _require_same_file(self) -> None:
        if self.has_file_changed:
            raise BadInput(CHANGED_FILE.format(self.steps.file.name), argument="file")

    # ---------------------------------------------------------------- in the background

    def _make_plan(self) -> None:
        if self._rows is None:
            dataset = self._fresh or self.steps.load(self.profile)
            self._fresh = None
            rows: Iterable[Row] = dataset.rows
            collected: list[Row] = []
            plan = self.steps.plan(replace(dataset, rows=self._iter_decided(_collect(rows, collected))), self.job.watch)
            self._rows = tuple(collected)
            dataset = replace(dataset, rows=())
        else:
            dataset = self.dataset
            plan = self.steps.plan(replace(dataset, rows=self._iter_decided(self._rows)), self.job.watch)
        index, profile = PlanIndex(plan), self.profile
        values = list_value_questions(self._rows, profile) if profile else []
        tags = list_tag_questions(self._rows, profile) if profile else []
        spellings = list_spelling_questions(self._rows, profile) if profile else []
        with self._lock:
            self.dataset, self.index, self.plan_number = dataset, index, self.plan_number + 1
            self.value_questions, self.tag_questions, self.spelling_questions = values, tags, spellings

    def _iter_decided(self, rows: Iterable[Row]) -> Iterable[Row]:
        answers = {key: decision.answer for key, decision in self.decisions.items()}
        for row in rows:
            answer = answers.get(RowKey.of(row)) if answers else None
            yield replace(row, fields={**row.fields, "same_as": answer}) if answer else row

    def _write_plan(self) -> None:
        plan = self.plan
        assert plan is not None  # noqa: S101 - `apply` requires it
        before = self.directory.store.load_head().revision
        try:
            receipt = apply_plan(
                plan,
                self.directory,
                now=utc_now(),
                reason=f"import of {self.dataset.key}",
                retire_missing=self.steps.retire_missing,
            )
        except Conflict:
            self.was_planned_again = True
            self.job.title, self.job.row_count, self.job.expected_rows = PLANNING, 0, len(plan.items)
            self._make_plan()
            return
        self.was_planned_again = False
        summary = None
        if receipt.revision > before:
            with self.directory.store.begin_read() as reading:
                summary = summarize_revision(reading, receipt.revision)
        self.applied = AppliedPlan(plan, self.dataset, receipt, summary)
        self.applied_plans += [self.applied] if self.applied.has_changes else []

    def _undo(self) -> None:
        applied = self.applied
        assert applied is not None  # noqa: S101 - `undo` requires it
        receipt = undo(self.directory, applied.receipt.revision, now=utc_now())
        self.applied = self.applied_plans[-1] = replace(applied, undone_at=receipt.revision)


def _collect(rows: Iterable[Row], collected: list[Row]) -> Iterable[Row]:
    for row in rows:
        collected.append(row)
        yield row


def _require_question(key: RowKey, questions: Mapping[RowKey, RowQuestion]) -> RowQuestion:
    if key not in questions:
        raise BadInput(NO_LONGER_DOUBTFUL.format(key.number), argument="row")
    return questions[key]


def _require_choice(answer: str, question: RowQuestion) -> str:
    if answer not in {choice.answer for choice in question.choices}:
        raise BadInput(NOT_A_CHOICE.format(question.item.row.number), argument="answer")
    return answer


def _describe_file(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when a file, or a file in a folder, is written; () if it is gone."""
    try:
        files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        return tuple((str(each), (state := each.stat()).st_mtime_ns, state.st_size) for each in files)
    except OSError:
        return ()
