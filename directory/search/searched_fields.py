"""What is searched of each kind of records: sets of keys, numbers, words and the order of lists.

To make a kind searchable, add its entry to SEARCHED_FIELDS.
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeAlias

from msgspec import Struct

from directory.kinds.coalition import Coalition
from directory.kinds.event import Event
from directory.kinds.instrument import Provision
from directory.question import FACETS
from directory.records import Organization, PublishedRecord, RecordKind
from directory.search.row_sets import Keys
from directory.search.text.indexed_fields import INDEXED_FIELDS, IndexedField, IndexedFields, build_place_passages
from directory.text import fold
from directory.vocabulary.terms import ISSUE_AREAS, Vocabulary

KeyExtractor: TypeAlias = Callable[[Any], Keys]
NumberReader: TypeAlias = Callable[[Any], float | None]

TERM_CACHE_SIZE = 1 << 13  # lists of terms; thousands of organizations have the same ones
SMALL_TERM_CACHE_SIZE = 1 << 9  # for the other kinds
PARENT_SETS = "parent"  # the rows of branches, by the id of the organization that they belong to
EXACT_SUFFIX = ":exact"  # after the name of a facet: the rows with the term itself, not only a narrower one
RELATED_SETS = "related"  # the rows of organizations that state a relation to another one, by its id
PRECISION_SETS = "precision"  # the rows with a published location of a precision
MEMBER_SETS = "member"  # the rows of coalitions, by the id of an organization that belongs to them
HOST_SETS = "host"  # the rows of events, by the id of an organization that hosts them
SORT_KEY_LENGTH = 200  # characters, the limit of a name; folding turns one into up to 18, which would make cursors too long


class SearchedFields(Struct, frozen=True):
    """What an index holds of the records of one kind.

    `get_sort_key` returns the text by which lists are ordered; it must be the same for every audience. `set_keys` are the keys of
    a record in each set; "located" and "serving" are regions. `numbers` are columns to sort and filter by; None is unknown. The
    sets and columns in `audience_sets` and `audience_numbers` may differ between the audiences that see a record. `texts` are
    searched word by word.
    """

    get_sort_key: Callable[[Any], str]
    set_keys: Mapping[str, KeyExtractor]
    numbers: Mapping[str, NumberReader]
    texts: IndexedFields
    audience_sets: tuple[str, ...] = ()
    audience_numbers: tuple[str, ...] = ()


def _build_ancestor_extractor(vocabulary: Vocabulary, field: str, cache_size: int) -> KeyExtractor:
    @lru_cache(maxsize=cache_size)
    def add_ancestors(terms: tuple[str, ...]) -> frozenset[str]:
        return frozenset(slug for term in terms for slug in (term, *vocabulary.ancestors(term)))

    return lambda record: add_ancestors(getattr(record, field))


def _list_term_keys(field: str, vocabulary: Vocabulary) -> dict[str, KeyExtractor]:
    """Return the sets of a field with terms: with everything narrower, and exact."""
    add_ancestors = _build_ancestor_extractor(vocabulary, field, SMALL_TERM_CACHE_SIZE)
    return {field: add_ancestors, field + EXACT_SUFFIX: attrgetter(field)}


def _list_regions(record: PublishedRecord) -> Keys:
    if len(record.locations) == 1:
        return record.locations[0].regions
    return frozenset(code for location in record.locations for code in location.regions)


def _list_related(organization: Organization) -> Keys:
    if not organization.relations:
        return ()
    return frozenset(relation.organization for relation in organization.relations if relation.organization)


def _list_precisions(organization: Organization) -> Keys:
    if len(organization.locations) == 1:
        return (organization.locations[0].precision,)
    return frozenset(location.precision for location in organization.locations)


def _list_no_keys(_record: PublishedRecord) -> Keys:
    return ()


def to_day_number(value: dt.date) -> float:
    """Return a date as days since the year 1."""
    return float(value.toordinal())


def to_timestamp(value: dt.datetime | dt.date) -> float:
    """Return a moment, or the start of a day in UTC, as seconds since 1970."""
    moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    return moment.timestamp()


def _read_update_time(record: PublishedRecord) -> float:
    return to_timestamp(record.updated_at)


def _build_number_reader(field: str) -> NumberReader:
    """Return the reader of a date or a moment."""
    get_value = attrgetter(field)
    return lambda record: to_timestamp(value) if (value := get_value(record)) else None


def get_name_key(record: PublishedRecord) -> str:
    """Return the start of the folded name."""
    return fold(record.name)[:SORT_KEY_LENGTH]


def _build_text(field: str, tier: str) -> IndexedField:
    get_text = attrgetter(field)
    return IndexedField(lambda record: [fold(text)] if (text := get_text(record)) else [], tier=tier)


def _build_names(*fields: str) -> IndexedField:
    """Return the names of a record: `name`, and those of these fields that it states."""
    return IndexedField(
        lambda record: [fold(text) for name in ("name", *fields) if (text := getattr(record, name))], tier="NAMES"
    )


_ORGANIZATION = SearchedFields(
    get_sort_key=get_name_key,
    set_keys={
        **{field: _build_ancestor_extractor(vocabulary, field, TERM_CACHE_SIZE) for field, vocabulary in FACETS.items()},
        **{field + EXACT_SUFFIX: attrgetter(field) for field in FACETS},
        "kinds": lambda organization: (organization.kind,),
        "membership": lambda organization: (organization.membership.status,),
        "located": _list_regions,
        "serving": lambda organization: organization.service_areas,
        "stated": lambda organization: ("location",) if organization.locations else (),
        PARENT_SETS: lambda organization: (organization.parent,) if organization.parent else (),
        RELATED_SETS: _list_related,
        PRECISION_SETS: _list_precisions,
    },
    numbers={
        "FOUNDED": lambda organization: organization.founded,
        "JOINED": lambda organization: to_day_number(joined) if (joined := organization.membership.joined_on) else None,
        "VERIFIED": _build_number_reader("verified_at"),
        "UPDATED": _read_update_time,
    },
    texts=INDEXED_FIELDS,
    audience_sets=(PARENT_SETS, RELATED_SETS),
    audience_numbers=("UPDATED",),
)
ONE_DAY = dt.timedelta(days=1).total_seconds()


def _read_coalition_start(coalition: Coalition) -> float:
    """Return the moment at which the coalition starts: before all others if that is not stated."""
    return to_timestamp(coalition.started_on) if coalition.started_on else -math.inf


def _read_coalition_end(coalition: Coalition) -> float:
    """Return the last second of the coalition: after all others if its last day is not stated."""
    return to_timestamp(coalition.ended_on) + ONE_DAY - 1 if coalition.ended_on else math.inf


_COALITION = SearchedFields(
    get_sort_key=get_name_key,
    set_keys={
        **_list_term_keys("issue_areas", ISSUE_AREAS),
        "kinds": lambda coalition: (coalition.kind,),
        "located": _list_no_keys,
        "serving": lambda coalition: coalition.regions,
        PARENT_SETS: lambda coalition: (coalition.parent,) if coalition.parent else (),
        MEMBER_SETS: lambda coalition: coalition.member_ids,
    },
    numbers={"STARTS": _read_coalition_start, "ENDS": _read_coalition_end, "UPDATED": _read_update_time},
    texts={"names": _build_names(), "summary": _build_text("summary", "SUMMARY")},
    audience_sets=(PARENT_SETS, MEMBER_SETS),
    audience_numbers=("UPDATED",),
)


_FIRST_MOMENT = dt.datetime.min.replace(tzinfo=dt.UTC)


def _build_event_key(event: Event) -> str:
    """Events are listed by time: by the second since the year 1, in a fixed number of digits."""
    return f"{(event.starts_at - _FIRST_MOMENT) // dt.timedelta(seconds=1):012}"


def _read_event_end(event: Event) -> float:
    """Return the moment after which the event is over: an event of a day lasts until midnight."""
    last = to_timestamp(event.ends_at or event.starts_at)
    return last + ONE_DAY if event.is_all_day else last


_EVENT = SearchedFields(
    get_sort_key=_build_event_key,
    set_keys={
        **_list_term_keys("issue_areas", ISSUE_AREAS),
        "located": _list_regions,
        "serving": _list_no_keys,
        "coalition": lambda event: (event.coalition,) if event.coalition else (),
        HOST_SETS: lambda event: event.host_ids,
    },
    numbers={"STARTS": _build_number_reader("starts_at"), "ENDS": _read_event_end, "UPDATED": _read_update_time},
    texts={
        "names": _build_names(),
        "places": IndexedField(build_place_passages, tier="PLACES_AND_COMMUNITIES"),
        "summary": _build_text("summary", "SUMMARY"),
    },
    audience_sets=("coalition", HOST_SETS),
    audience_numbers=("UPDATED",),
)
_INSTRUMENT = SearchedFields(
    get_sort_key=get_name_key,
    set_keys={
        **_list_term_keys("issue_areas", ISSUE_AREAS),
        "kinds": lambda instrument: (instrument.kind,),
        "located": _list_no_keys,
        "serving": _list_no_keys,
    },
    numbers={"UPDATED": _read_update_time},
    texts={"names": _build_names("name_es", "acronym"), "summary": _build_text("summary", "SUMMARY")},
    audience_numbers=("UPDATED",),
)
NUMBER_WIDTH = 6  # digits to which the numbers in the number of a provision are padded, so that 9 comes before 10


def _build_provision_key(provision: Provision) -> str:
    """Provisions are listed by cycle and number, with numbers in their natural order.

    The instrument is left out, because an order must be the same for audiences that do not see it.
    """
    number = "".join(part.zfill(NUMBER_WIDTH) if part.isdigit() else part for part in _split_digits(fold(provision.number)))
    return f"{fold(provision.cycle or '')} {number}"[:SORT_KEY_LENGTH]


def _build_number_passages(provision: Provision) -> list[str]:
    """Return the number as people write it: "25", "article 25" and, from the slug, "udhr 25"."""
    number = fold(provision.number)
    return [number, fold(provision.slug), *(() if provision.cycle else (f"article {number}",))]


def _split_digits(text: str) -> Iterable[str]:
    """Split a text into runs of digits and runs of other characters."""
    run = ""
    for character in text:
        if run and run[-1].isdigit() != character.isdigit():
            yield run
            run = ""
        run += character
    yield run


_PROVISION = SearchedFields(
    get_sort_key=_build_provision_key,
    set_keys={
        **_list_term_keys("issue_areas", ISSUE_AREAS),
        "located": _list_no_keys,
        "serving": _list_no_keys,
        "instrument": lambda provision: (provision.instrument,) if provision.instrument else (),
        "cycle": lambda provision: (fold(provision.cycle),) if provision.cycle else (),
        "response": lambda provision: (fold(provision.response),) if provision.response else (),
    },
    numbers={"UPDATED": _read_update_time},
    texts={
        "names": _build_names("name_es"),
        "places": _build_text("recommending_state", "PLACES_AND_COMMUNITIES"),
        "number": IndexedField(_build_number_passages, tier="PLACES_AND_COMMUNITIES"),
        "summary": _build_text("summary", "SUMMARY"),
    },
    audience_sets=("instrument",),
    audience_numbers=("UPDATED",),
)
SEARCHED_FIELDS: Mapping[RecordKind, SearchedFields] = {
    RecordKind.ORGANIZATION: _ORGANIZATION,
    RecordKind.COALITION: _COALITION,
    RecordKind.EVENT: _EVENT,
    RecordKind.INSTRUMENT: _INSTRUMENT,
    RecordKind.PROVISION: _PROVISION,
}
ORGANIZATION_FIELDS = SEARCHED_FIELDS[RecordKind.ORGANIZATION]
