"""Is this the same organization? Evidence and a verdict; pure."""

from directory.matching.evidence import Evidence, EvidenceKind, Judgement, Verdict
from directory.matching.index import Index
from directory.matching.judging import judge
from directory.matching.parties import Party, PartyPlace, party, party_of
from directory.matching.rarity import Rarity

__all__ = [
    "Evidence",
    "EvidenceKind",
    "Index",
    "Judgement",
    "Party",
    "PartyPlace",
    "Rarity",
    "Verdict",
    "judge",
    "party",
    "party_of",
]
