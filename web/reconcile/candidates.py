"""Which organizations a row of somebody's list may be: candidates by name and number, and what the comparison says of each.

Only what the public sees is compared. A row that names an organization by its id or number has that one candidate. Else
those are compared whose names share the words that tell most.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from math import log
from uuid import UUID

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory import written
from directory.errors import BadInput
from directory.matching import Evidence, EvidenceKind, Judgement, Party, PartyPlace, Rarity, Verdict, party_of
from directory.matching.judging import judged as judged_traits
from directory.matching.traits import traits
from directory.records import Identifier, Organization
from directory.regions import REGIONS, RegionKind
from directory.search.snapshot import Snapshot
from directory.text import fold
from schema import ids

COMPARED = 10  # organizations at least, of those that share words with a name
WORDS_MOST = 10  # of a name that are looked up
GATHERED = 1_000  # organizations that share a word, of whom the likest are compared
CERTAIN = 100.0  # of the score, for who is asked for by id
NOBODY = ""  # stands for the id of who is asked about
EIN = "US-EIN"

_RARITY = Rarity()  # of names in general: what an answer says of one organization does not depend on others


class Row(Struct, frozen=True):
    """What is asked: a name, or an id or EIN in its place, and what else is known, by the properties' ids.

    No text is longer than limits.TEXT_LENGTH.
    """

    text: str = ""
    properties: Mapping[str, tuple[str, ...]] = {}
    kinds: frozenset[str] | None = None  # None for any
    limit: int = 5


class Candidate(Struct, frozen=True):
    organization: Organization
    judgement: Judgement
    match: bool


def candidates(snapshot: Snapshot, row: Row) -> list[Candidate]:
    """Those that the row may be, best first. One is a match when it is the same organization, and no other is."""
    known = by_key(snapshot, row.text.strip())
    if known is not None:
        judged = [(known, Judgement(known.id, Verdict.SAME, CERTAIN, (Evidence(EvidenceKind.IDENTIFIER, "its id", CERTAIN),)))]
    else:
        party = _party(row)
        asked = traits(party)
        compared = _comparable(snapshot, party, max(row.limit, COMPARED))
        judged = [(one, judged_traits(asked, traits(party_of(one)), _RARITY)) for one in compared]
    same = sum(judgement.verdict is Verdict.SAME for _, judgement in judged)
    found = [
        Candidate(one, judgement, same == 1 and judgement.verdict is Verdict.SAME)
        for one, judgement in judged
        if judgement.score > 0 and (row.kinds is None or one.kind in row.kinds)
    ]
    return sorted(found, key=_order)[: row.limit]


def by_key(snapshot: Snapshot, key: str) -> Organization | None:
    """The organization with this id (ours, or that of GraphQL) or EIN; None for what is none. A slug may be a name, too."""
    if not key or len(key) > ids.LONGEST_ID:
        return None
    return snapshot.organization(_id(key)) or snapshot.by_identifier(EIN, key)


def _id(key: str) -> str:
    try:
        return str(UUID(key))
    except ValueError:
        pass
    try:
        return ids.organization(key)
    except BadInput:
        return NOBODY


def _order(one: Candidate) -> tuple[bool, float, str, str]:
    return one.judgement.verdict is not Verdict.SAME, -one.judgement.score, one.organization.name, one.organization.id


def _comparable(snapshot: Snapshot, party: Party, most: int) -> list[Organization]:
    """Who bears one of its numbers is all there is."""
    numbered = (snapshot.by_identifier(number.scheme, number.value) for number in party.identifiers)
    found = {one.id: one for one in numbered if one is not None}
    return list(found.values()) or _namesakes(snapshot, party, most)


def _namesakes(snapshot: Snapshot, party: Party, most: int) -> list[Organization]:
    """Those whose names share most with the party's; of several alike those in its state."""
    index = snapshot.index
    words = list(dict.fromkeys(fold(party.name).split()))[:WORDS_MOST]
    holding = index.words.named(words)
    found = _gathered(holding)
    states = [rows for place in party.places if place.state and (rows := index.sets["located"][place.state])]
    members, weights = _array(found), np.zeros(len(found))
    for rows in (*holding, *states):
        weights[np.searchsorted(members, _array(found & rows))] += log(1 + len(index.rows.live) / len(rows))
    ranks = index.rows.rank
    likest = sorted(_heaviest(members, weights, most), key=lambda one: (-one[1], ranks[one[0]]))[:most]
    return [index.rows[row] for row, _ in likest]


def _heaviest(rows: NDArray[np.uint32], weights: NDArray[np.float64], most: int) -> list[tuple[int, float]]:
    """The rows that may be among the `most` heaviest, with their weights, so that few have to be put in their exact order."""
    least = np.partition(weights, -most)[-most] if len(weights) > most else 0.0
    heavy = weights >= least
    return list(zip(rows[heavy].tolist(), weights[heavy].tolist(), strict=True))


def _array(rows: BitMap) -> NDArray[np.uint32]:
    return np.frombuffer(rows.to_array(), np.uint32)


def _gathered(holding: Sequence[BitMap]) -> BitMap:
    """The rows with all words, and of each that is not common, at most GATHERED in all, those of the rarest words first."""
    if not holding:
        return BitMap()
    found = BitMap(islice(BitMap.intersection(*holding), GATHERED))
    for rows in holding:
        if len(found) + len(rows) <= GATHERED:
            found |= rows
    return found


def _party(row: Row) -> Party:
    said = row.properties
    numbers = tuple(Identifier(EIN, written) for value in said.get("ein", ()) if (written := _ein(value)))
    return Party(
        NOBODY,
        row.text,
        identifiers=numbers,
        website=_first(said, "website"),
        emails=said.get("email", ()),
        phones=said.get("phone", ()),
        places=_places(said),
    )


def _ein(value: str) -> str | None:
    try:
        return written.identifier(EIN, value)
    except BadInput:
        return None


def _places(said: Mapping[str, Sequence[str]]) -> tuple[PartyPlace, ...]:
    parts = {part: _first(said, part) for part in ("street", "city", "postal_code")}
    state, country = _region(_first(said, "state"), RegionKind.STATE), _region(_first(said, "country"), RegionKind.COUNTRY)
    if not any((*parts.values(), state, country)):
        return ()
    return (PartyPlace(**parts, state=state, country=country or (state.partition("-")[0] if state else None)),)


def _region(words: str | None, kind: RegionKind) -> str | None:
    found = REGIONS.find(words) if words else ()
    return next((region.code for region in found if region.kind is kind), None)


def _first(said: Mapping[str, Sequence[str]], name: str) -> str | None:
    return next((value for value in said.get(name, ()) if value), None)
