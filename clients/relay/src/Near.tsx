import { graphql, useLazyLoadQuery } from "react-relay";
import { Card } from "./Card";
import type { NearQuery } from "./__generated__/NearQuery.graphql";

/** The organizations nearest to a place, given by its name. */
export function Near({ variables }: { variables: NearQuery["variables"] }) {
  const { organizations } = useLazyLoadQuery<NearQuery>(
    graphql`
      query NearQuery($place: PlaceInput!, $miles: Float) {
        organizations(
          filter: { near: { place: $place, radius: $miles, unit: MILE } }
          orderBy: { field: DISTANCE }
          first: 10
        ) {
          totalCount
          edges {
            distance(unit: MILE)
            node {
              id
              ...Card_organization
            }
          }
        }
      }
    `,
    variables,
  );
  return (
    <ol>
      {organizations?.edges.map(({ node, distance }) => (
        <li key={node.id} value={distance ?? undefined}>
          <Card organization={node} />
        </li>
      ))}
    </ol>
  );
}
