/** Requests to the GraphQL API. Its documents are on the server: web/pages/documents/browser. */

/** The path before every file of the directory: "" or "/directory". */
export const root = document.documentElement.dataset.root ?? "";

interface Answer<Data> {
  data?: Data;
}

/** Returns the data of a document. Rejects if the request is aborted, fails or has no data. */
export async function ask<Data>(name: string, variables: object, signal: AbortSignal): Promise<Data> {
  const parameters = new URLSearchParams({ documentId: `pages/${name}`, variables: JSON.stringify(variables) });
  const response = await fetch(`${root}/graphql?${parameters}`, { signal, headers: { Accept: "application/json" } });
  const answer = (await response.json()) as Answer<Data>;
  if (!answer.data) throw new Error(`The document ${name} has no answer: status ${response.status}`);
  return answer.data;
}
