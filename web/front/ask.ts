/** Relative to this page, so that the directory works under any path. */
const ENDPOINT = new URL("graphql", document.baseURI);

export interface GraphQLRequest {
  query: string;
  variables?: unknown;
  operationName?: string | null;
}

/** Returns the body of the answer, including its errors. Rejects with a readable message if there is no valid answer. */
export async function ask(request: GraphQLRequest): Promise<any> {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json;q=0.9" },
    body: JSON.stringify(request),
  }).catch(() => {
    throw new Error("The directory cannot be reached. Check that the server is running.");
  });
  return response.json().catch(() => {
    throw new Error(`The directory answered with status ${response.status} but without JSON.`);
  });
}
