import { graphql, useLazyLoadQuery } from "react-relay";
import type { SuggestQuery } from "./__generated__/SuggestQuery.graphql";

/** Suggestions while a person types. */
export function Suggest({ words, language }: { words: string; language: string }) {
  const { suggest } = useLazyLoadQuery<SuggestQuery>(
    graphql`
      query SuggestQuery($words: String!, $language: String!) {
        suggest(query: $words, first: 6) {
          kind
          label(language: $language)
          search
          node {
            id
            __typename
            ... on Organization {
              slug
            }
            ... on Community {
              organizationCount
            }
            ... on Place {
              kind
            }
          }
        }
      }
    `,
    { words, language },
  );
  return (
    <datalist>
      {suggest?.map(({ search, label, node }) => (
        <option key={search} value={search} label={node?.__typename === "Organization" ? (node.slug ?? label) : label} />
      ))}
    </datalist>
  );
}
