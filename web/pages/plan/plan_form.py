"""The address of a plan: its parameters are those of a plan in one line (directory/partners/plans/request.py).

The page has a few more: `search`, a whole line; `place`, `member` and `words`, as somebody types them; and `no`, the member that
has just said no.
"""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import parse_qsl

from msgspec import Struct
from msgspec.structs import replace

from directory.question.text_limits import SEARCH_LIMIT
from web.pages.endpoint import MAX_PARAMETERS
from web.pages.kinds.list_form import MAX_LEFTOVERS, ListProblem, build_leftover_problem
from web.pages.languages import Language
from web.pages.page import PageRequest, Parameters
from web.pages.search.search_form import Pair, format_pairs

PATH = "/plan"
ISSUE, REGION, INCLUDE, EXCLUDE = "issue", "region", "include", "exclude"
BY, NATIONWIDE, MOST, NEED, FILTER = "by", "nationwide", "max", "per", "filter"
LINE, PLACE, MEMBER, WORDS, DECLINED = "search", "place", "member", "words", "no"
LIST_KEYS = (ISSUE, REGION, INCLUDE, EXCLUDE)
SINGLE_KEYS = (BY, NATIONWIDE, MOST, NEED, FILTER)
TYPED_KEYS = (PLACE, MEMBER, WORDS)
KEYS = (*LIST_KEYS, *SINGLE_KEYS)  # of a plan in one line


class PlanForm(Struct, frozen=True):
    """What an address asks for. `values` has what is chosen for each key, and `texts` those that stand for a choice.

    `decliner` is the key of the member that has just said no, which `values` excludes already, and `former` is the plan without
    that no, in one line; "" if nobody has said no.
    """

    values: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    decliner: str = ""
    former: str = ""
    problems: tuple[ListProblem, ...] = ()

    @classmethod
    def read(cls, request: PageRequest) -> "PlanForm":
        """Return the form. A value is not checked yet, but of a key that can have one value the last one counts."""
        pairs, problems = _expand_lines(request.parameters, request.language)
        lists = {key: tuple(dict.fromkeys(value for name, value in pairs if name == key)) for key in LIST_KEYS}
        single = {key: value for key, value in pairs if key in (*SINGLE_KEYS, *TYPED_KEYS, DECLINED)}
        decliner = single.pop(DECLINED, "")
        if decliner:
            lists[EXCLUDE] = tuple(dict.fromkeys((*lists[EXCLUDE], decliner)))
        texts = {key: single.pop(key) for key in TYPED_KEYS if key in single}
        used = {*single.items(), *texts.items(), (DECLINED, decliner)}
        leftovers = dict.fromkeys(pair for pair in pairs if pair[0] not in LIST_KEYS and pair not in used)
        problems += [build_leftover_problem(request.language, *pair) for pair in list(leftovers)[:MAX_LEFTOVERS]]
        values = {**{key: each for key, each in lists.items() if each}, **{key: (value,) for key, value in single.items()}}
        return cls(values, texts, decliner, problems=tuple(problems))

    def get(self, key: str) -> str:
        """Return the value of a key that can have one, "" without one."""
        return next(iter(self.values.get(key, ())), "")

    def list(self, key: str) -> tuple[str, ...]:
        return self.values.get(key, ())

    @property
    def is_plain(self) -> bool:
        return not (self.values or self.texts or self.problems)

    @property
    def has_conditions(self) -> bool:
        return bool(self.values)

    def format(self) -> str:
        """Return the query string, which is also the plan in one line as the API takes it."""
        return format_pairs([(key, value) for key in KEYS for value in self.list(key)])

    def choose(self, key: str, *values: str) -> "PlanForm":
        """Return the form with these values of a key and no others."""
        others = {name: each for name, each in self.values.items() if name != key}
        return replace(self, values={**others, key: values} if values else others)

    def add(self, key: str, value: str) -> "PlanForm":
        return self.choose(key, *dict.fromkeys((*self.list(key), value)))

    def drop(self, key: str, *values: str) -> "PlanForm":
        """Return the form without these values of a key; without values, without the key."""
        return self.choose(key, *(value for value in self.list(key) if values and value not in values))

    def warn(self, text: str, suggestions: Sequence[tuple[str, str]] = ()) -> "PlanForm":
        return replace(self, problems=(*self.problems, ListProblem(text, tuple(suggestions))))


def link_plan(request: PageRequest, form: PlanForm, *pairs: Pair, fragment: str = "") -> str:
    """Return the address of the page with a form and more parameters."""
    search = "&".join(filter(None, (form.format(), format_pairs(pairs))))
    return request.link(PATH, search) + (f"#{fragment}" if fragment else "")


def _expand_lines(parameters: Parameters, language: Language) -> tuple[list[Pair], list[ListProblem]]:
    """Return the parameters with those of a plan in one line instead of `search`, and what is wrong with that line."""
    pairs, problems = list[Pair](), list[ListProblem]()
    for key, value in parameters:
        if key != LINE:
            pairs.append((key, value.strip()))
        elif (line := _parse_line(value)) is not None:
            pairs += ((name, each) for name, each in line if name != LINE)
        else:
            text = language.gettext(
                "The plan in this address is too long and was left out. "
                "It can have at most %(number)s characters and %(parts)s parameters."
            )
            limits = {"number": language.format_count(SEARCH_LIMIT), "parts": language.format_count(MAX_PARAMETERS)}
            problems.append(ListProblem(text % limits))
    return [(key, value) for key, value in pairs if value], problems[:1]


def _parse_line(line: str) -> Collection[Pair] | None:
    """Return the parameters of a plan in one line; None if it is too long."""
    if len(line) > SEARCH_LIMIT:
        return None
    try:
        return parse_qsl(line.strip().removeprefix("?"), errors="replace", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        return None
