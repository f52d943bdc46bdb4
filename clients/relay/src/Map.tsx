import { graphql, useLazyLoadQuery } from "react-relay";
import type { MapQuery } from "./__generated__/MapQuery.graphql";

/** The marks of the visible part of the map, clustered by the server. */
export function Map({ variables }: { variables: MapQuery["variables"] }) {
  const { organizations } = useLazyLoadQuery<MapQuery>(
    graphql`
      query MapQuery($filter: OrganizationFilter, $view: BoundingBoxInput, $zoom: Float) {
        organizations(filter: $filter, first: 1) {
          map(within: $view, zoom: $zoom, limit: 200) {
            withoutPoint
            bounds {
              north
              east
              south
              west
            }
            marks {
              count
              precision
              point {
                latitude
                longitude
              }
              organization {
                id
                slug
                name
              }
            }
          }
        }
      }
    `,
    variables,
  );
  const marks = organizations?.map.marks ?? [];
  return (
    <ul>
      {marks.map(({ point, count, organization }) => (
        <li key={`${point.latitude} ${point.longitude}`}>{organization?.name ?? `${count} organizations`}</li>
      ))}
    </ul>
  );
}
