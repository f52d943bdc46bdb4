/** Beside this page, wherever the directory lives. */
const ENDPOINT = new URL("graphql", document.baseURI);

export interface Question {
  query: string;
  variables?: unknown;
  operationName?: string | null;
}

/** The body of the answer, with whatever errors it tells. Fails with a sentence when no answer comes that can be read. */
export async function ask(question: Question): Promise<any> {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json;q=0.9" },
    body: JSON.stringify(question),
  }).catch(() => {
    throw new Error("The directory cannot be reached. Is it still running?");
  });
  return response.json().catch(() => {
    throw new Error(`The directory answered with status ${response.status} and no JSON.`);
  });
}
