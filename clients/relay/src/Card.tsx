import { graphql, useFragment } from "react-relay";
import type { Card_organization$key } from "./__generated__/Card_organization.graphql";

/** One organization in a list, with its issue areas and published places. */
export function Card(props: { organization: Card_organization$key }) {
  const organization = useFragment(
    graphql`
      fragment Card_organization on Organization {
        slug
        name
        summary
        verificationDue
        issueAreas {
          id
          label
        }
        locations {
          id
          isPrimary
          precision
          address {
            city
            state
          }
        }
      }
    `,
    props.organization,
  );
  const places = organization.locations.map(({ address }) => [address?.city, address?.state].filter(Boolean).join(", "));
  return (
    <article>
      <h3>
        <a href={`/organizations/${organization.slug}`}>{organization.name}</a>
      </h3>
      <p>{organization.summary ?? "No summary is stated."}</p>
      <p>{places.join(" · ") || "No location is stated."}</p>
      <ul>
        {organization.issueAreas.map(({ id, label }) => (
          <li key={id}>{label}</li>
        ))}
      </ul>
      {organization.verificationDue ? <p>This has not been verified for a while.</p> : null}
    </article>
  );
}
