"""The GraphQL documents that are measured. They stay the same for all requests; only their variables change."""

_PAGE = """
query Page($theme: String!, $state: String!) {
  organizations(filter: { issueAreas: { anyOf: [$theme] }, regions: { anyOf: [$state] } }, first: 20) {
    totalCount
    nodes {
      id slug name kind summary founded website nationwide verifiedAt verificationDue updatedAt membership { status }
      issueAreas { slug label }
      locations { precision point { latitude longitude } address { city state } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

_LEAVES = """
query Leaves($theme: String!, $state: String!) {
  organizations(filter: { issueAreas: { noneOf: [$theme] }, regions: { noneOf: [$state] } }, first: 20) {
    nodes {
      id slug name kind summary founded website nationwide verifiedAt verificationDue updatedAt
      membership { status joinedOn endedOn }
      names { name }
      issueAreas { slug label }
      communities { slug label }
      workAreas { slug label }
      languages { tag label }
      serviceAreas { code }
      locations { precision radiusKm point { latitude longitude } address { city state } }
    }
  }
}"""

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
    "typename": "{ __typename }",
    "leaves": _LEAVES,
    "repeated": _PAGE,
}
