"""The GraphQL documents that are measured. They stay the same for all requests; only their variables change."""

from dataclasses import replace

from graphql import FieldNode, NameNode, Visitor, parse, print_ast, visit

_PAGE = """
query Page($theme: String!, $state: String!, $first: Int!) {
  organizations(filter: { issueAreas: { anyOf: [$theme] }, regions: { anyOf: [$state] } }, first: $first) {
    totalCount
    nodes {
      id slug name kind summary founded website nationwide verifiedAt verificationDue updatedAt membership { status }
      issueAreas { slug label }
      locations { precision point { latitude longitude } address { city state } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

_CARD_WITH_39_LEAVES = """
      id slug name kind summary founded website nationwide verifiedAt verificationDue updatedAt
      membership { status joinedOn endedOn }
      names { name }
      issueAreas { slug label }
      communities { slug label }
      workAreas { slug label }
      languages { tag label }
      serviceAreas { code }
      locations { precision radiusKm point { latitude longitude } address { city state } }
"""

_LEAVES = f"""
query Leaves($theme: String!, $state: String!) {{
  organizations(filter: {{ issueAreas: {{ noneOf: [$theme] }}, regions: {{ noneOf: [$state] }} }}, first: 20) {{
    nodes {{ {_CARD_WITH_39_LEAVES} }}
  }}
}}"""

_TEXT = """
query Text($text: String!) {
  organizations(query: $text, first: 20) {
    totalCount
    edges { cursor node { slug name kind summary } match { tier } }
    facets { issueAreas { value label count selected } regions(kind: STATE) { value label count local selected } }
  }
}"""

DOCUMENTS = {
    "Q1": """
query One($slug: String!) {
  organization(by: { slug: $slug }) {
    id slug name kind summary description founded website nationwide verifiedAt updatedAt
    issueAreas { slug label }
    locations { precision point { latitude longitude } address { city state } regions { code name } }
  }
}""",
    "Q2": _PAGE,
    "Q3": _TEXT,
    "Q4": """
query Near($theme: String!, $latitude: Float!, $longitude: Float!, $radius: Float!) {
  organizations(
    filter: {
      issueAreas: { anyOf: [$theme] }
      near: { place: { point: { latitude: $latitude, longitude: $longitude } }, radius: $radius }
    }
    orderBy: { field: DISTANCE }
    first: 20
  ) {
    totalCount
    edges { distance node { slug name kind summary locations { precision point { latitude longitude } } } }
  }
}""",
    "Q5": """
query Map($box: BoundingBoxInput!) {
  organizations {
    map(within: $box, limit: 2000) { marks { point { latitude longitude } count organization { slug name } } withoutPoint }
  }
}""",
    "Q6": """
{
  organizations {
    totalCount
    facets {
      issueAreas { value count }
      communities { value count }
      workAreas { value count }
      languages { value count }
      kinds { value count }
      regions(kind: STATE) { value count local }
      locationNotStated
    }
  }
}""",
    "phrase": _TEXT,
    "prefix": _TEXT,
    "misspelt": _TEXT,
    "sentence": "query Sentence($text: String!) { understand(query: $text) { search } }",
    "typename": "{ __typename }",
    "leaves": _LEAVES,
    "repeated": _PAGE,
}

# Reads every record, page after page, so that the caches fill up.
ALL_RECORDS = f"""
query All($after: String) {{
  organizations(first: 50, after: $after) {{
    nodes {{ {_CARD_WITH_39_LEAVES} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""


def rename_keys(text: str, number: int) -> str:
    """Return the document with `number` added to the response key of every leaf, as in `name7: name`.

    Nothing that a server has cached for other keys serves this document, and the answers are hardly longer.
    """
    return print_ast(visit(parse(text, no_location=True), _KeyRenamer(number)))


class _KeyRenamer(Visitor):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def leave_field(self, node: FieldNode, *_: object) -> FieldNode:
        key = NameNode(value=f"{(node.alias or node.name).value}{self.number}")
        return node if node.selection_set else replace(node, alias=key)
