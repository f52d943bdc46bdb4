import { graphql, useLazyLoadQuery } from "react-relay";
import type { ChangesQuery } from "./__generated__/ChangesQuery.graphql";

/** The changes since the reader's last visit. */
export function Changes({ since }: { since: string | null }) {
  const { changes } = useLazyLoadQuery<ChangesQuery>(
    graphql`
      query ChangesQuery($since: String, $count: Int!) {
        changes(first: $count, after: $since) {
          pageInfo {
            endCursor
            hasNextPage
          }
          nodes {
            at
            kind
            organizationId
            organization {
              id
              slug
              name
            }
          }
        }
      }
    `,
    { since, count: 50 },
  );
  return (
    <ol>
      {changes?.nodes.map(({ organizationId, organization, kind, at }) => (
        <li key={organizationId}>
          {at.slice(0, 10)}: {organization?.name ?? "An organization"} ({kind})
        </li>
      ))}
    </ol>
  );
}
