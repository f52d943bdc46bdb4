"""Readings of sentences, for tests."""

from benchmarks.words.scoring import iter_clauses
from directory.understanding.understand import understand

LAWYERS = "workAreas:law | workAreas:legal-services"
ATLANTA = "place:city:US-GA:atlanta | region:US-METRO-12060"


def read(words: str) -> set[str]:
    """Return the clauses of the question, each as its alternatives in alphabetical order."""
    return {" | ".join(sorted(clause)) for clause in iter_clauses(understand(words).question)}
