"""The snapshot: an immutable in-memory view of the directory at one revision, for one audience."""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import chain
from typing import cast

from msgspec.structs import replace
from pyroaring import BitMap

from directory.drafts import normalize
from directory.errors import BadInput
from directory.publish import VisibleChange
from directory.question import Nationwide, Question, RegionMatch
from directory.question.record_question import RecordQuestion
from directory.records import Audience, MembershipStatus, Organization, PublishedRecord, RecordKind
from directory.search.change_feed import ChangeFeed
from directory.search.coalition_members import find_members
from directory.search.organization_links import OrganizationLinks
from directory.search.record_history import RecordHistory
from directory.search.record_phrases import KINDS_WITH_PHRASES, build_record_phrases
from directory.search.record_result import RecordPage, find_named, find_page
from directory.search.record_view import RecordView, group_by_kind
from directory.search.row_sets import unite
from directory.search.search_index import SearchIndex
from directory.search.search_result import SearchResult
from directory.search.searched_fields import PARENT_SETS
from directory.search.snapshot_state import NO_CHANGES, NO_SURVIVORS
from directory.search.snapshot_state import SnapshotChanges as SnapshotChanges
from directory.search.snapshot_state import SnapshotState as SnapshotState
from directory.search.text.analysis import tokenize
from directory.search.text.text_match import TextTier
from directory.understanding.record_phrases import RecordPhrases
from directory.vocabulary.terms import ISSUE_AREAS

RESULT_CACHE_SIZE = 256  # results
MAX_CACHED_VALUES = 50  # values in a cached question: pages use no more, and every value takes memory


class Snapshot:
    """An immutable view of the directory. A request uses one snapshot from its first field to its last.

    Two attributes are for the code that serves the snapshot, and stay the same as long as nothing visible changes: `answers` is a
    cache of whole answers, and `token` identifies the visible state in the keys of other caches.

    The audiences of one process share most of the data: the snapshot of the audience that sees most is built from its records,
    and every other one with `narrow` from that of the next wider audience. Likewise, the first one is advanced with
    `with_changes`, and the others `follow`.
    """

    def __init__(
        self,
        audience: Audience,
        state: SnapshotState,
        views: Mapping[RecordKind, RecordView],
        survivor_ids: Mapping[str, str],
        feed: ChangeFeed,
        links: OrganizationLinks,
    ) -> None:
        self.audience, self.state, self.views = audience, state, views
        self.survivor_ids, self.feed, self.links = survivor_ids, feed, links
        organizations = views[RecordKind.ORGANIZATION]
        # no method of the snapshot, which would make a cycle: snapshots are freed by counting references
        find = partial(find_members, views[RecordKind.COALITION])
        self.index, self.slugs = replace(cast("SearchIndex", organizations.index), find_members=find), organizations.slugs
        self._record_phrases: RecordPhrases | None = None
        self._result_cache: OrderedDict[Question, SearchResult] = OrderedDict()
        self.answers: OrderedDict[Hashable, bytes] = OrderedDict()
        self.token = object()
        self.history: RecordHistory | None = None  # loaded after the snapshot (snapshots/history_loading.py)

    @classmethod
    def build(
        cls,
        audience: Audience,
        state: SnapshotState,
        records: Iterable[PublishedRecord],
        slugs: Mapping[RecordKind, Mapping[str, str]],
        visible_changes: Iterable[VisibleChange],
        survivor_ids: Mapping[str, str] = NO_SURVIVORS,
    ) -> "Snapshot":
        """Build the snapshot of these records.

        `slugs` maps every slug of each kind that this audience has ever seen to an id, including records that it can no longer
        see. `survivor_ids` maps the ids of merged records to the ids of their survivors.
        """
        by_kind = group_by_kind(records)
        views = {kind: RecordView.build(kind, by_kind[kind], slugs.get(kind, {})) for kind in RecordKind}
        return cls(audience, state, views, survivor_ids, _build_feed(visible_changes, views), _build_links(by_kind))

    def narrow(
        self,
        audience: Audience,
        state: SnapshotState,
        records: Iterable[PublishedRecord],
        slugs: Mapping[RecordKind, Mapping[str, str]],
        visible_changes: Iterable[VisibleChange],
        survivor_ids: Mapping[str, str] = NO_SURVIVORS,
    ) -> "Snapshot":
        """Return the snapshot of a narrower audience, whose records must be among those of this one; else as `build`."""
        by_kind = group_by_kind(records)
        views = {kind: view.narrow(audience, by_kind[kind], slugs.get(kind, {})) for kind, view in self.views.items()}
        return Snapshot(audience, state, views, survivor_ids, _build_feed(visible_changes, views), _build_links(by_kind))

    def with_changes(self, changes: SnapshotChanges) -> "Snapshot":
        """Return the snapshot after a change. Only for the audience that sees most; the others `follow`."""
        targets = changes.slug_targets
        views = {
            kind: view.with_changes(changes.records.get(kind, NO_CHANGES), targets.get(kind, {}))
            for kind, view in self.views.items()
        }
        return self._advance(changes, views)

    def follow(
        self, wider: "Snapshot", changes: SnapshotChanges, changed_slugs: Mapping[RecordKind, Collection[str]]
    ) -> "Snapshot":
        """Return the snapshot after a change that the snapshot of the next wider audience already shows.

        `changed_slugs` are the current slugs, before and after the change, of all records that changed for any audience.
        """
        views = {
            kind: view.follow(
                wider.views[kind],
                self.audience,
                changes.records.get(kind, NO_CHANGES),
                changed_slugs.get(kind, ()),
                changes.slug_targets.get(kind, {}),
            )
            for kind, view in self.views.items()
        }
        return self._advance(changes, views)

    def _advance(self, changes: SnapshotChanges, views: Mapping[RecordKind, RecordView]) -> "Snapshot":
        organizations = changes.records.get(RecordKind.ORGANIZATION, NO_CHANGES)
        links = self.links.with_changes(self.list_records(organizations.ids), organizations.upserted_records)
        feed = self.feed.with_changes(changes.visible_changes)
        advanced = Snapshot(self.audience, changes.state, views, changes.survivor_ids, feed, links)
        if all(views[kind] is self.views[kind] for kind in KINDS_WITH_PHRASES):
            advanced._record_phrases = self._record_phrases
        if all(views[kind] is self.views[kind] for kind in (RecordKind.ORGANIZATION, RecordKind.COALITION)):
            # An empty cache would reveal, by slower answers, a change that this audience cannot see.
            advanced._result_cache = self._result_cache
            if changes.state.version == self.version:
                advanced.answers, advanced.token = self.answers, self.token
        return advanced

    def list_records(self, ids: Iterable[str]) -> list[Organization]:
        """Return the organizations with these ids that the audience sees."""
        return [record for record in map(self.get_organization, ids) if record is not None]

    def get_record(self, kind: RecordKind, identity: str) -> PublishedRecord | None:
        """Return the record of a kind with this id; None if there is none that this audience sees."""
        return self.views[kind].get(identity)

    def find_record(self, kind: RecordKind, identity: str) -> PublishedRecord | None:
        """Return the record with this id, or the survivor it was merged into; None if there is neither."""
        return self.get_record(kind, identity) or self.get_record(kind, self.survivor_ids.get(identity, ""))

    def find_record_by_slug(self, kind: RecordKind, slug: str) -> PublishedRecord | None:
        """Return the record of a kind with a current or former slug; None if there is none."""
        return self.get_record(kind, self.views[kind].slugs.find(slug))

    @property
    def version(self) -> str:
        """An opaque string that changes exactly when something that this audience can see has changed."""
        return self.state.version

    @property
    def revision(self) -> int:
        return self.state.revision

    @property
    def network_id(self) -> str | None:
        return self.state.network_id

    @property
    def fictional(self) -> bool:
        return self.state.fictional

    @property
    def organization_count(self) -> int:
        """The number of organizations that this audience can see, whether members or not."""
        return len(self.index.rows.live_rows)

    @property
    def member_count(self) -> int:
        return self.count_members_in(self.index.rows.live_rows)

    def get_organization(self, identity: str) -> Organization | None:
        row = self.index.rows.row_by_id.find(identity)
        return None if row is None else self.index.rows.records[row]  # None if this audience does not see it

    def find_by_id(self, identity: str) -> Organization | None:
        """Return the organization, or the survivor it was merged into; None if there is neither."""
        return self.get_organization(identity) or self.get_organization(self.survivor_ids.get(identity, ""))

    def find_name(self, field: str, key: str) -> str | None:
        """Return the name of the coalition or organization that a filter field names by slug or id; None if there is none."""
        found = self.find_record_by_slug(RecordKind.COALITION, key) if field == "coalition" else self.find_by_id(key)
        return found.name if found else None

    def find_by_slug(self, slug: str) -> Organization | None:
        """Return the organization with a current or former slug; None if there is none."""
        return self.get_organization(self.slugs.find(slug))

    def find_by_identifier(self, scheme: str, value: str) -> Organization | None:
        """Return the organization with an identifier; None if there is none.

        The value may be written in any form: 521633883 is the US-EIN 52-1633883.
        """
        with suppress(BadInput):
            value = normalize.normalize_identifier(scheme, value)
        identity = self.links.identifiers.get((scheme, value))
        return None if identity is None else self.get_organization(identity)

    def list_branches(self, identity: str) -> list[Organization]:
        """Return the organizations that have this parent, by name."""
        rows = self.index.rows.iter_by_name(self.index.sets[PARENT_SETS][identity])
        return self.index.rows.list_records(rows)

    def count_term(self, facet: str, slug: str) -> int:
        """Count the members that have a term or a narrower one."""
        return self.count_members_in(self.index.find_rows_with_term(facet, slug))

    def count_region(self, code: str, by: RegionMatch, nationwide: Nationwide) -> int:
        """Count the members that match a region."""
        return self.count_members_in(self.index.regions.match(code, by, nationwide))

    def count_members_in(self, rows: BitMap) -> int:
        """Count the members in a set of rows."""
        return self.index.sets["membership"][MembershipStatus.ACTIVE].intersection_cardinality(rows)

    def find(self, question: Question, today: date | None = None) -> SearchResult:
        """Return the result for a question. Recent results are cached and returned again.

        `today` is the day in UTC, which questions by `verification_due` need. They are never cached. Nor are personal questions,
        such as those with a text or an origin: faster answers would reveal what others typed or where they are.
        """
        if question.is_personal or question.value_count > MAX_CACHED_VALUES or question.depends_on_day:
            return SearchResult(question, self.index, today)
        result = self._result_cache.pop(question, None) or SearchResult(question, self.index)
        self._result_cache[question] = result  # moves it to the end: the least recently used result is dropped first
        if len(self._result_cache) > RESULT_CACHE_SIZE:
            self._result_cache.popitem(last=False)
        return result

    @property
    def record_phrases(self) -> RecordPhrases:
        """The phrases that name coalitions and provisions. Built when they are needed, and kept while these stay the same."""
        if self._record_phrases is None:
            self._record_phrases = build_record_phrases(self.views)
        return self._record_phrases

    def is_name(self, words: str) -> bool:
        """Return whether these words are the name, acronym or former name of an organization, member or not."""
        return self.index.words.is_name(" ".join(tokenize(words)))

    def has_word(self, word: str) -> bool:
        """Return whether a record contains a folded word, or one with the same stem."""
        return self.index.words.has_word(word)

    def find_name_word(self, word: str) -> str | None:
        """Return the word of an organization's name that is one typo away from a folded word; None if there is none."""
        return self.index.words.find_name_word(word)

    def find_records(self, question: RecordQuestion) -> RecordPage:
        """Return a page of the records of a kind. Raises BadInput and BadCursor."""
        index = self.views[question.kind].index
        return find_page(question, index, self._find_taken_up(index) if question.taken_up is not None else None)

    def find_named(self, kind: RecordKind, words: str, first: int) -> list[tuple[PublishedRecord, TextTier]]:
        """Return at most `first` records of a kind with all words in their names, exact names first, each with its tier."""
        return find_named(self.views[kind].index, words, first)

    def count_members_with_terms(self, issue_areas: Iterable[str]) -> int:
        """Count the members that work on one of these issue areas, or on a narrower one."""
        rows = unite(self.index.find_rows_with_term("issue_areas", slug) for slug in issue_areas)
        return self.count_members_in(rows)

    def _find_taken_up(self, index: SearchIndex[PublishedRecord]) -> BitMap:
        """Return the rows of records of whose issue areas at least one has a member that works on it or a narrower one."""
        sets = index.get_term_sets("issue_areas", narrower=False)
        return unite(sets[slug] for slug in ISSUE_AREAS.terms if sets[slug] and self.count_term("issue_areas", slug))

    def list_changes(self, after: int, first: int) -> tuple[list[VisibleChange], bool]:
        """Return the `first` changes after a `seq`, oldest first, the last of each record only, and whether there are more."""
        return self.feed.list_after(after, first)


def _build_feed(visible_changes: Iterable[VisibleChange], views: Mapping[RecordKind, RecordView]) -> ChangeFeed:
    return ChangeFeed.build(visible_changes, chain.from_iterable(view.index.rows.row_by_id for view in views.values()))


def _build_links(by_kind: Mapping[RecordKind, list[PublishedRecord]]) -> OrganizationLinks:
    return OrganizationLinks.build(cast("list[Organization]", by_kind[RecordKind.ORGANIZATION]))
