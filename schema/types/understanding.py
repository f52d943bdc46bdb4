"""Understanding: how a person's words were turned into a search, and what needs attention."""

from typing import Annotated

import strawberry

from directory.filters import filter_part
from directory.filters.query_strings import format_query_string
from directory.suggestions import suggestion
from directory.suggestions.suggestion import suggest_place
from directory.understanding import understand
from directory.vocabulary.choice_labels import choose_label_language
from schema.fields import COMPUTED_POINTS, READ_POINTS, attribute_field, computed_field
from schema.types.filter_part import PARTS_POINTS, QUESTION_POINTS, FilterPart, list_parts
from schema.types.suggestion import Suggestion

NotesLanguageArgument = Annotated[
    str | None,
    strawberry.argument(
        description="A BCP 47 tag; English if there are no sentences in the language. Without it, the language of the words."
    ),
]
UNDERSTANDING_POINTS = 40.0
UNDERSTANDING_POINTS_PER_WORD = 8.0
PLACES_POINTS = 30.0  # places that are spelled like an unknown one
CANDIDATES_POINTS = 60.0  # the places that have a name, each with the search that means it


def _resolve_search(root: understand.Understanding) -> str:
    return format_query_string(root.question)


def _resolve_parts(root: understand.Understanding) -> list[filter_part.FilterPart]:
    return list_parts(root.question)


def _resolve_query(root: understand.Understanding) -> str | None:
    return root.text or None


def _resolve_undone(root: understand.Correction) -> str:
    return format_query_string(root.undo())


def _resolve_replacement(root: understand.Correction) -> str:
    return root.replacement


@strawberry.type(description="A word that was read as another one, because it is not known and looks like a typo.")
class Correction:
    original: str = attribute_field("The word as typed.")
    corrected: str = computed_field(_resolve_replacement, "The word as it was read.", cost=READ_POINTS)
    search: str = computed_field(
        _resolve_undone,
        'The search with the word as typed, as a canonical query string: "Search instead for Atlnta".',
        cost=UNDERSTANDING_POINTS,
    )


def _resolve_candidates(root: understand.AmbiguousWords) -> list[suggestion.Suggestion]:
    return [suggest_place(candidate.place, candidate.question) for candidate in root.candidates]


def _resolve_likeliest(root: understand.AmbiguousWords) -> suggestion.Suggestion | None:
    return suggest_place(root.likeliest.place, root.likeliest.question) if root.likeliest else None


@strawberry.type(description="A name of several places.")
class AmbiguousWords:
    words: str = attribute_field("The name as typed.")
    likeliest: Suggestion | None = computed_field(
        _resolve_likeliest,
        "The place that the search has, because it is much likelier than the others; null if the user must choose.",
        cost=COMPUTED_POINTS,
    )
    candidates: list[Suggestion] = computed_field(
        _resolve_candidates,
        "The other places with this name, the most important first, each with the search that means it.",
        cost=CANDIDATES_POINTS,
        length=6,
    )


def _resolve_nearest(root: understand.UnknownPlaceName) -> list[suggestion.Suggestion]:
    return [suggest_place(candidate.place, candidate.question) for candidate in root.suggest()]


@strawberry.type(description='A name after a word such as "near" that is not a known place.')
class UnknownPlace:
    words: str = attribute_field("The name as typed.")
    nearest: list[Suggestion] = computed_field(
        _resolve_nearest,
        "The known places with the most similar names, each with the search that means it.",
        cost=PLACES_POINTS,
        length=3,
    )


def _resolve_notes(root: understand.Understanding, language: NotesLanguageArgument = None) -> list[str]:
    return list(root.describe_in(choose_label_language(language) if language else root.language))


@strawberry.type(description="A search in plain words, interpreted with the vocabularies and the gazetteer.")
class Understanding:
    query: str | None = computed_field(
        _resolve_query,
        "The words that must occur, which are searched as text; null if there are none.",
        cost=COMPUTED_POINTS,
    )
    parts: list[FilterPart] = computed_field(_resolve_parts, "All parts of the search.", cost=PARTS_POINTS, length=4)
    search: str = computed_field(
        _resolve_search,
        "What the words mean as a canonical query string. With other arguments beside `words`, the whole search is "
        "`OrganizationConnection.search`.",
        cost=QUESTION_POINTS,
    )
    optional_words: list[str] = attribute_field(
        "Words that were not understood and need not occur. Organizations that contain them come first.", length=2
    )
    corrections: list[Correction] = attribute_field("Words that were read as other words.", length=1)
    ambiguous: list[AmbiguousWords] = attribute_field(
        "Names of several places. The search has the place that is `likeliest`. If that is null, the name is not part of the "
        "search: ask the user which place is meant.",
        length=1,
    )
    unknown_places: list[UnknownPlace] = attribute_field("Names that are not known places.", length=1)
    needs_from_asker: list[str] = attribute_field(
        'Words such as "near us" that need a location only the user can supply. They are not part of the search. Empty once the '
        "words name a place, or `filter` or `search` has `near`.",
        length=1,
    )
    left_out: list[str] = computed_field(
        lambda root: root.needs_from_asker,
        "The former name of `needsFromAsker`.",
        cost=COMPUTED_POINTS,
        length=1,
        deprecation="Gone after 2027-05-31. Use `Understanding.needsFromAsker`.",
    )
    notes: list[str] = computed_field(
        _resolve_notes,
        "Sentences for the user: how a name was read, or which words were left out.",
        cost=COMPUTED_POINTS,
        length=1,
    )
