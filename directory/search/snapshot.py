"""The snapshot: an immutable in-memory view of the directory at one revision, for one audience."""

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
from directory.records import Audience, Identifier, MembershipStatus, Organization
from directory.search.search_index import SearchIndex
from directory.search.search_result import SearchResult
from directory.search.text.text_match import TextTier

RESULT_CACHE_SIZE = 256  # results
MAX_CACHED_VALUES = 50  # values in a cached question: pages use no more, and every value takes memory
NO_SURVIVORS: Mapping[str, str] = MappingProxyType({})


class SnapshotState(Struct, frozen=True):
    """The state of the directory that a snapshot shows: `revision` is for staff, `version` for everyone."""

    revision: int
    version: str
    network_id: str | None = None
    fictional: bool = False


class Snapshot:
    """An immutable view of the directory. A request uses one snapshot from its first field to its last."""

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
        """Build the snapshot of these organizations.

        `slugs` maps every slug that this audience has ever seen to an id, including records that it can no longer see.
        `survivor_ids` maps the ids of merged records to the ids of their survivors.
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
        """Return the snapshot after organizations were removed (ids), and added or changed.

        `slugs` holds only the slugs that may have changed, `visible_changes` the new changes, and `survivor_ids` all merges.
        """
        feed = self._visible_changes.copy()
        for change in sorted(visible_changes, key=attrgetter("seq")):
            feed.pop(change.organization_id, None)
            feed[change.organization_id] = change
        removed_ids = list(removed_ids)
        slugs = self._slugs if slugs.items() <= self._slugs.items() else {**self._slugs, **slugs}
        if not (removed_ids or upserted_records):
            unchanged = Snapshot(self.audience, state, self.index, slugs, survivor_ids, feed, self._links)
            # An empty cache would reveal, by slower answers, a change that this audience cannot see.
            unchanged._result_cache = self._result_cache
            return unchanged
        changed_ids = (*removed_ids, *(record.id for record in upserted_records))
        before = [record for record in map(self.get_organization, changed_ids) if record]
        links = self._links.with_changes(before, upserted_records)
        index = self.index.with_changes(removed_ids, upserted_records)
        return Snapshot(self.audience, state, index, slugs, survivor_ids, feed, links)

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
        return len(self._member_rows)

    @property
    def _member_rows(self) -> BitMap:
        return self.index.sets["membership"][MembershipStatus.ACTIVE]

    def get_organization(self, identity: str) -> Organization | None:
        row = self.index.rows.row_by_id.get(identity)
        return None if row is None else self.index.rows[row]

    def find_by_id(self, identity: str) -> Organization | None:
        """Return the organization, or the survivor it was merged into; None if there is neither."""
        return self.get_organization(identity) or self.get_organization(self._survivor_ids.get(identity, ""))

    def find_by_slug(self, slug: str) -> Organization | None:
        """Return the organization with a current or former slug; None if there is none."""
        identity = self._slugs.get(slug)
        return None if identity is None else self.get_organization(identity)

    def find_by_identifier(self, scheme: str, value: str) -> Organization | None:
        """Return the organization with an identifier; None if there is none.

        The value may be written in any form: 521633883 is the US-EIN 52-1633883.
        """
        with suppress(BadInput):
            value = normalize.normalize_identifier(scheme, value)
        identity = self._links.identifiers.get((scheme, value))
        return None if identity is None else self.get_organization(identity)

    def list_branches(self, identity: str) -> list[Organization]:
        """Return the organizations that have this parent, by name."""
        rows = BitMap(self.index.rows.row_by_id[child] for child in self._links.children.get(identity, ()))
        return [self.index.rows[row] for row in self.index.rows.iter_by_name(rows)]

    def count_term(self, facet: str, slug: str) -> int:
        """Count the members that have a term or a narrower one."""
        return self._member_rows.intersection_cardinality(self.index.find_rows_with_term(facet, slug))

    def count_region(self, code: str, by: RegionMatch, nationwide: Nationwide) -> int:
        """Count the members that match a region."""
        return self._member_rows.intersection_cardinality(self.index.regions.match(code, by, nationwide))

    def find(self, question: Question) -> SearchResult:
        """Return the result for a question. Recent results are cached and returned again.

        Questions with a text or an origin are never cached: faster answers would reveal what others typed or where they are.
        """
        if question.text or question.near or question.value_count > MAX_CACHED_VALUES:
            return SearchResult(question, self.index)
        result = self._result_cache.pop(question, None) or SearchResult(question, self.index)
        self._result_cache[question] = result  # moves it to the end: the least recently used result is dropped first
        if len(self._result_cache) > RESULT_CACHE_SIZE:
            self._result_cache.popitem(last=False)
        return result

    def is_name(self, words: str) -> bool:
        """Return whether these words are the name, acronym or former name of an organization, member or not."""
        question = Question(text=words, membership=tuple(MembershipStatus), page=Page(first=1))
        hits = self.find(question).page.hits if question.text else []
        return any(hit.tier is TextTier.EXACT_NAME for hit in hits)

    def list_changes(self, after: int, first: int) -> tuple[list[VisibleChange], bool]:
        """Return the `first` changes after a `seq` that this audience can see, oldest first, and whether there are more.

        Only the last change of each organization is included.
        """
        start = bisect_right(self._change_feed, after, key=attrgetter("seq"))
        return self._change_feed[start : start + first], start + first < len(self._change_feed)

    def find_last_changes(self, ids: Iterable[str]) -> list[VisibleChange]:
        """Return the last change of each of these organizations that this audience could see. Others are left out."""
        return [self._visible_changes[identity] for identity in ids if identity in self._visible_changes]

    @cached_property
    def _change_feed(self) -> list[VisibleChange]:
        return list(self._visible_changes.values())


class OrganizationLinks(Struct, frozen=True):
    """Links between organizations, and from identifiers to organizations."""

    children: dict[str, frozenset[str]]  # by the parent's id
    identifiers: dict[tuple[str, str], str]  # ids by scheme and value

    @classmethod
    def build(cls, organizations: list[Organization]) -> "OrganizationLinks":
        return cls({}, {}).with_changes([], organizations)

    def with_changes(self, before: list[Organization], after: list[Organization]) -> "OrganizationLinks":
        """Return the links after the records in `before` were replaced by those in `after`."""
        if _list_linked_fields(before) == _list_linked_fields(after):
            return self
        children, identifiers = self.children.copy(), self.identifiers.copy()
        for record in before:
            if record.parent:
                children[record.parent] = children[record.parent] - {record.id}
            for identifier in record.identifiers:
                identifiers.pop((identifier.scheme, identifier.value), None)
        for record in after:
            if record.parent:
                children[record.parent] = children.get(record.parent, frozenset()) | {record.id}
            identifiers |= {(identifier.scheme, identifier.value): record.id for identifier in record.identifiers}
        return OrganizationLinks(children, identifiers)


def _list_linked_fields(records: list[Organization]) -> list[tuple[str, str | None, tuple[Identifier, ...]]]:
    return [(record.id, record.parent, record.identifiers) for record in records]
