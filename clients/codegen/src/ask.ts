/**
 * Requests every document by its id with GET, and reads all pages of a search.
 * Usage: node built/ask.js URL. Prints a JSON object with the answer to each document.
 */
import type { TypedDocumentString } from "./gql/graphql.js";
import { read } from "./gql/index.js";
import { CHANGES, COMMUNITIES, ISSUE_AREAS, ORGANIZATION, REGION } from "./pages.js";
import { CARD, FACETS, HIT, MARKS, NEAR, SEARCH, line } from "./search.js";
import { ENUM_LABELS, SUGGEST, UNDERSTAND } from "./words.js";

const url = process.argv[2] ?? "";
const answers: Record<string, unknown> = {};

type Document<Data, Variables> = TypedDocumentString<Data, Variables>;

async function ask<Data, Variables>(name: string, document: Document<Data, Variables>, variables: NoInfer<Variables>) {
  const id = (document.__meta__ as { hash: string }).hash;
  const asked = new URLSearchParams({ documentId: id, variables: JSON.stringify(variables) });
  const response = await fetch(`${url}?${asked}`, { headers: { Accept: "application/graphql-response+json" } });
  const body = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (body.errors) throw new Error(`${name}: ${body.errors.map(({ message }) => message).join(" ")}`);
  answers[name] = body.data;
  return body.data;
}

/** Returns the slugs of all pages of a search. */
async function searched(words: string, first: number): Promise<string[]> {
  const slugs: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { organizations }: Awaited<ReturnType<typeof page>> = await page(words, first, after);
    slugs.push(...(organizations?.edges.map((edge) => read(CARD, read(HIT, edge).node).slug) ?? []));
    after = organizations?.pageInfo.endCursor ?? null;
    more = organizations?.pageInfo.hasNextPage ?? false;
  }
  return slugs;
}

const page = (words: string, first: number, after: string | null) =>
  ask("Search", SEARCH, { words, first, after, order: { field: "NAME", direction: "DESCENDING" } });

const slugs = await searched("rights", 2);
await ask("Facets", FACETS, { filter: { issueAreas: { anyOf: ["housing"] } }, language: "es" });
await ask("Marks", MARKS, { view: { north: 50, east: -66, south: 24, west: -125 }, zoom: 4 });
const near = await ask("Near", NEAR, { place: { postalCode: "30312" }, radius: 1000, unit: "MILE" });
await ask("Organization", ORGANIZATION, { by: { slug: slugs[0] ?? "" } });
await ask("Region", REGION, { code: "US-GA", first: 2 });
await ask("IssueAreas", ISSUE_AREAS, { language: "es" });
await ask("Communities", COMMUNITIES, { language: "es" });
await ask("EnumLabels", ENUM_LABELS, { language: "es" });
await ask("Suggest", SUGGEST, { words: "hous" });
await ask("Understand", UNDERSTAND, { words: "vivienda cerca de Atlanta" });
await ask("Changes", CHANGES, {});
console.log(JSON.stringify({ slugs, lines: near.organizations?.edges.map(line) ?? [], answers }));
