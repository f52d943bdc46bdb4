"""The phrases that name the coalitions and provisions of one audience."""

from collections.abc import Iterator, Mapping

from directory.kinds.instrument import Instrument, Provision
from directory.records import RecordKind
from directory.search.record_view import RecordView
from directory.text import fold
from directory.understanding.record_phrases import RecordMeaning, RecordPhrases
from directory.vocabulary.choices import InstrumentKind

# A coalition is recognized by its name inside a sentence only if the name says that it is one: "Housing Justice" is a theme.
COALITION_WORDS = frozenset(
    (
        *("alliance", "campaign", "coalition", "committee", "council", "force", "group", "network", "table", "taskforce"),
        *("alianza", "campana", "coalicion", "comite", "consejo", "fuerza", "grupo", "mesa", "red"),
    )
)
KINDS_WITH_PHRASES = (RecordKind.COALITION, RecordKind.INSTRUMENT, RecordKind.PROVISION)
ARTICLE_WORDS = ("article", "articulo", "art")
_KIND_RANKS = {kind: rank for rank, kind in enumerate(InstrumentKind)}  # of equal numbers, that of a declaration comes first


def build_record_phrases(views: Mapping[RecordKind, RecordView]) -> RecordPhrases:
    """Return the phrases of the coalitions and of the articles that an audience sees. Recommendations are not phrases.

    Of equal phrases, the first one counts. What decides is published: the order of rows depends on hidden records, too.
    """
    return RecordPhrases((*_list_coalition_names(views), *_list_article_names(views)))


def _list_coalition_names(views: Mapping[RecordKind, RecordView]) -> Iterator[tuple[str, RecordMeaning]]:
    rows = views[RecordKind.COALITION].index.rows
    names = ((rows.get_name_key(row)[0], record) for row, record in rows.number_records())
    named = [(name, record) for name, record in names if not COALITION_WORDS.isdisjoint(name.split())]
    for name, record in sorted(named, key=lambda pair: pair[1].id):
        yield name.removeprefix("the "), RecordMeaning(coalition=record.slug)


def _list_article_names(views: Mapping[RecordKind, RecordView]) -> Iterator[tuple[str, RecordMeaning]]:
    articles = [
        (_KIND_RANKS[instrument.kind], instrument, provision)
        for _, provision in views[RecordKind.PROVISION].index.rows.number_records()
        if isinstance(provision, Provision) and provision.cycle is None and provision.issue_areas and provision.instrument
        if isinstance(instrument := views[RecordKind.INSTRUMENT].get(provision.instrument), Instrument)
    ]
    for _, instrument, provision in sorted(articles, key=lambda article: (article[0], article[1].id, article[2].id)):
        meaning, number = RecordMeaning(issue_areas=provision.issue_areas), fold(provision.number)
        for phrase in _list_phrases(number, fold(instrument.acronym or "")):
            yield phrase, meaning


def _list_phrases(number: str, acronym: str) -> Iterator[str]:
    yield from (f"{word} {number}" for word in ARTICLE_WORDS)
    if acronym:
        yield f"{acronym} {number}"
        yield from (f"{acronym} {word} {number}" for word in ARTICLE_WORDS)
        yield from (f"{word} {number} {joint} {acronym}" for word in ARTICLE_WORDS for joint in ("of the", "of", "de la", "del"))
