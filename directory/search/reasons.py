"""By which of its issue areas an organization answers a filter."""

from msgspec import Struct

from directory.question import TermFilter
from directory.records import Organization
from directory.vocabulary import ISSUE_AREAS


class IssueAreaMatch(Struct, frozen=True):
    """`issue_area` is the organization's own; `through` the broader one that was asked for, None when that is itself."""

    issue_area: str
    broader_term: str | None


def match_issue_areas(terms: TermFilter, organization: Organization) -> tuple[IssueAreaMatch, ...]:
    """In the organization's own order; empty when the filter asks for no issue area."""
    asked = dict.fromkeys((*terms.any_of, *terms.all_of))
    found = []
    for slug in organization.issue_areas:
        broader = ISSUE_AREAS.ancestors(slug) if terms.narrower else frozenset[str]()
        if slug in asked:
            found.append(IssueAreaMatch(slug, None))
        elif through := next((term for term in asked if term in broader), None):
            found.append(IssueAreaMatch(slug, through))
    return tuple(found)
