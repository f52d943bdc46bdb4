/** Queries for suggestions while a person types, for understanding the whole sentence, and for the labels of enums. */
import { graphql } from "./gql/index.js";

export const SUGGEST = graphql(`
  query Suggest($words: String!, $language: String! = "en") {
    suggest(query: $words) {
      kind
      label(language: $language)
      search
      node {
        __typename
        id
        ... on Organization {
          ...Card
        }
        ... on Community {
          slug
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
    organizations(words: $words, first: 5) {
      totalCount
      nodes {
        id
        name
      }
      question {
        field
        value
        label(language: "es")
        search
        alternatives {
          field
          value
          label(language: "es")
        }
      }
      understanding {
        search
        optionalWords
        corrections {
          original
          corrected
          search
        }
        ambiguous {
          words
          candidates {
            label(language: "es")
            search
          }
        }
        needsFromAsker
        notes
      }
    }
  }
`);

export const ENUM_LABELS = graphql(`
  query EnumLabels($language: String!) {
    kinds: enumLabels(enum: ORGANIZATION_KIND) {
      value
      label(language: $language)
    }
    reasons: enumLabels(enum: REGION_REASON) {
      value
      label(language: $language)
    }
  }
`);
