"""The address of /partners: who looks for partners, how, and which suggestions are compared.

A group that is not listed is described by terms, states and counties only. Others may see an address, for example in a shared
browser, so nothing in it can be the name of a person or a street.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import UnknownTerm
from directory.gazetteer.gazetteer import get_gazetteer
from directory.partners.allies.request import AllyMode
from directory.question import FACETS
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS
from web.pages.kinds.list_choices import Option, list_states, list_terms
from web.pages.kinds.list_form import AFTER, BEFORE, CURSOR_KEYS, MAX_ECHO_LENGTH, MAX_LEFTOVERS, ListProblem, format_leftover
from web.pages.page import PageRequest
from web.pages.partners.partner_weights import SLIDERS, describe_bad_weight
from web.pages.search.search_form import format_pairs

PATH = "/partners"
ORGANIZATION, MODE, REGION, COMPARE = "organization", "mode", "region", "compare"
THEME, COMMUNITY, WORK, SERVES, SEEKS, OFFERS = "theme", "community", "work", "serves", "seeks", "offers"
STATE, COUNTY = "state", "county"
TERM_KEYS = {THEME: "issueAreas", COMMUNITY: "communities", WORK: "workAreas", SEEKS: "workAreas", OFFERS: "workAreas"}
FACET_OF_TERMS = {"issueAreas": "issue_areas", "communities": "communities", "workAreas": "work_areas"}
DRAFT_KEYS = (*TERM_KEYS, SERVES, STATE, COUNTY)  # describe a group that is not listed
MAX_COMPARED = 3
LIST_LIMITS = {THEME: 50, COMMUNITY: 50, WORK: 50, SERVES: 50, SEEKS: 10, OFFERS: 10, COMPARE: MAX_COMPARED}  # other keys: 1
PAGE_SIZE = 20


class PartnerForm(Struct, frozen=True):
    """What an address asks for: the values of each key that it has, in their order, and what of it cannot be used."""

    path: str
    values: Mapping[str, tuple[str, ...]]
    problems: tuple[ListProblem, ...] = ()

    def get(self, key: str) -> str:
        return self.values.get(key, ("",))[-1]

    def get_all(self, key: str) -> tuple[str, ...]:
        return self.values.get(key, ())

    @property
    def mode(self) -> str:
        return self.get(MODE) or AllyMode.SAME_THEMES.value

    @property
    def is_plain(self) -> bool:
        """Whether the address has no parameter."""
        return not self.values and not self.problems

    @property
    def has_conditions(self) -> bool:
        return bool(self.values)

    @property
    def has_draft(self) -> bool:
        """Whether the address describes a group that is not listed."""
        return any(key in self.values for key in DRAFT_KEYS)

    def build_page(self) -> dict[str, Any]:
        """Return the variables of a document that say which page of the list is shown."""
        if before := self.get(BEFORE):
            return {"last": PAGE_SIZE, "before": before}
        return {"first": PAGE_SIZE, "after": self.get(AFTER) or None}

    def list_pairs(self, *others: str) -> list[tuple[str, str]]:
        """Return the parameters of the first page of the list without those with these keys, for hidden fields."""
        hidden = (*CURSOR_KEYS, *others)
        return [(key, value) for key, values in self.values.items() if key not in hidden for value in values]

    def format(self, **changes: str | Sequence[str]) -> str:
        """Return the query string of the first page with these values; "" and () take a key away."""
        changed = [(key, (value,) if isinstance(value, str) else value) for key, value in changes.items()]
        added = [(key, value) for key, values in changed for value in values if value]
        return format_pairs([*self.list_pairs(*changes), *added])

    def without(self, keys: Collection[str], problem: ListProblem) -> "PartnerForm":
        values = {key: each for key, each in self.values.items() if key not in keys}
        return replace(self, values=values, problems=(*self.problems, problem))

    def with_values(self, key: str, values: Sequence[str], *problems: ListProblem) -> "PartnerForm":
        """Return the form with these values of a key instead of its own."""
        others = {other: each for other, each in self.values.items() if other != key}
        return replace(self, values=others | ({key: tuple(values)} if values else {}), problems=(*self.problems, *problems))


def read_form(request: PageRequest) -> PartnerForm:
    """Return the form of an address. What of it cannot be used gets a sentence, and the rest applies."""
    choices = _list_choices(request)
    given = list(dict.fromkeys((key, value.strip()) for key, value in request.parameters if value.strip()))
    possible: dict[str, list[str]] = {}
    for key, value in given:
        if key in choices and _is_possible(choices[key], value):
            possible.setdefault(key, []).append(value)
    values = {key: tuple(each if key in LIST_LIMITS else each[-1:]) for key, each in possible.items()}
    leftovers = [(key, value) for key, value in given if value not in values.get(key, ())]
    problems = tuple(_describe_leftover(request, key, value) for key, value in leftovers[:MAX_LEFTOVERS])
    form = PartnerForm(request.path, _drop_usual(values), problems)
    for key in [key for key in LIST_LIMITS if len(form.get_all(key)) > LIST_LIMITS[key]]:
        form = form.with_values(key, form.get_all(key)[: LIST_LIMITS[key]], _describe_limit(request, key))
    return _settle_county(request, form)


def list_places(options: Iterable[Option]) -> list[Option]:
    """Return the regions in which a group can be: those whose center is known, which are almost all."""
    return [option for option in options if get_gazetteer().find_region(option[0])]


def list_served(request: PageRequest) -> list[Option]:
    """Return the regions that a group can serve: the whole country, and the states by name."""
    return [(HOME_COUNTRY, request.language.gettext("The whole United States")), *list_states(request)]


def _list_choices(request: PageRequest) -> dict[str, Collection[str] | None]:
    """Return the values that each key can have; None is for any short text."""
    states = {code for code, _ in list_states(request)}
    terms = {key: {slug for slug, _ in list_terms(request, name)} for key, name in TERM_KEYS.items()}
    weights = {slider.key: slider.values for slider in SLIDERS}
    places = {
        STATE: {code for code, _ in list_places(list_states(request))},
        REGION: states,
        SERVES: {HOME_COUNTRY, *states},
        COUNTY: None,
    }
    return {ORGANIZATION: None, MODE: set(AllyMode), COMPARE: None, AFTER: None, BEFORE: None, **places, **terms, **weights}


def _is_possible(choices: Collection[str] | None, value: str) -> bool:
    return choices is None or value in choices


def _drop_usual(values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the values without weights that are the usual ones, which a form sends too."""
    usual = {slider.key: (str(slider.usual),) for slider in SLIDERS}
    return {key: each for key, each in values.items() if usual.get(key) != each}


def _describe_leftover(request: PageRequest, key: str, value: str) -> ListProblem:
    if slider := next((slider for slider in SLIDERS if slider.key == key), None):
        return ListProblem(describe_bad_weight(request.language, slider, value[:MAX_ECHO_LENGTH]))
    text = format_leftover(request.language, key[:MAX_ECHO_LENGTH], value[:MAX_ECHO_LENGTH])
    return ListProblem(text, tuple(_suggest_terms(request, key, value)))


def _suggest_terms(request: PageRequest, key: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield terms with similar names, and the addresses that have them in place of this value."""
    if key not in TERM_KEYS or len(value) > MAX_ECHO_LENGTH:
        return
    labels = dict(list_terms(request, TERM_KEYS[key]))
    rest = [pair for pair in request.parameters if pair[0] not in CURSOR_KEYS]
    try:
        FACETS[FACET_OF_TERMS[TERM_KEYS[key]]].require(value)
    except UnknownTerm as error:
        for slug in error.suggestions:
            pairs = [(key, slug) if pair == (key, value) else pair for pair in rest]
            yield labels[slug], request.link(request.path, format_pairs(pairs))


def _describe_limit(request: PageRequest, key: str) -> ListProblem:
    language, limit = request.language, LIST_LIMITS[key]
    if key == COMPARE:
        text = language.gettext("At most %(limit)s organizations are compared. These are the first. Remove one to add another.")
    else:
        text = language.gettext("At most %(limit)s choices of “%(key)s” count. These are the first. Choose the main ones.")
    return ListProblem(text % {"limit": language.format_count(limit), "key": key})


def _settle_county(request: PageRequest, form: PartnerForm) -> PartnerForm:
    """Return the form with the state of its county, or without a county that does not exist or lies in another state."""
    code = form.get(COUNTY)
    if not code:
        return form
    region = REGIONS.get(code)
    if region is None or region.kind is not RegionKind.COUNTY or not list_places([(code, region.name)]):
        text = format_leftover(request.language, COUNTY, code[:MAX_ECHO_LENGTH])
        return form.without((COUNTY,), ListProblem(text))
    state = next((outer for outer, _ in list_states(request) if outer in REGIONS.containing_codes(code)), "")
    if form.get(STATE) in ("", state):
        return form.with_values(STATE, (state,))
    text = request.language.gettext("%(county)s is not in the state that you chose, so it was left out. Choose a county again.")
    return form.without((COUNTY,), ListProblem(text % {"county": region.label(request.language.code)}))
