import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { Card } from "./Card";
import type { RegionMembersQuery } from "./__generated__/RegionMembersQuery.graphql";
import type { RegionQuery } from "./__generated__/RegionQuery.graphql";
import type { Region_members$key } from "./__generated__/Region_members.graphql";

/** The page of a region, given by its code. Further members are fetched by its id. */
export function Region({ code }: { code: string }) {
  const { region } = useLazyLoadQuery<RegionQuery>(
    graphql`
      query RegionQuery($code: String!) {
        region(code: $code) {
          id
          code
          name
          kind
          within {
            id
            code
            name
          }
          organizationCount(nationwide: EXCLUDE)
          ...Region_members
        }
      }
    `,
    { code },
  );
  if (!region) return <p>There is no such region.</p>;
  return (
    <main>
      <h1>{region.name}</h1>
      <p>In {region.within.map(({ name }) => name).join(", ")}</p>
      <Members region={region} />
    </main>
  );
}

function Members({ region }: { region: Region_members$key }) {
  const { data, hasNext, loadNext } = usePaginationFragment<RegionMembersQuery, Region_members$key>(
    graphql`
      fragment Region_members on Region
      @refetchable(queryName: "RegionMembersQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
        organizations(first: $count, after: $cursor) @connection(key: "Region_organizations") {
          totalCount
          edges {
            match {
              regionReason
            }
            node {
              id
              ...Card_organization
            }
          }
        }
      }
    `,
    region,
  );
  return (
    <section>
      {data.organizations?.edges.map(({ node }) => <Card key={node.id} organization={node} />)}
      {hasNext ? <button onClick={() => loadNext(2)}>More</button> : null}
    </section>
  );
}
