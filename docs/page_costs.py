"""The table of what typical requests cost, and how many points an office needs."""

from docs.markdown import format_table
from schema.execution.cost import compute_points
from schema.execution.prepared_document import prepare_operation
from schema.limits import LIMITS

SIZES = (1_000, 100_000)  # organizations
REQUESTS = {  # what a visitor does -> document
    "one keystroke in a search box: `suggest`": "query($text: String!) { suggest(query: $text) { kind label search } }",
    "a page of a search: 20 organizations, facets, chips and the map": """
query($text: String, $filter: OrganizationFilter) {
  organizations(query: $text, filter: $filter) {
    totalCount
    nodes { slug name kind summary issueAreas { slug label } locations { point { latitude longitude } address { city state } } }
    pageInfo { hasNextPage endCursor }
    facets { issueAreas { value label count } regions { value label count } }
    question { field value label }
    map { marks { point { latitude longitude } count organization { slug name } } }
  }
}""",
    'a page of a search in plain words, "who works on evictions near Atlanta": the same, and `understanding`': """
query($words: String) {
  organizations(words: $words) {
    totalCount
    search
    nodes { slug name kind summary issueAreas { slug label } locations { point { latitude longitude } address { city state } } }
    pageInfo { hasNextPage endCursor }
    facets { issueAreas { value label count } regions { value label count } }
    question { field value label }
    map { marks { point { latitude longitude } count organization { slug name } } }
    understanding { optionalWords corrections { original corrected search } needsFromAsker notes }
  }
}""",
    "the next page of a list: 20 organizations": """
query($filter: OrganizationFilter, $after: String) {
  organizations(filter: $filter, after: $after) { nodes { slug name summary } pageInfo { hasNextPage endCursor } }
}""",
    "the page of one organization": """
query($slug: String!) {
  organization(by: { slug: $slug }) {
    name kind summary description website updatedAt
    issueAreas { slug label } communities { slug label } serviceAreas { code name } contacts { email phone }
    locations { precision point { latitude longitude } address { city state } } parent { slug name } branches { slug name }
  }
}""",
}
VARIABLES = {"text": "tenants eviction", "words": "who works on evictions near Atlanta"}
KEYSTROKES, RECORD_PAGES = 8, 3  # in one search of a member
SEARCHES = 200  # a minute, by an office of 30 people behind one address


def build_page_costs_table() -> str:
    """Points of typical requests, by the number of organizations in the directory."""
    columns = ("request", *(f"points with {size:,} organizations" for size in SIZES))
    rows = [(title, *(f"{_price(document, size):,}" for size in SIZES)) for title, document in REQUESTS.items()]
    return format_table(columns, rows)


def compute_office_points(organizations: int) -> int:
    """Return the points a minute of an office of 30 people: keystrokes, a search in words and record pages."""
    keystroke, _, words_page, _, record_page = (_price(document, organizations) for document in REQUESTS.values())
    return SEARCHES * (KEYSTROKES * keystroke + words_page + RECORD_PAGES * record_page)


def _price(document: str, organizations: int) -> int:
    prepared, text, _ = prepare_operation(document, None, LIMITS)
    return compute_points(prepared.find_cost(None), VARIABLES, text.literals, organizations)
