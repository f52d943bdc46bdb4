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

from directory import written
from directory.errors import BadInput
from directory.publish import SeenChange
from directory.question import Nationwide, Page, Question, RegionMatch
from directory.records import Audience, MembershipStatus, Organization
from directory.search.found import Found
from directory.search.index import Index
from directory.search.words import TextTier

REMEMBERED = 256  # answers kept for questions that are asked again
REMEMBERED_VALUES = 50  # that such a question names at most: no page names more, and each takes memory
EMPTY: Mapping[str, str] = MappingProxyType({})


class State(Struct, frozen=True):
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
        state: State,
        index: Index,
        slugs: Mapping[str, str],
        merged: Mapping[str, str],
        seen: dict[str, SeenChange],
        links: "Links",
    ) -> None:
        self.audience, self.state, self.index = audience, state, index
        self._slugs, self._merged, self._seen, self._links = slugs, merged, seen, links
        self._answers: OrderedDict[Question, Found] = OrderedDict()

    @classmethod
    def build(
        cls,
        audience: Audience,
        state: State,
        organizations: Iterable[Organization],
        slugs: Mapping[str, str],
        seen: Iterable[SeenChange],
        merged: Mapping[str, str] = EMPTY,
    ) -> "Snapshot":
        """`slugs` leads every slug under which this audience ever saw a record to its id, also where it sees it no more.

        `merged` leads the ids of records that turned out to be others to these.
        """
        index = Index.build(organizations)
        feed = {change.organization_id: change for change in sorted(seen, key=attrgetter("seq"))}
        return cls(audience, state, index, slugs, merged, feed, Links.build(index.rows.organizations))

    def changed(
        self,
        state: State,
        gone: Iterable[str],
        come: list[Organization],
        slugs: Mapping[str, str],
        seen: Iterable[SeenChange],
        merged: Mapping[str, str] = EMPTY,
    ) -> "Snapshot":
        """The snapshot after organizations went (ids) and came, anew or changed.

        `slugs`: those that may lead elsewhere now; `seen`: the changes that this audience sees; `merged`: all of them.
        """
        feed = self._seen.copy()
        for change in sorted(seen, key=attrgetter("seq")):
            feed.pop(change.organization_id, None)
            feed[change.organization_id] = change
        gone = list(gone)
        slugs = self._slugs if slugs.items() <= self._slugs.items() else {**self._slugs, **slugs}
        if not (gone or come):
            unchanged = Snapshot(self.audience, state, self.index, slugs, merged, feed, self._links)
            unchanged._answers = self._answers  # that nothing is forgotten now keeps a change that nobody here sees unfelt
            return unchanged
        known = (self.organization(identity) for identity in (*gone, *(one.id for one in come)))
        links = self._links.changed([one for one in known if one], come)
        return Snapshot(self.audience, state, self.index.changed(gone, come), slugs, merged, feed, links)

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
        return len(self.index.rows.live)

    @property
    def member_count(self) -> int:
        return len(self._members)

    @property
    def _members(self) -> BitMap:
        return self.index.sets["membership"][MembershipStatus.ACTIVE]

    def organization(self, identity: str) -> Organization | None:
        row = self.index.rows.by_id.get(identity)
        return None if row is None else self.index.rows[row]

    def by_id(self, identity: str) -> Organization | None:
        """The organization, or the one that it was merged into."""
        return self.organization(identity) or self.organization(self._merged.get(identity, ""))

    def by_slug(self, slug: str) -> Organization | None:
        """An old slug leads to whoever carries it on."""
        identity = self._slugs.get(slug)
        return None if identity is None else self.organization(identity)

    def by_identifier(self, scheme: str, value: str) -> Organization | None:
        """However the number is written: 521633883 is 52-1633883 to US-EIN."""
        with suppress(BadInput):
            value = written.identifier(scheme, value)
        identity = self._links.identifiers.get((scheme, value))
        return None if identity is None else self.organization(identity)

    def branches(self, identity: str) -> list[Organization]:
        """The organizations whose parent it is, by name."""
        rows = BitMap(self.index.rows.by_id[child] for child in self._links.children.get(identity, ()))
        return [self.index.rows[row] for row in self.index.rows.in_order(rows)]

    def count_term(self, facet: str, slug: str) -> int:
        """How many members carry a term or a narrower one."""
        return self._members.intersection_cardinality(self.index.carriers(facet, slug))

    def count_region(self, code: str, by: RegionMatch, nationwide: Nationwide) -> int:
        """How many members have to do with a region."""
        return self._members.intersection_cardinality(self.index.regions.match(code, by, nationwide))

    def find(self, question: Question) -> Found:
        """The answer; the very same one for a question of choices alone that was asked lately.

        What somebody typed or where somebody is leaves no trace that another could feel by how soon the answer comes.
        """
        if question.text or question.near or question.value_count > REMEMBERED_VALUES:
            return Found(question, self.index)
        found = self._answers.pop(question, None) or Found(question, self.index)
        self._answers[question] = found  # at the end: the one asked longest ago is forgotten first
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return found

    def is_name(self, words: str) -> bool:
        """Whether an organization, member or not, has these words as its name, acronym or former name."""
        everybody = Question(text=words, membership=tuple(MembershipStatus), page=Page(first=1))
        hits = self.find(everybody).page.hits if everybody.text else []
        return any(hit.tier is TextTier.EXACT_NAME for hit in hits)

    def changes(self, after: int, first: int) -> tuple[list[SeenChange], bool]:
        """What this audience sees of what changed after a `seq`, oldest first, and whether there is more.

        Of each organization only its last change is told.
        """
        start = bisect_right(self._feed, after, key=attrgetter("seq"))
        return self._feed[start : start + first], start + first < len(self._feed)

    @cached_property
    def _feed(self) -> list[SeenChange]:
        return list(self._seen.values())


class Links(Struct, frozen=True):
    """What leads from one organization to others, or to it from outside."""

    children: dict[str, frozenset[str]]  # by the parent's id
    identifiers: dict[tuple[str, str], str]

    @classmethod
    def build(cls, organizations: list[Organization]) -> "Links":
        return cls({}, {}).changed([], organizations)

    def changed(self, before: list[Organization], after: list[Organization]) -> "Links":
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
        return Links(children, identifiers)
