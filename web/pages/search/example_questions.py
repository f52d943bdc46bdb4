"""The questions on the first page: only those that find something in this network."""

from collections.abc import Iterator, Sequence
from itertools import islice
from weakref import WeakKeyDictionary

from directory.search.snapshot import Snapshot
from directory.text import fold
from directory.vocabulary.region_phrases import format_in_sentence
from directory.vocabulary.regions import REGIONS
from web.pages.languages import mark
from web.pages.page import PageRequest

MAX_EXAMPLES = 3
MAX_CANDIDATES = 9  # questions that are tried
MAX_THEMES = 3  # and as many states
QUESTIONS = (
    mark("Who works on evictions near Chicago?"),
    mark("Racial justice groups in the Deep South"),
    mark("Legal services in Texas, in Spanish"),
)
_EXAMPLES: "WeakKeyDictionary[Snapshot, dict[str, tuple[str, ...]]]" = WeakKeyDictionary()  # by snapshot and language


def find_example_questions(request: PageRequest, themes: Sequence[str]) -> tuple[str, ...]:
    """Return questions that find organizations that this visitor may see, () if there are none.

    `themes` are names of themes with organizations, the best first. Questions are tried once for each snapshot and language.
    """
    by_language = _EXAMPLES.setdefault(request.context.snapshot, {})
    code = request.language.code
    if code not in by_language:
        candidates = islice(_list_candidates(request, themes), MAX_CANDIDATES)
        by_language[code] = tuple(islice((words for words in candidates if _finds_something(request, words)), MAX_EXAMPLES))
    return by_language[code]


def _list_candidates(request: PageRequest, themes: Sequence[str]) -> Iterator[str]:
    """Yield the questions that were written for large networks, then themes in the states with the most organizations."""
    if not themes:
        return
    yield from map(request.language.gettext, QUESTIONS)
    states = _list_states(request)
    pattern = request.language.gettext("%(theme)s in %(region)s")
    for shift in range(len(states)):  # each question with another theme and another state than the one before
        for position, label in enumerate(themes[:MAX_THEMES]):
            yield pattern % {"theme": label, "region": states[(position + shift) % len(states)]}


def _list_states(request: PageRequest) -> list[str]:
    """Return the names of the states with the most organizations, as they stand in sentences."""
    counts = request.ask("home_examples").data["organizations"]["facets"]["states"]
    most = sorted((each for each in counts if each["local"]), key=lambda each: (-each["local"], fold(each["label"])))
    return [format_in_sentence(REGIONS.require(each["value"]), request.language.code) for each in most[:MAX_THEMES]]


def _finds_something(request: PageRequest, words: str) -> bool:
    found = request.ask("example", words=words).data.get("organizations")
    if not found or not found["totalCount"]:
        return False
    understanding = found["understanding"]
    return not (understanding["optionalWords"] or understanding["corrections"])
