"""The options --words and --search: a question about organizations, for commands that are not a search themselves."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import click

from cli.search_output import FICTIONAL_NOTICE, format_left_out, format_understood_parts
from directory.filters.filter_parts import list_filter_parts
from directory.filters.query_strings import parse_query_string
from directory.question import Page, Question, SortOrder, combine_questions
from directory.search.snapshot import Snapshot
from directory.understanding.places.regions import get_label
from directory.understanding.understand import Understanding, understand
from schema.types.near_filter import find_organization_origin

F = TypeVar("F", bound=Callable[..., Any])


class CommandQuestion:
    """The question of --words and --search, and how the words were understood: None without words."""

    def __init__(self, snapshot: Snapshot, words: str | None, search: str | None) -> None:
        """Raises BadInput and its subclasses, as `directory find` and parse_query_string do."""
        self._snapshot = snapshot
        self.understanding: Understanding | None = understand(words, snapshot) if words and not words.isspace() else None
        questions = [self.understanding.question] if self.understanding else []
        questions += [parse_query_string(search, partial(find_organization_origin, snapshot))] if search else []
        self.question = combine_questions(questions, SortOrder(), Page()) if questions else Question()

    def list_notices(self) -> Iterator[str]:
        """Yield the sentences to print with every answer: how the question was understood, and that nothing is real."""
        if self._snapshot.fictional:
            yield FICTIONAL_NOTICE
        yield format_understood_parts(part.label(find_name=self._snapshot.find_name) for part in list_filter_parts(self.question))
        if self.understanding:
            for name in (one for one in self.understanding.ambiguous if one.likeliest is None):
                places = " or ".join(get_label(candidate.place) for candidate in name.candidates)
                yield f"Several places are called {name.words}, so it was left out. Did you mean {places}?"
            yield from map(format_left_out, self.understanding.needs_from_asker)


def question_options(command: F) -> F:
    """Add --words and --search to a command, which gets both as texts or None."""
    search = click.option(
        "--search",
        metavar="QUERY",
        help='Only what this search finds, as in the address of a search page: "issue=housing&region=US-GA".',
    )
    words = click.option("--words", metavar="TEXT", help="Only what `directory find` finds for this text: housing near Atlanta.")
    return words(search(command))
