"""`Suggestion`: a search that a person may mean by what they have typed so far."""

from enum import StrEnum

from msgspec import Struct

from directory.gazetteer.place import Place
from directory.kinds.instrument import Instrument, Provision
from directory.question import FACETS, Question, RegionFilter, TermFilter
from directory.records import Organization, PublishedRecord
from directory.understanding.places.conditions import near_place
from directory.understanding.places.regions import PlaceOrRegion
from directory.vocabulary.choice_labels import choose_label_language
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import Term, Vocabulary


class SuggestionKind(StrEnum):
    """The kinds, in the order of equally good suggestions.

    Regions and places are sorted together, the largest first and counties last.
    """

    ORGANIZATION = "ORGANIZATION"
    ISSUE_AREA = "ISSUE_AREA"
    COMMUNITY = "COMMUNITY"
    WORK_AREA = "WORK_AREA"
    REGION = "REGION"
    PLACE = "PLACE"
    COALITION = "COALITION"
    EVENT = "EVENT"
    INSTRUMENT = "INSTRUMENT"  # or one of its provisions


class Suggestion(Struct, frozen=True, kw_only=True):
    """A suggestion. `kind` says which of the last five fields is set.

    `sentence`: the whole sentence in its own language, if the suggestion completes one. `whole_question`: the search it leads to,
    if that is more than a search for the name.
    """

    kind: SuggestionKind
    whole_question: Question | None = None
    sentence: str = ""
    is_exact: bool = False  # the words are the whole name
    is_other_name: bool = False  # the words match a synonym or an alias instead of a label
    starts_label: bool = False  # of a term: its label starts with the words, not only a later word of it
    organization: Organization | None = None
    term: str | None = None  # a slug
    region: str | None = None  # a code
    place: Place | None = None
    record: PublishedRecord | None = None  # of another kind than organizations

    @property
    def question(self) -> Question:
        """The search that it leads to. It is built when it is read, because most suggestions are never shown."""
        if self.whole_question is not None:
            return self.whole_question
        if self.organization:
            return Question(text=self.organization.name, membership=(self.organization.membership.status,))
        if self.term:
            return Question(**{KIND_FACETS[self.kind]: TermFilter((self.term,))})  # type: ignore[arg-type]
        if self.region:
            return Question(regions=RegionFilter((self.region,)))
        return Question(clauses=near_place(self.place).clauses) if self.place else Question()

    def label(self, language: str = "en") -> str:
        """Return the text to show: for a term or region in this language, or in English if it has no label there.

        A sentence stays in the language in which it was typed.
        """
        if self.sentence:
            return self.sentence
        if self.term:
            return self._get_vocabulary().require(self.term).label(language)
        if self.region:
            return REGIONS.require(self.region).label(choose_label_language(language))
        if isinstance(self.record, Instrument | Provision):
            return _label_instrument(self.record, choose_label_language(language))
        named = self.organization or self.place or self.record
        return named.name if named else ""

    def find_term(self) -> Term | None:
        """Return the suggested term; None if something else is suggested."""
        return self._get_vocabulary().get(self.term) if self.term else None

    def _get_vocabulary(self) -> Vocabulary:
        return FACETS[KIND_FACETS[self.kind]]


def _label_instrument(record: Instrument | Provision, language: str) -> str:
    name = (record.name_es if language == "es" else None) or record.name
    if isinstance(record, Instrument):
        return name
    article = "" if record.cycle else ("Artículo " if language == "es" else "Article ")
    return f"{article}{record.number}: {name}"


FACET_KINDS = {
    "issue_areas": SuggestionKind.ISSUE_AREA,
    "communities": SuggestionKind.COMMUNITY,
    "work_areas": SuggestionKind.WORK_AREA,
}
KIND_FACETS = {kind: facet for facet, kind in FACET_KINDS.items()}


def suggest_place(place: PlaceOrRegion, question: Question | None = None) -> Suggestion:
    """Return the suggestion of a place or region. Without a question, it leads to what is near the place, or in the region."""
    if isinstance(place, str):
        return Suggestion(kind=SuggestionKind.REGION, whole_question=question, region=place)
    return Suggestion(kind=SuggestionKind.PLACE, whole_question=question, place=place)
