/** Queries of the pages about an organization, a region, the issue areas, the communities and recent changes. */
import { graphql } from "./gql/index.js";

export const ORGANIZATION = graphql(`
  query Organization($by: OrganizationBy!) {
    organization(by: $by) {
      ...Card
      id
      description
      kind
      founded
      website
      updatedAt
      membership {
        status
        joinedOn
      }
      identifiers {
        scheme
        value
      }
      serviceAreas {
        code
        name
      }
      contacts {
        role
        email
        phone
      }
      branches {
        ...Card
      }
      relations {
        kind
        actor
        organization {
          ...Card
        }
      }
      sources {
        field
        title
        url
        date
      }
    }
  }
`);

export const REGION = graphql(`
  query Region($code: String!, $first: Int, $after: String) {
    region(code: $code) {
      name
      kind
      within {
        code
        name
      }
      bounds {
        north
        east
        south
        west
      }
      organizationCount(by: LOCATED)
      organizations(first: $first, after: $after) {
        totalCount
        edges {
          ...Hit
        }
      }
    }
  }
`);

export const ISSUE_AREAS = graphql(`
  query IssueAreas($language: String! = "en") {
    issueAreas(first: 100) {
      totalCount
      nodes {
        slug
        label(language: $language)
        definition
        organizationCount
        synonyms(language: $language)
        broader {
          slug
        }
        narrower {
          slug
        }
      }
    }
  }
`);

export const COMMUNITIES = graphql(`
  query Communities($language: String! = "en") {
    communities {
      id
      label(language: $language)
      synonyms(language: $language)
      organizationCount
      narrower {
        id
      }
    }
  }
`);

export const CHANGES = graphql(`
  query Changes($after: String) {
    changes(first: 100, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        cursor
        node {
          at
          kind
          organizationId
          organization {
            ...Card
          }
        }
      }
    }
  }
`);
