/** Queries for suggestions while a person types, and for understanding the whole sentence. */
import { graphql } from "./gql/index.js";

export const SUGGEST = graphql(`
  query Suggest($words: String!) {
    suggest(query: $words) {
      kind
      label
      search
      node {
        __typename
        id
        ... on Organization {
          ...Card
        }
        ... on Region {
          code
        }
      }
    }
  }
`);

export const UNDERSTAND = graphql(`
  query Understand($words: String!) {
    understand(query: $words) {
      query
      search
      parts {
        field
        value
        label(language: "es")
      }
    }
  }
`);
