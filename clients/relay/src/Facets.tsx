import { graphql, useLazyLoadQuery } from "react-relay";
import type { FacetsQuery } from "./__generated__/FacetsQuery.graphql";

/** The facets, with the number of results for each further choice. */
export function Facets({ variables }: { variables: FacetsQuery["variables"] }) {
  const { organizations } = useLazyLoadQuery<FacetsQuery>(
    graphql`
      query FacetsQuery($words: String, $filter: OrganizationFilter, $language: String!) {
        organizations(query: $words, filter: $filter, first: 1) {
          totalCount
          facets {
            locationNotStated
            issueAreas(first: 20) {
              value
              label(language: $language)
              count
              selected
            }
            communities(first: 20) {
              value
              label(language: $language)
              count
              selected
            }
            regions(kind: STATE) {
              value
              label(language: $language)
              count
              local
              selected
            }
            kinds {
              value
              label(language: $language)
              count
              selected
            }
          }
        }
      }
    `,
    variables,
  );
  const facets = organizations?.facets;
  const lists = facets ? [facets.issueAreas, facets.communities, facets.regions, facets.kinds] : [];
  return (
    <form>
      {lists.flat().map(({ value, label, count, selected }) => (
        <label key={value}>
          <input type="checkbox" name={value} defaultChecked={selected} /> {label} ({count})
        </label>
      ))}
    </form>
  );
}
