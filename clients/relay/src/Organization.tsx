import { graphql, useLazyLoadQuery } from "react-relay";
import { Card } from "./Card";
import type { OrganizationQuery } from "./__generated__/OrganizationQuery.graphql";

/** The page of an organization, given by its slug. */
export function Organization({ slug }: { slug: string }) {
  const { organization } = useLazyLoadQuery<OrganizationQuery>(
    graphql`
      query OrganizationQuery($slug: String!) {
        organization(by: { slug: $slug }) {
          id
          ...Card_organization
          description
          kind
          founded
          website
          updatedAt
          verifiedAt
          membership {
            status
            joinedOn
          }
          names {
            name
            kind
          }
          serviceAreas {
            id
            code
            name
          }
          contacts {
            role
            email
            phone
            languages {
              tag
              label
            }
          }
          parent {
            id
            ...Card_organization
          }
          relations {
            kind
            note
            actor
            organization {
              id
              slug
              name
            }
          }
          sources {
            field
            title
            url
            date
          }
        }
      }
    `,
    { slug },
  );
  if (!organization) return <p>There is no such organization.</p>;
  return (
    <main>
      <Card organization={organization} />
      <p>{organization.description ?? ""}</p>
      <p>{organization.serviceAreas.map(({ name }) => name).join(", ")}</p>
      {organization.website ? <a href={organization.website}>Website</a> : null}
      {organization.parent ? <Card organization={organization.parent} /> : null}
      <ol>
        {organization.sources.map(({ field, title, date }) => (
          <li key={`${field} ${title}`}>
            {field}: {title} {date ?? ""}
          </li>
        ))}
      </ol>
    </main>
  );
}
