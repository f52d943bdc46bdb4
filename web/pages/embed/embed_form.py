"""The address of an embed: the parameters of the search page, and how its list or map is shown."""

from typing import Any

from msgspec import Struct

from web.pages.documents import DocumentData
from web.pages.page import PageRequest
from web.pages.search.search_form import Pair, SearchForm, format_pairs
from web.pages.search.search_problems import find_problems

VIEW, NUMBER = "view", "number"
LIST, MAP = "list", "map"
VIEWS = (LIST, MAP)
NUMBERS = (5, 10, 20, 50)  # organizations in a list
DEFAULT_NUMBER = 10


class EmbedForm(Struct, frozen=True):
    """What is shown. A view or a number that is not possible is replaced by the first view or the usual number."""

    search: SearchForm
    view: str
    number: int

    @classmethod
    def read(cls, request: PageRequest) -> "EmbedForm":
        own = {key: value.strip() for key, value in request.parameters if key in (VIEW, NUMBER)}
        search = SearchForm.read([pair for pair in request.parameters if pair[0] not in (VIEW, NUMBER)])
        view = own.get(VIEW, LIST)
        numbers = {str(number): number for number in NUMBERS}
        return cls(search, view if view in VIEWS else LIST, numbers.get(own.get(NUMBER, ""), DEFAULT_NUMBER))

    def ask(self, request: PageRequest) -> tuple[dict[str, Any], bool]:
        """Return the data of documents/embed.graphql, and whether parts of the search were left out as not valid."""
        form = self.search
        answer = self._ask(request, form)
        is_whole = not form.leftovers
        if answer.data.get("organizations") is None:
            is_whole, problems = False, find_problems(request, form, answer.errors)
            answer = self._ask(request, form.without([pair for problem in problems for pair in problem.pairs]))
        if answer.data.get("organizations") is None:  # its parts are valid, but not together
            answer = self._ask(request, SearchForm())
        return answer.data, is_whole

    def _ask(self, request: PageRequest, form: SearchForm) -> DocumentData:
        return request.ask("embed", words=form.words or None, search=form.search or None, first=self.number)

    def format(self, search: str) -> str:
        """Return the query string of the embed of a search."""
        own: list[Pair] = [(VIEW, self.view)] + ([(NUMBER, str(self.number))] if self.view == LIST else [])
        return "&".join(part for part in (search, format_pairs(own)) if part)
