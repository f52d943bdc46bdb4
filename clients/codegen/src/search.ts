/** Queries of the search: pages of results, facets and the map. */
import { type FragmentType, graphql, read } from "./gql/index.js";

export const CARD = graphql(`
  fragment Card on Organization {
    slug
    name
    summary
    issueAreas {
      slug
      label(language: "es")
    }
    locations {
      precision
      address {
        city
        state
      }
    }
  }
`);

export const HIT = graphql(`
  fragment Hit on OrganizationEdge {
    cursor
    distance(unit: MILE)
    match {
      tier
      regionReason
      highlights {
        field
        segments {
          text
          matched
        }
      }
    }
    node {
      ...Card
    }
  }
`);

export const SEARCH = graphql(`
  query Search($words: String, $filter: OrganizationFilter, $order: OrganizationOrder, $first: Int, $after: String) {
    organizations(query: $words, filter: $filter, orderBy: $order, first: $first, after: $after) {
      version
      totalCount
      question {
        field
        value
        label
      }
      relaxations {
        count
        search
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        ...Hit
      }
    }
  }
`);

export const FACETS = graphql(`
  query Facets($filter: OrganizationFilter, $language: String! = "en") {
    organizations(filter: $filter, first: 1) {
      facets {
        issueAreas {
          ...Choice
        }
        communities {
          ...Choice
        }
        workAreas {
          ...Choice
        }
        languages {
          ...Choice
        }
        kinds {
          ...Choice
        }
        regions(kind: STATE, within: "US") {
          ...Choice
          local
        }
        locationNotStated
      }
    }
  }
`);

export const CHOICE = graphql(`
  fragment Choice on Count {
    value
    label(language: $language)
    count
    selected
  }
`);

export const MARKS = graphql(`
  query Marks($filter: OrganizationFilter, $view: BoundingBoxInput!, $zoom: Float!) {
    organizations(filter: $filter, first: 1) {
      map(within: $view, zoom: $zoom) {
        withoutPoint
        marks {
          count
          point {
            latitude
            longitude
          }
          bounds {
            north
            east
            south
            west
          }
          organization {
            ...Card
          }
        }
      }
    }
  }
`);

export const NEAR = graphql(`
  query Near($place: PlaceInput!, $radius: Float, $unit: DistanceUnit!) {
    organizations(filter: { near: { place: $place, radius: $radius, unit: $unit } }) {
      totalCount
      edges {
        ...Hit
      }
    }
  }
`);

/** Formats a hit in one line: name, published place and distance. */
export function line(hit: FragmentType<typeof HIT>): string {
  const { node, distance } = read(HIT, hit);
  const { name, locations } = read(CARD, node);
  const city = locations.find(({ address }) => address?.city)?.address?.city ?? "place not stated";
  return distance == null ? `${name} (${city})` : `${name} (${city}, ${distance.toFixed(0)} miles)`;
}
