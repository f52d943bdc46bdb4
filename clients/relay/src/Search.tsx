import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { Card } from "./Card";
import type { SearchPageQuery } from "./__generated__/SearchPageQuery.graphql";
import type { SearchQuery } from "./__generated__/SearchQuery.graphql";
import type { Search_list$key } from "./__generated__/Search_list.graphql";

/** The pages of a search, with the reason for each hit, and relaxations if there are no results. */
export function Search({ variables }: { variables: SearchQuery["variables"] }) {
  const query = graphql`
    query SearchQuery($words: String, $filter: OrganizationFilter, $count: Int!) {
      ...Search_list @arguments(words: $words, filter: $filter, count: $count)
    }
  `;
  return <List query={useLazyLoadQuery<SearchQuery>(query, variables)} />;
}

function List({ query }: { query: Search_list$key }) {
  const { data, hasNext, loadNext } = usePaginationFragment<SearchPageQuery, Search_list$key>(
    graphql`
      fragment Search_list on Query
      @refetchable(queryName: "SearchPageQuery")
      @argumentDefinitions(
        words: { type: "String" }
        filter: { type: "OrganizationFilter" }
        count: { type: "Int", defaultValue: 20 }
        cursor: { type: "String" }
      ) {
        organizations(query: $words, filter: $filter, first: $count, after: $cursor)
          @connection(key: "Search_organizations", filters: ["query", "filter"]) {
          totalCount
          relaxations {
            count
            search
            without {
              label
            }
          }
          edges {
            distance(unit: MILE)
            match {
              regionReason
              issueAreas {
                issueArea {
                  id
                  label
                }
                through {
                  id
                  label
                }
              }
              highlights {
                field
                segments {
                  text
                  matched
                }
              }
            }
            node {
              id
              ...Card_organization
            }
          }
        }
      }
    `,
    query,
  );
  const found = data.organizations;
  if (!found) return <p>The search was refused.</p>;
  return (
    <section>
      <h2>{found.totalCount} organizations</h2>
      {found.relaxations.map(({ search, count, without }) => (
        <a key={search} href={`?${search}`}>
          Without {without.map(({ label }) => label).join(", ")}: {count}
        </a>
      ))}
      {found.edges.map(({ node, distance, match }) => (
        <div key={node.id}>
          <Card organization={node} />
          <p>{distance == null ? "" : `${distance.toFixed(0)} miles`}</p>
          <p>{match.regionReason}</p>
        </div>
      ))}
      {hasNext ? <button onClick={() => loadNext(20)}>More</button> : null}
    </section>
  );
}
