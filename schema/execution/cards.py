"""Cards: the bytes that a selection yields for one record, kept for the next answer that shows the record. Also whole answers.

A card depends only on the record and on what is in its key: the selection, the values of its arguments and, if it counts or
follows other records, what the audience can see at this version, and the date. It never contains anything of a question. Records
are immutable: after an edit there is another object, and audiences that see a record differently have different objects. So a
card cannot show what its record does not contain.
"""

from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, NamedTuple, TypeAlias

import msgspec
from msgspec import Raw

from directory.search.snapshot import Snapshot

MAX_BYTES = 60_000_000  # of all cards, with the memory to find them
CARD_BYTES = 600  # what a card takes besides its bytes
SELECTION_BYTES, ARGUMENT_BYTES = 1_000, 400  # what a selection takes without cards, and each argument in its key
KEPT_ANSWERS, KEPT_ANSWER_BYTES = 256, 65_536  # whole answers of a snapshot, and the most bytes of one
_encode = msgspec.json.Encoder().encode


class Card(NamedTuple):
    """The card of a record, which it refers to so that no other object can get the same id.

    `fields` is the number of fields in it, `size` that of its bytes.
    """

    record: Any
    data: Raw
    fields: int
    size: int


Cards: TypeAlias = dict[int, Card]  # by the id() of the record


class CardCache:
    """The cards of all selections, in two generations.

    Cards that are used move to the young generation. When that has half of the bytes, it becomes the old one, and the old cards
    that were not used since are dropped. Threads can share a cache: at worst, a card is built twice.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes, self._young_bytes, self._old_bytes = max_bytes, 0, 0
        self._young: dict[Hashable, Cards] = {}
        self._old: dict[Hashable, Cards] = {}

    def __len__(self) -> int:
        return sum(len(cards) for generation in (self._young, self._old) for cards in generation.values())

    @property
    def bytes(self) -> int:
        """The memory of all cards."""
        return self._young_bytes + self._old_bytes

    def find_cards(self, key: Hashable, arguments: int = 0) -> tuple[Cards, Cards]:
        """Return the young and the old cards of a selection. `arguments` is the number of them in the key."""
        young = self._young.get(key)
        if young is None:
            self._note_bytes(SELECTION_BYTES + ARGUMENT_BYTES * arguments)
            young = self._young[key] = {}
        return young, self._old.get(key, _NO_CARDS)

    def note_card(self, size: int) -> None:
        """Count a card of so many bytes that was added to the young generation."""
        self._note_bytes(size + CARD_BYTES)

    def _note_bytes(self, size: int) -> None:
        if self._young_bytes + size > self._max_bytes // 2:
            self._old, self._young = self._young, {}
            self._old_bytes, self._young_bytes = self._young_bytes, 0
        self._young_bytes += size

    def clear(self) -> None:
        self._old, self._young, self._young_bytes, self._old_bytes = {}, {}, 0, 0


_NO_CARDS: Cards = {}
CARDS = CardCache()


def wrap_card(build: Callable[[Any, Any], Any], position: int, card_class: type) -> Callable[[Any, Any], Any]:
    """Return a function that answers an object as `build` does, with a card if there is one.

    `position` is that of the selection in the cards of the run. Only objects of `card_class` have cards.
    """

    def answer_card(record: Any, run: Any) -> Any:
        if record.__class__ is not card_class:
            return build(record, run)
        young, old = run.cards[position]
        card: Card | None = young.get(id(record))
        if card is None:
            card = young[id(record)] = old.get(id(record)) or _build_card(build, record, run)
            CARDS.note_card(card.size)
        run.left -= card.fields
        if run.left < 0:
            run.renew()
        return card.data

    return answer_card


def _build_card(build: Callable[[Any, Any], Any], record: Any, run: Any) -> Card:
    before = run.fields
    data = _encode(build(record, run))
    fields = run.fields - before
    run.left += fields  # they are counted each time the card is shown, the first time too
    return Card(record, Raw(data), fields, len(data))


def find_answer(snapshot: Snapshot, key: Hashable) -> bytes | None:
    """Return a whole answer that was kept; None if there is none."""
    data = snapshot.answers.get(key)
    if data is not None:
        with suppress(KeyError):  # another thread may have dropped it in the meantime
            snapshot.answers.move_to_end(key)
    return data


def keep_answer(snapshot: Snapshot, key: Hashable, data: bytes) -> None:
    """Keep a whole answer as long as the snapshot shows the same, unless others are used more."""
    if len(data) <= KEPT_ANSWER_BYTES:
        snapshot.answers[key] = data
        if len(snapshot.answers) > KEPT_ANSWERS:
            snapshot.answers.popitem(last=False)
