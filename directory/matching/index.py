"""All parties of a directory, arranged so that one is compared with the few that it may be."""

from collections.abc import Iterable, Iterator

from directory.matching.candidates import MOST, Block
from directory.matching.evidence import Judgement, Verdict
from directory.matching.judging import judged
from directory.matching.parties import Party
from directory.matching.postings import Postings
from directory.matching.rarity import Rarity
from directory.matching.traits import Traits, traits
from directory.records import OWN_SCHEME, Identifier

LIMIT = 5  # judgements, unless told: more than a person looks through


class Index:
    """Parties by id; a second one with an id takes the place of the first.

    Those that bear registered numbers of a scheme lie in a block of their own: somebody with another number of that scheme can be
    one of them only if contacts agree (weights.py), so that the rows of a government file are not compared with one another. As
    long as only such rows come, none is arranged: they wait until somebody is asked for who may be found by more than numbers.
    """

    def __init__(self, parties: Iterable[Party] = ()) -> None:
        self.rarity = Rarity()
        self._waiting: dict[str, Party] = {}
        self._numbers: set[Identifier] = set()  # of all that ever came, as are the schemes
        self._schemes: set[frozenset[str]] = set()
        self._traits: dict[int, Traits] = {}
        self._rows: dict[str, int] = {}
        self._next = 0
        self._exact = Postings()
        self._blocks: dict[frozenset[str], Block] = {}
        for party in parties:
            self.add(party)

    def __len__(self) -> int:
        return len(self._rows) + len(self._waiting)

    def add(self, party: Party) -> None:
        self.discard(party.id)
        self._waiting[party.id] = party
        self._numbers.update(party.identifiers)
        self._schemes.add(_schemes(party.identifiers))

    def arrange(self) -> None:
        """Arranges who is waiting, which the next question would do otherwise."""
        waiting, self._waiting = self._waiting, {}
        for party in waiting.values():
            self._arrange(traits(party))

    def _arrange(self, added: Traits) -> None:
        row = self._next
        self._next += 1
        self._rows[added.id], self._traits[row] = row, added
        self.rarity.count(_words(added), _contacts(added))
        self._exact.add(_exact_keys(added), row)
        self._blocks.setdefault(_schemes(added.identifiers), Block(self.rarity)).add(row, added)

    def discard(self, id: str) -> None:  # noqa: A002
        """Nothing happens where no party has the id."""
        self._waiting.pop(id, None)
        row = self._rows.pop(id, None)
        if row is None:
            return
        gone = self._traits.pop(row)
        self.rarity.count(_words(gone), _contacts(gone), -1)
        self._exact.discard(_exact_keys(gone), row)
        self._blocks[_schemes(gone.identifiers)].discard(row, gone)

    def judgements(self, party: Party, limit: int = LIMIT) -> list[Judgement]:
        """Of the parties here those that are SAME or DOUBTFUL, best first and never the one with its own id; [] for none.

        Whoever bears one of its identifiers is all there is, where somebody does.
        """
        if not self._may_be_here(party):
            return []
        self.arrange()
        asked = traits(party)
        own = self._rows.get(party.id)
        rows = {row for number in asked.identifiers for row in self._exact.rows(_number_key(number))} - {own}
        if not rows:
            rows = {*self._by_contacts(asked), *self._by_names(asked)} - {own}
        found = [judged(asked, self._traits[row], self.rarity) for row in rows]
        likely = [judgement for judgement in found if judgement.verdict is not Verdict.DIFFERENT]
        return sorted(likely, key=_order)[:limit]

    def _may_be_here(self, party: Party) -> bool:
        if party.website or party.emails or party.phones or not self._numbers.isdisjoint(party.identifiers):
            return True
        return any(_schemes(party.identifiers).isdisjoint(others) for others in self._schemes)

    def _by_contacts(self, party: Traits) -> Iterator[int]:
        for contact in _contacts(party):
            rows = self._exact.rows(contact)
            if len(rows) <= MOST:
                yield from rows

    def _by_names(self, party: Traits) -> Iterator[int]:
        schemes = _schemes(party.identifiers)
        for others, block in self._blocks.items():
            if schemes.isdisjoint(others):
                yield from block.near(party)


def _order(judgement: Judgement) -> tuple[bool, float, str]:
    return judgement.verdict is not Verdict.SAME, -judgement.score, judgement.id


def _words(party: Traits) -> set[str]:
    return {word for name in party.names for word in name.words}


def _contacts(party: Traits) -> tuple[str, ...]:
    page = (party.web.page,) if party.web.page else ()
    return (*party.phones, *party.domains, *party.mailboxes, *page)


def _exact_keys(party: Traits) -> tuple[str, ...]:
    return (*map(_number_key, party.identifiers), *_contacts(party))


def _number_key(number: Identifier) -> str:
    return f"{number.scheme} {number.value}"


def _schemes(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """The schemes of registered numbers among these. A source's own numbers are none: a source may count somebody twice."""
    return frozenset(one.scheme for one in identifiers if not one.scheme.startswith(OWN_SCHEME))
