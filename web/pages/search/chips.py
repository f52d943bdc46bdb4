"""The parts of a search as a page shows them above the list."""

from collections.abc import Mapping
from typing import Any

from directory.vocabulary.region_phrases import format_in_sentence
from directory.vocabulary.regions import REGIONS


def describe_chip(part: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the part with `region`, the name of a region as it stands in a sentence; None if it is not one."""
    region = REGIONS.get(part["value"]) if part["field"] == "regions" else None
    return {**part, "region": format_in_sentence(region, language) if region else None}
