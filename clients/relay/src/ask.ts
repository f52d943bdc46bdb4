/**
 * Requests every document by its id and reads all pages of a search, with Relay's own runtime.
 * Usage: node built/ask.js URL. Prints a JSON object with the answer to each document.
 */
import { Environment, Network, RecordSource, Store, fetchQuery } from "relay-runtime";
import type { GraphQLResponse, GraphQLTaggedNode, OperationType, RequestParameters, Variables } from "relay-runtime";
import type { ChangesQuery } from "./__generated__/ChangesQuery.graphql";
import type { FacetsQuery } from "./__generated__/FacetsQuery.graphql";
import type { IssueAreasQuery } from "./__generated__/IssueAreasQuery.graphql";
import type { MapQuery } from "./__generated__/MapQuery.graphql";
import type { NearQuery } from "./__generated__/NearQuery.graphql";
import type { OrganizationQuery } from "./__generated__/OrganizationQuery.graphql";
import type { RegionMembersQuery } from "./__generated__/RegionMembersQuery.graphql";
import type { RegionQuery } from "./__generated__/RegionQuery.graphql";
import type { SearchPageQuery } from "./__generated__/SearchPageQuery.graphql";
import type { SearchQuery } from "./__generated__/SearchQuery.graphql";
import type { SuggestQuery } from "./__generated__/SuggestQuery.graphql";
import type { UnderstandQuery } from "./__generated__/UnderstandQuery.graphql";
import changes from "./__generated__/ChangesQuery.graphql";
import facets from "./__generated__/FacetsQuery.graphql";
import issueAreas from "./__generated__/IssueAreasQuery.graphql";
import map from "./__generated__/MapQuery.graphql";
import near from "./__generated__/NearQuery.graphql";
import organization from "./__generated__/OrganizationQuery.graphql";
import region from "./__generated__/RegionQuery.graphql";
import regionMembers from "./__generated__/RegionMembersQuery.graphql";
import search from "./__generated__/SearchQuery.graphql";
import searchPage from "./__generated__/SearchPageQuery.graphql";
import suggest from "./__generated__/SuggestQuery.graphql";
import understand from "./__generated__/UnderstandQuery.graphql";

type Page = { edges: { node: { slug: string } }[]; totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean } };
type Body = { data: Record<string, unknown>; errors?: { message: string }[] };

const url = process.argv[2] ?? "";
const answers: Record<string, Record<string, unknown>> = {};

async function send({ id, name }: RequestParameters, variables: Variables): Promise<GraphQLResponse> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json" },
    body: JSON.stringify({ documentId: id, variables }),
  });
  const body = (await response.json()) as Body;
  if (body.errors) throw new Error(`${name}: ${body.errors.map(({ message }) => message).join(" ")}`);
  answers[name] = body.data;
  return body as GraphQLResponse;
}

const environment = new Environment({ network: Network.create(send), store: new Store(new RecordSource()) });

async function ask<T extends OperationType>(document: GraphQLTaggedNode, variables: T["variables"]): Promise<T["response"]> {
  const response = await fetchQuery<T>(environment, document, variables).toPromise();
  if (response === undefined) throw new Error("The server sent no answer.");
  return response;
}

/** Returns the slugs of all pages of a search. */
async function searched(words: string, count: number): Promise<string[]> {
  await ask<SearchQuery>(search, { words, count });
  let page = answers["SearchQuery"]?.["organizations"] as Page;
  const slugs = page.edges.map(({ node }) => node.slug);
  while (page.pageInfo.hasNextPage) {
    await ask<SearchPageQuery>(searchPage, { words, count, cursor: page.pageInfo.endCursor });
    page = answers["SearchPageQuery"]?.["organizations"] as Page;
    slugs.push(...page.edges.map(({ node }) => node.slug));
  }
  return slugs;
}

async function all() {
  const housing = { issueAreas: { anyOf: ["housing"] }, regions: { anyOf: ["US-GA"] } };
  const slugs = await searched("rights", 2);
  await ask<FacetsQuery>(facets, { words: "rights", filter: housing, language: "es" });
  await ask<MapQuery>(map, { view: { north: 50, east: -66, south: 24, west: -125 }, zoom: 4 });
  await ask<OrganizationQuery>(organization, { slug: slugs[0] ?? "" });
  await ask<NearQuery>(near, { place: { name: "Atlanta" }, miles: 50 });
  await ask<SuggestQuery>(suggest, { words: "hous", language: "es" });
  await ask<UnderstandQuery>(understand, { words: "housing near Atlanta" });
  await ask<IssueAreasQuery>(issueAreas, {});
  const georgia = await ask<RegionQuery>(region, { code: "US-GA" });
  const members = answers["RegionQuery"]?.["region"] as { organizations: Page };
  const cursor = members.organizations.pageInfo.endCursor;
  await ask<RegionMembersQuery>(regionMembers, { id: georgia.region?.id ?? "", count: 2, cursor });
  await ask<ChangesQuery>(changes, { since: null, count: 5 });
  console.log(JSON.stringify({ slugs, answers }));
}

void all();
