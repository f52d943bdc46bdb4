/** Names of places in the language of the page. Records have counties in English and states as codes. */

import { ask } from "./api";
import { text } from "./texts";

type Answer = Record<string, { nodes: { code: string; name: string }[] }>;

const names = new Map<string, string>();

/** Loads the names of states. Without them, codes are shown, so failures are silent. */
export async function loadStateNames(): Promise<void> {
  if (names.size) return;
  const { lang } = document.documentElement;
  const answer = await ask<Answer>("state-names", { language: lang }, AbortSignal.timeout(10_000)).catch(() => ({}));
  for (const { nodes } of Object.values(answer)) for (const { code, name } of nodes) names.set(code, name);
}

/** Returns the name of a state, or its code if there is none; "" without one. */
export const nameState = (country: string | null, state: string | null): string =>
  state ? (names.get(`${country}-${state}`) ?? state) : "";

/** Returns "Condado de Levy" for "Levy County" on a Spanish page. */
export function nameCounty(county: string): string {
  const [, name = "", kind = ""] = /^(.+) (\w+)$/.exec(county) ?? [];
  return text(`county-${kind}`, { name }) || county;
}
