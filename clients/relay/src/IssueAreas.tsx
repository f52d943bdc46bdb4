import { graphql, useLazyLoadQuery } from "react-relay";
import type { IssueAreasQuery } from "./__generated__/IssueAreasQuery.graphql";

/** The tree of issue areas. Its roots are the areas without a broader one. */
export function IssueAreas() {
  const { issueAreas } = useLazyLoadQuery<IssueAreasQuery>(
    graphql`
      query IssueAreasQuery {
        issueAreas(first: 100) {
          totalCount
          nodes {
            ...IssueAreas_term @relay(mask: false)
            broader {
              id
            }
            narrower {
              ...IssueAreas_term @relay(mask: false)
            }
          }
        }
      }
    `,
    {},
  );
  const top = issueAreas?.nodes.filter(({ broader }) => broader.length === 0) ?? [];
  return (
    <ul>
      {top.map(({ id, label, narrower }) => (
        <li key={id}>
          {label}: {narrower.map((term) => `${term.label} (${term.organizationCount})`).join(", ")}
        </li>
      ))}
    </ul>
  );
}

export const term = graphql`
  fragment IssueAreas_term on IssueArea {
    id
    slug
    label
    organizationCount
  }
`;
