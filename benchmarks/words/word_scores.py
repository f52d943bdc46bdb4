"""Measure how questions as members type them are understood: right readings, dead ends and time."""

import statistics
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks import targets
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from benchmarks.words.scoring import LabelledQuestion, find_mistakes, read_questions
from directory.search.snapshot import Snapshot
from directory.understanding.understand import understand

QUESTIONS = Path(__file__).parents[2] / "tests" / "directory" / "understanding"
FILES = ("questions.toml", "sealed_questions.toml")
NETWORK_SIZE = 20_000  # records of the fictional network in which the questions must find something
_REPEATS = 3  # times each sentence is read; the fastest counts
_LANGUAGES = {"en": "English", "es": "Spanish"}


class Score(Struct, frozen=True):
    """How one question was understood. `is_dead_end`: nothing was found, and no next step finds anything."""

    label: LabelledQuestion
    mistakes: list[str]
    total: int
    is_dead_end: bool
    seconds: float

    @property
    def is_right(self) -> bool:
        return not self.mistakes

    @property
    def finds_too_little(self) -> bool:
        """Whether it finds less than the label asks for. Next steps must then find something."""
        return self.total < self.label.min_results


def measure_question(label: LabelledQuestion, snapshot: Snapshot) -> Score:
    """Understand one question and search for it in a snapshot."""
    seconds = min(_time_understanding(label.text, snapshot) for _ in range(_REPEATS))
    understanding = understand(label.text, snapshot)
    result = snapshot.find(understanding.question)
    is_dead_end = not result.total and not result.relaxations
    return Score(label, find_mistakes(label, understanding), result.total, is_dead_end, seconds)


def _time_understanding(text: str, snapshot: Snapshot) -> float:
    start = time.perf_counter()
    understand(text, snapshot)
    return time.perf_counter() - start


def measure_file(path: Path, snapshot: Snapshot) -> list[Score]:
    """Measure all questions of a file."""
    return [measure_question(label, snapshot) for label in read_questions(path)]


def build_tables(scores_by_file: Iterable[tuple[str, Sequence[Score]]]) -> list[Table]:
    """Return a table of scores by language and style for each file, and one of times."""
    scored = list(scores_by_file)
    tables = [_build_score_table(name, scores) for name, scores in scored]
    return [*tables, _build_time_table([score for _, scores in scored for score in scores])]


def _build_score_table(name: str, scores: Sequence[Score]) -> Table:
    target, is_open = targets.UNDERSTOOD_SHARES[name], name == FILES[0]
    rows = [_format_group("all", scores, None if is_open else target)]
    for language, title in _LANGUAGES.items():
        own = [score for score in scores if score.label.language == language]
        rows.append(_format_group(title, own, target if is_open else None))
    styles = sorted({score.label.style for score in scores})
    rows += [_format_group(style, [score for score in scores if score.label.style == style], None) for style in styles]
    columns = ("questions", "number", "right", "find nothing", "dead ends", "share right", "target", "")
    return Table(name, columns, rows)


def _format_group(title: str, scores: Sequence[Score], target: float | None) -> tuple[str, ...]:
    right, dead_ends = sum(score.is_right for score in scores), sum(score.is_dead_end for score in scores)
    empty = sum(score.finds_too_little for score in scores)
    share = right / max(len(scores), 1)
    cells = compare_with_target(share, target, "{:.0%}".format, at_least=True)
    return title, str(len(scores)), str(right), str(empty), str(dead_ends), f"{share:.0%}", *cells


def _build_time_table(scores: Sequence[Score]) -> Table:
    times = [score.seconds for score in scores]
    rows = [
        _format_time("median", statistics.median(times), targets.UNDERSTANDING_MEDIAN_SECONDS),
        _format_time("maximum", max(times), targets.UNDERSTANDING_MAX_SECONDS),
    ]
    return Table("Time to understand a question", ("", "time", "target", ""), rows)


def _format_time(title: str, seconds: float, target: float) -> tuple[str, ...]:
    return title, format_milliseconds(seconds), *compare_with_target(seconds, target, format_milliseconds)


def list_mistakes(scores: Sequence[Score]) -> str:
    """Return the questions that were not understood, with what is wrong, for the person who improves the phrases."""
    return "".join(f"- {score.label.text}\n  {'; '.join(score.mistakes)}\n" for score in scores if not score.is_right)
