import { graphql, useLazyLoadQuery } from "react-relay";
import type { UnderstandQuery } from "./__generated__/UnderstandQuery.graphql";

/** What was understood of a person's words, each part to be removed by a click. */
export function Understand({ words }: { words: string }) {
  const { understand } = useLazyLoadQuery<UnderstandQuery>(
    graphql`
      query UnderstandQuery($words: String!) {
        understand(query: $words) {
          query
          search
          parts {
            field
            value
            label
          }
        }
      }
    `,
    { words },
  );
  return (
    <ul>
      {understand?.parts.map(({ field, value, label }) => (
        <li key={`${field} ${value}`}>{label}</li>
      ))}
    </ul>
  );
}
