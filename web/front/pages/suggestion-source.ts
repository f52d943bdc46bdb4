/** What the API suggests for the words typed so far, as rows to show. */

import { ask } from "./api";
import { count } from "./texts";

export interface Suggestion {
  label: string;
  /** What kind of thing it is, and how many organizations or where; "" for a sentence. */
  details: string;
  /** Relative to the page of the search: "?issue=housing" or "organizations/umbrella". */
  address: string;
}

interface Place {
  isPrimary: boolean;
  address: { city: string | null; state: string | null } | null;
}

interface Answer {
  suggest:
    | {
        kind: string;
        label: string;
        search: string;
        node: { organizationCount?: number; slug?: string; locations?: Place[] } | null;
      }[]
    | null;
  kinds: { value: string; label: string }[];
}

const cache = new Map<string, Suggestion[]>();

/** Returns the suggestions, from memory if the same words were typed before. Rejects like `ask`. */
export async function loadSuggestions(words: string, signal: AbortSignal): Promise<Suggestion[]> {
  const known = cache.get(words);
  if (known) return known;
  const answer = await ask<Answer>("suggestions", { query: words, language: document.documentElement.lang }, signal);
  const kinds = new Map(answer.kinds.map(({ value, label }) => [value, label]));
  const suggestions = (answer.suggest ?? []).map(({ kind, label, search, node }) => ({
    label,
    details: search.includes("&") ? "" : describe(kinds.get(kind) ?? "", node),
    address: node?.slug ? `organizations/${node.slug}` : `?${search}`,
  }));
  cache.set(words, suggestions);
  return suggestions;
}

/** Returns "Issue area, 21 organizations" or "Organization, Waukesha, WI". */
function describe(kind: string, node: NonNullable<Answer["suggest"]>[number]["node"]): string {
  const place = node?.locations?.find((location) => location.isPrimary)?.address;
  const number = node?.organizationCount;
  return [kind, place?.city, place?.state, number === undefined ? null : count("organizations", number)]
    .filter(Boolean)
    .join(", ");
}
