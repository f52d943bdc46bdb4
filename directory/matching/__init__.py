"""Is this the same organization? Evidence and a verdict; pure."""

from directory.matching.evidence import Evidence, EvidenceKind, MatchResult, Verdict
from directory.matching.index import MatchIndex
from directory.matching.judging import compare_records
from directory.matching.parties import MatchAddress, MatchRecord, build_match_record, build_published_match_record
from directory.matching.rarity import TokenFrequency

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
