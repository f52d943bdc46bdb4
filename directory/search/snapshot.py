"""The directory as one audience sees it in one state: immutable, in memory, and all that reading ever asks."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType

from msgspec import Struct
from pyroaring import BitMap

from directory.drafts import normalize
from directory.errors import BadInput
from directory.publish import VisibleChange
from directory.question import Nationwide, Page, Question, RegionMatch
from directory.records import Audience, MembershipStatus, Organization
from directory.search.search_index import SearchIndex
from directory.search.search_result import SearchResult
from directory.search.text.text_match import TextTier

RESULT_CACHE_SIZE = 256  # answers kept for questions that are asked again
MAX_CACHED_VALUES = 50  # that such a question names at most: no page names more, and each takes memory
NO_SURVIVORS: Mapping[str, str] = MappingProxyType({})


class SnapshotState(Struct, frozen=True):
    """Which state of the directory a snapshot shows: `revision` is staff's, `version` is for everybody."""

    revision: int
    version: str
    network_id: str | None = None
    fictional: bool = False


class Snapshot:
    """Immutable; a request holds on to one from its first field to its last."""

    def __init__(
        self,
        audience: Audience,
        state: SnapshotState,
        index: SearchIndex,
        slugs: Mapping[str, str],
        survivor_ids: Mapping[str, str],
        visible_changes: dict[str, VisibleChange],
        links: "OrganizationLinks",
    ) -> None:
        self.audience, self.state, self.index = audience, state, index
        self._slugs, self._survivor_ids, self._visible_changes, self._links = slugs, survivor_ids, visible_changes, links
        self._result_cache: OrderedDict[Question, SearchResult] = OrderedDict()

    @classmethod
    def build(
        cls,
        audience: Audience,
        state: SnapshotState,
        organizations: Iterable[Organization],
        slugs: Mapping[str, str],
        visible_changes: Iterable[VisibleChange],
        survivor_ids: Mapping[str, str] = NO_SURVIVORS,
    ) -> "Snapshot":
        """`slugs` leads every slug under which this audience ever saw a record to its id, also where it sees it no more.

        `merged` leads the ids of records that turned out to be others to these.
        """
        index = SearchIndex.build(organizations)
        feed = {change.organization_id: change for change in sorted(visible_changes, key=attrgetter("seq"))}
        return cls(audience, state, index, slugs, survivor_ids, feed, OrganizationLinks.build(index.rows.organizations))

    def with_changes(
        self,
        state: SnapshotState,
        removed_ids: Iterable[str],
        upserted_records: list[Organization],
        slugs: Mapping[str, str],
        visible_changes: Iterable[VisibleChange],
        survivor_ids: Mapping[str, str] = NO_SURVIVORS,
    ) -> "Snapshot":
        """The snapshot after organizations went (ids) and came, anew or changed.

        `slugs`: those that may lead elsewhere now; `seen`: the changes that this audience sees; `merged`: all of them.
        """
        feed = self._visible_changes.copy()
        for change in sorted(visible_changes, key=attrgetter("seq")):
            feed.pop(change.organization_id, None)
            feed[change.organization_id] = change
        removed_ids = list(removed_ids)
        slugs = self._slugs if slugs.items() <= self._slugs.items() else {**self._slugs, **slugs}
        if not (removed_ids or upserted_records):
            unchanged = Snapshot(self.audience, state, self.index, slugs, survivor_ids, feed, self._links)
            unchanged._result_cache = (
                self._result_cache
            )  # that nothing is forgotten now keeps a change that nobody here sees unfelt
            return unchanged
        known = (self.get_organization(identity) for identity in (*removed_ids, *(one.id for one in upserted_records)))
        links = self._links.with_changes([one for one in known if one], upserted_records)
        return Snapshot(
            self.audience, state, self.index.with_changes(removed_ids, upserted_records), slugs, survivor_ids, feed, links
        )

    @property
    def version(self) -> str:
        """An opaque string that changes exactly when something this audience may see has changed."""
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
        """All that this audience sees, members or not."""
        return len(self.index.rows.live_rows)

    @property
    def member_count(self) -> int:
        return len(self._member_rows)

    @property
    def _member_rows(self) -> BitMap:
        return self.index.sets["membership"][MembershipStatus.ACTIVE]

    def get_organization(self, identity: str) -> Organization | None:
        row = self.index.rows.row_by_id.get(identity)
        return None if row is None else self.index.rows[row]

    def find_by_id(self, identity: str) -> Organization | None:
        """The organization, or the one that it was merged into."""
        return self.get_organization(identity) or self.get_organization(self._survivor_ids.get(identity, ""))

    def find_by_slug(self, slug: str) -> Organization | None:
        """An old slug leads to whoever carries it on."""
        identity = self._slugs.get(slug)
        return None if identity is None else self.get_organization(identity)

    def find_by_identifier(self, scheme: str, value: str) -> Organization | None:
        """However the number is written: 521633883 is 52-1633883 to US-EIN."""
        with suppress(BadInput):
            value = normalize.normalize_identifier(scheme, value)
        identity = self._links.identifiers.get((scheme, value))
        return None if identity is None else self.get_organization(identity)

    def list_branches(self, identity: str) -> list[Organization]:
        """The organizations whose parent it is, by name."""
        rows = BitMap(self.index.rows.row_by_id[child] for child in self._links.children.get(identity, ()))
        return [self.index.rows[row] for row in self.index.rows.iter_by_name(rows)]

    def count_term(self, facet: str, slug: str) -> int:
        """How many members carry a term or a narrower one."""
        return self._member_rows.intersection_cardinality(self.index.find_rows_with_term(facet, slug))

    def count_region(self, code: str, by: RegionMatch, nationwide: Nationwide) -> int:
        """How many members have to do with a region."""
        return self._member_rows.intersection_cardinality(self.index.regions.match(code, by, nationwide))

    def find(self, question: Question) -> SearchResult:
        """The answer; the very same one for a question of choices alone that was asked lately.

        What somebody typed or where somebody is leaves no trace that another could feel by how soon the answer comes.
        """
        if question.text or question.near or question.value_count > MAX_CACHED_VALUES:
            return SearchResult(question, self.index)
        found = self._result_cache.pop(question, None) or SearchResult(question, self.index)
        self._result_cache[question] = found  # at the end: the one asked longest ago is forgotten first
        if len(self._result_cache) > RESULT_CACHE_SIZE:
            self._result_cache.popitem(last=False)
        return found

    def is_name(self, words: str) -> bool:
        """Whether an organization, member or not, has these words as its name, acronym or former name."""
        everybody = Question(text=words, membership=tuple(MembershipStatus), page=Page(first=1))
        hits = self.find(everybody).page.hits if everybody.text else []
        return any(hit.tier is TextTier.EXACT_NAME for hit in hits)

    def list_changes(self, after: int, first: int) -> tuple[list[VisibleChange], bool]:
        """What this audience sees of what changed after a `seq`, oldest first, and whether there is more.

        Of each organization only its last change is told.
        """
        start = bisect_right(self._change_feed, after, key=attrgetter("seq"))
        return self._change_feed[start : start + first], start + first < len(self._change_feed)

    @cached_property
    def _change_feed(self) -> list[VisibleChange]:
        return list(self._visible_changes.values())


class OrganizationLinks(Struct, frozen=True):
    """What leads from one organization to others, or to it from outside."""

    children: dict[str, frozenset[str]]  # by the parent's id
    identifiers: dict[tuple[str, str], str]

    @classmethod
    def build(cls, organizations: list[Organization]) -> "OrganizationLinks":
        return cls({}, {}).with_changes([], organizations)

    def with_changes(self, before: list[Organization], after: list[Organization]) -> "OrganizationLinks":
        """The links when the organizations `before` are no longer as they were, and are now as `after`."""
        if [(one.id, one.parent, one.identifiers) for one in before] == [(one.id, one.parent, one.identifiers) for one in after]:
            return self
        children, identifiers = self.children.copy(), self.identifiers.copy()
        for one in before:
            if one.parent:
                children[one.parent] = children[one.parent] - {one.id}
            for identifier in one.identifiers:
                identifiers.pop((identifier.scheme, identifier.value), None)
        for one in after:
            if one.parent:
                children[one.parent] = children.get(one.parent, frozenset()) | {one.id}
            identifiers |= {(identifier.scheme, identifier.value): one.id for identifier in one.identifiers}
        return OrganizationLinks(children, identifiers)
