"""Generate GraphQL documents that look for allies, coverage and coalition plans, with all of their arguments."""

from typing import Any
from urllib.parse import quote_plus

from benchmarks.costs.document_generator import TextGenerator
from schema.types.global_ids import GlobalId

REGION_KINDS = ("STATE", "STATE", "CENSUS_DIVISION", "COUNTRY", "CUSTOM", "METRO_AREA", "TRIBAL_AREA", "COUNTY")
TEXTS = (
    "legal clinics and interpreters for immigrant families, policy research, organizing and leadership training",
    "asesoría legal, investigación, formación de liderazgo, medios y arte",
)
ALLIES = """query($i: [ID!], $d: AllyDraftInput, $m: AllyMode!, $n: Int, $near: NearFilter, $f: OrganizationFilter, $r: Int!) {
  allies(organizations: $i, draft: $d, mode: $m, first: $n, near: $near, filter: $f) {
    totalCount ties { kind organization { slug } }
    edges { score distance reasonCount reasons(first: $r) { kind contribution text } node { name } }
  }
}"""
OWN_ALLIES = """query($i: ID!, $m: AllyMode!, $n: Int) {
  organization(by: { id: $i }) { allies(mode: $m, first: $n) { totalCount edges { score reasons { text } node { name } } } }
}"""
COVERAGE = """query(
  $t: CoverageFacet!, $v: [String!], $k: RegionKind!, $w: String, $g: CoverageGoal, $q: String, $s: String, $n: Int, $a: Date
) {
  coverage(facet: $t, values: $v, regionKind: $k, within: $w, goal: $g, query: $q, search: $s, asOf: $a) { SELECTION }
}"""
COVERAGE_PARTS = (
    "gapCount",
    "regionUnknown { value count }",
    "rows { value label memberCount stated recentlyVerified verifiedSince lastVerified }",
    "regions { code name }",
    "cells(first: $n) { totalCount nodes { row { value } region { code } located serving nationwide groups } }",
    "more: cells(first: $n) { nodes { stated placeUnknown verifiedSince verdict search localSearch } }",
    "gaps(first: 100) { cell { row { value } region { code } verdict } target missing nearest { slug } }",
)
PLAN = """query($p: CoalitionPlanInput, $s: String) {
  coalitionPlan(input: $p, search: $s) {
    members { organization { name } covers { label } coversAlone { label } adds alternatives { name } searchWithout }
    covered total uncovered { cell { label } missing reason text nearest { slug } }
    certificate { optimal lowerBound proof reason cells { label } weights needs capacity excess } search notes
  }
}"""


class PartnerDocuments:
    """Writes documents and their variables from a vocabulary."""

    def __init__(self, vocabulary: TextGenerator) -> None:
        self.vocabulary, self.random = vocabulary, vocabulary.random

    def write_allies(self) -> tuple[str, dict[str, Any]]:
        """Allies of one organization, of several together, or of a group that is not listed."""
        random = self.random
        mode = random.choice(["SAME_THEMES", "SAME_PLACE_OTHER_THEMES", "SEEKS_AND_OFFERS"])
        if random.random() < 0.2:
            return OWN_ALLIES, {"i": self._generate_id(), "m": mode, "n": random.choice([1, 20, 100])}
        count = random.choice([0, 1, 1, 3, 20])
        variables: dict[str, Any] = {"m": mode, "n": random.choice([1, 20, 100]), "r": random.choice([1, 4, 20])}
        variables["i"] = list(dict.fromkeys(self._generate_id() for _ in range(count)))
        if not count or random.random() < 0.3:
            variables["d"] = self._generate_draft()
        if random.random() < 0.3:
            variables["near"] = {"place": {"region": "US-GA"}, "radius": random.choice([50, 500, 5_000])}
        if random.random() < 0.3:
            variables["f"] = {"regions": {"anyOf": [self.vocabulary.generate_code() for _ in range(random.choice([1, 40]))]}}
        return ALLIES, variables

    def write_coverage(self) -> tuple[str, dict[str, Any]]:
        """A matrix of any kind of region, with up to all of its parts."""
        random, kind = self.random, self.random.choice(REGION_KINDS)
        is_fine = kind in ("COUNTY", "METRO_AREA")
        parts = random.sample(COVERAGE_PARTS, random.randint(1, len(COVERAGE_PARTS)))
        variables: dict[str, Any] = {
            "t": "ISSUE_AREA",
            "k": kind,
            "n": random.choice([1, 100, 1_000]),
            "g": random.choice([None, {"atLeast": random.choice([1, 3, 100]), "by": "SERVING", "nationwide": "INCLUDE"}]),
            "w": random.choice(["US-GA", "US-TX", "US"] if is_fine else [None, "US"]),
            "v": [self.vocabulary.generate_slug() for _ in range(3)] if random.random() < 0.2 else None,
        }
        if is_fine and variables["w"] == "US":
            variables["v"] = random.sample(["housing", "health", "immigration"], random.randint(1, 3))
        if random.random() < 0.3:
            variables["q"] = self.vocabulary.generate_words(3)
        if random.random() < 0.3:
            variables["s"] = self.vocabulary.generate_query_string(3)
        if random.random() < 0.3:
            variables["a"] = random.choice(["2026-01-01", "2026-06-02", "2999-01-01"])
        text = COVERAGE.replace("SELECTION", " ".join(parts))
        return (text if "$n" in text.partition("{")[2] else text.replace("$n: Int, ", "")), _drop_unused(variables, text)

    def write_plan(self) -> tuple[str, dict[str, Any]]:
        """A plan from its parts or in one line."""
        random, vocabulary = self.random, self.vocabulary
        themes, states = (
            vocabulary.sample_issue_areas(random.choice([1, 3, 10])),
            vocabulary.sample_states(random.choice([1, 5, 30])),
        )
        if random.random() < 0.2:
            pairs = [("issue", slug) for slug in themes] + [("region", code) for code in states]
            return PLAN, {"s": "&".join(f"{key}={quote_plus(value)}" for key, value in pairs)}
        plan: dict[str, Any] = {"issueAreas": themes, "regions": states, "perCell": random.choice([1, 1, 2, 5])}
        plan |= {"nationwide": random.choice(["INCLUDE", "EXCLUDE"]), "maxSize": random.choice([None, None, 5, 30])}
        if random.random() < 0.3:
            plan["include"] = [self._generate_id()]
        if random.random() < 0.3:
            plan["exclude"] = [self._generate_id() for _ in range(random.choice([1, 50]))]
        if random.random() < 0.2:
            plan["query"] = vocabulary.generate_words(2)
        return PLAN, {"p": plan}

    def _generate_draft(self) -> dict[str, Any]:
        random, vocabulary = self.random, self.vocabulary
        values: dict[str, Any] = {
            "issueAreas": vocabulary.sample_issue_areas(random.choice([1, 5, 40])),
            "regions": vocabulary.sample_states(random.choice([1, 10, 50])),
            "seeks": random.choice(TEXTS),
            "offers": vocabulary.generate_words(40),
            "words": vocabulary.generate_words(10),
            "place": {"region": "US-GA"},
        }
        return {name: values[name] for name in random.sample(sorted(values), random.randint(1, len(values)))}

    def _generate_id(self) -> str:
        return str(GlobalId("Organization", self.vocabulary.choose_record().id))


def _drop_unused(variables: dict[str, Any], text: str) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if value is not None and f"${name}" in text}
