"""The address of a list of coalitions, events or provisions: what it asks for, and what of it cannot be used.

A list is shared by its address, so an address may be old or typed by hand. What is valid applies; the rest gets a sentence.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import ErrorCode
from web.pages.kinds.list_choices import name_values
from web.pages.languages import Language
from web.pages.page import VALUE_ERRORS, PageRequest, PageUnavailable
from web.pages.search.search_form import format_pairs

WORDS, THEME, AFTER, BEFORE = "words", "theme", "after", "before"
CURSOR_KEYS = (AFTER, BEFORE)
MAX_ECHO_LENGTH = 80  # characters of a value in a sentence
MAX_LEFTOVERS = 5  # parameters that get a sentence of their own
ARGUMENT_KEYS = {
    "query": WORDS,
    "issueAreas": THEME,
    "values": THEME,
    "regions": "region",
}  # others have the name of their parameter

Choices: TypeAlias = Mapping[str, Collection[str] | None]
"""The keys that a list understands, with the values that each can have. None is for any text."""


class ListProblem(Struct, frozen=True):
    """Why a part of an address is left out, and links to what may have been meant: pairs of a text and an address."""

    text: str
    suggestions: tuple[tuple[str, str], ...] = ()


class ListForm(Struct, frozen=True):
    """What an address asks for. `values` has one value for each key; keys that are not there have none."""

    path: str
    values: Mapping[str, str]
    problems: tuple[ListProblem, ...] = ()

    @classmethod
    def read(cls, request: PageRequest, choices: Choices) -> "ListForm":
        """Return the form. Of a key that is repeated, the last value counts."""
        keys = {*choices, *CURSOR_KEYS}
        given = [(key, value.strip()) for key, value in request.parameters if value.strip()]
        values = {key: value for key, value in given if key in keys and _is_possible(choices.get(key), value)}
        leftovers = dict.fromkeys(pair for pair in given if values.get(pair[0]) != pair[1])
        problems = (build_leftover_problem(request.language, *pair) for pair in list(leftovers)[:MAX_LEFTOVERS])
        return cls(request.path, values, tuple(problems))

    def get(self, key: str) -> str:
        return self.values.get(key, "")

    @property
    def is_plain(self) -> bool:
        """Whether the address is that of the whole list, without any parameter."""
        return not self.values and not self.problems

    @property
    def has_conditions(self) -> bool:
        return any(key not in CURSOR_KEYS for key in self.values)

    def build_page(self, size: int) -> dict[str, Any]:
        """Return the variables of a document that say which page of the list is shown."""
        if before := self.get(BEFORE):
            return {"last": size, "before": before}
        return {"first": size, "after": self.get(AFTER) or None}

    @property
    def issue_areas(self) -> dict[str, list[str]] | None:
        """The theme as the API takes it; None if there is none."""
        return {"anyOf": [self.get(THEME)]} if self.get(THEME) else None

    def format(self, **changes: str) -> str:
        """Return the query string of the first page with these values; "" takes one away."""
        values = {key: value for key, value in self.values.items() if key not in CURSOR_KEYS} | changes
        return format_pairs([(key, value) for key, value in values.items() if value])

    def without(self, keys: Collection[str], problem: ListProblem) -> "ListForm":
        values = {key: value for key, value in self.values.items() if key not in keys}
        return replace(self, values=values, problems=(*self.problems, problem))


def ask_list(
    request: PageRequest, form: ListForm, document: str, build: Callable[[ListForm], dict[str, Any]]
) -> tuple[dict[str, Any], ListForm]:
    """Execute the document of a list with what is valid in the form. Return its data, and the form with what was used.

    `build` returns the variables. A variable that is not of the form, such as a slug in the path, may be invalid: then there is
    no data. Raises PageUnavailable for other errors.
    """
    answer = request.ask(document, **build(form))
    while answer.errors and form.values:
        form = _drop_invalid(request, form, answer.errors[0]["extensions"])
        answer = request.ask(document, **build(form))
    if answer.errors and (code := ErrorCode(answer.errors[0]["extensions"]["code"])) not in VALUE_ERRORS:
        raise PageUnavailable(code)
    return answer.data, form


def _drop_invalid(request: PageRequest, form: ListForm, details: Mapping[str, Any]) -> ListForm:
    """Return the form without what an error of the API is about; without everything if it does not say."""
    language, argument = request.language, str(details.get("argument"))
    if details["code"] == ErrorCode.BAD_CURSOR or not form.has_conditions:
        text = language.gettext("This page of the list does not exist any more. This is the first page.")
        return form.without(CURSOR_KEYS, ListProblem(text))
    key = ARGUMENT_KEYS.get(argument, argument)
    same = [key for key, value in form.values.items() if value == details.get("value")]
    keys = [key] if form.get(key) else same or list(form.values)
    return form.without((*keys, *CURSOR_KEYS), _describe(request, form, keys[0], details))


def _describe(request: PageRequest, form: ListForm, key: str, details: Mapping[str, Any]) -> ListProblem:
    language, value = request.language, form.get(key)[:MAX_ECHO_LENGTH]
    if limit := details.get("limit"):
        text = language.gettext("The text for “%(key)s” is too long. It can have at most %(number)s characters.")
        return ListProblem(text % {"key": key, "number": language.format_count(limit)})
    suggestions = _iter_suggestions(request, form, key, details.get("suggestions", ()))
    return ListProblem(format_leftover(language, key, value), tuple(suggestions))


def _iter_suggestions(request: PageRequest, form: ListForm, key: str, values: Collection[str]) -> Iterator[tuple[str, str]]:
    names = name_values(request)
    for value in map(str, values):
        yield names.get(value, value), request.link(form.path, form.format(**{key: value}))


def _is_possible(choices: Collection[str] | None, value: str) -> bool:
    return choices is None or value in choices


def build_leftover_problem(language: Language, key: str, value: str) -> ListProblem:
    """Return the problem of a part of an address that cannot be used."""
    return ListProblem(format_leftover(language, key[:MAX_ECHO_LENGTH], value[:MAX_ECHO_LENGTH]))


def format_leftover(language: Language, key: str, value: str) -> str:
    """Return the sentence about a part of an address that cannot be used. Both texts are short."""
    text = language.gettext("A part of the address is not valid and was left out: “%(key)s=%(value)s”.")
    return text % {"key": key, "value": value}
