import { graphql, useLazyLoadQuery } from "react-relay";
import type { UnderstandQuery } from "./__generated__/UnderstandQuery.graphql";

/** The parts of a question that were understood from text. A click removes a part. */
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
