import { graphql, useLazyLoadQuery } from "react-relay";
import type { UnderstandQuery } from "./__generated__/UnderstandQuery.graphql";

type Props = { words: string; onSearch: (search: string) => void };

/** What a sentence finds, and how it was understood. A click on a part leads to the search without it. */
export function Understand({ words, onSearch }: Props) {
  const { organizations } = useLazyLoadQuery<UnderstandQuery>(
    graphql`
      query UnderstandQuery($words: String!) {
        organizations(words: $words, first: 5) {
          totalCount
          nodes {
            name
          }
          question {
            field
            value
            label
            search
          }
          understanding {
            corrections {
              original
              corrected
              search
            }
            ambiguous {
              words
              candidates {
                label
                search
              }
            }
            needsFromAsker
          }
        }
      }
    `,
    { words },
  );
  const understanding = organizations?.understanding;
  return (
    <section>
      {organizations?.question.map(({ field, value, label, search }) => (
        <button key={`${field} ${value}`} onClick={() => onSearch(search)}>
          {label}
        </button>
      ))}
      {understanding?.corrections.map(({ original, corrected, search }) => (
        <p key={original}>
          {corrected}. <button onClick={() => onSearch(search)}>{original}</button>
        </p>
      ))}
      {understanding?.ambiguous.flatMap(({ words: name, candidates }) =>
        candidates.map(({ label, search }) => (
          <button key={`${name} ${label}`} onClick={() => onSearch(search)}>
            {label}
          </button>
        )),
      )}
      {understanding?.needsFromAsker.map((phrase) => <p key={phrase}>{phrase}?</p>)}
      <ol>{organizations?.nodes.map(({ name }) => <li key={name}>{name}</li>)}</ol>
    </section>
  );
}
