/** Shows another search without loading the whole page: fetches it, replaces what differs, and keeps the history. */

import { announce } from "./announce";
import { hasExit, isSearchPage, replaceParts } from "./page-parts";

/** An event on the document after parts of the page have been replaced. */
export const UPDATED = "pages:updated";

interface Options {
  /** Where the focus goes. */
  focus: "heading" | "field";
  /** False for an address that is in the history already. */
  isNew?: boolean;
}

let current: AbortController | undefined;
let shown = location.pathname + location.search;

/** Whether the address leads from one search to another. Other pages are loaded as usual. */
export const canShow = (address: string): boolean =>
  new URL(address, location.href).pathname === location.pathname && isSearchPage(document);

/** Stops the request for a search that is no longer wanted. Returns whether there was one. */
export function abort(): boolean {
  const isRunning = current !== undefined;
  current?.abort();
  current = undefined;
  return isRunning;
}

/** Shows the search. If that fails for any reason, the browser loads the page, and shows its own message if it cannot. */
export async function show(address: string, { focus, isNew = true }: Options): Promise<void> {
  abort();
  const controller = (current = new AbortController());
  const main = document.querySelector("main")!;
  main.setAttribute("aria-busy", "true");
  try {
    const page = await load(address, controller.signal);
    if (controller.signal.aborted) return;
    if (isNew) rememberScroll();
    await swap(() => {
      if (isNew) history.pushState(null, "", address);
      replaceParts(page, focus);
    }, focus);
    finish(focus);
  } catch {
    if (!controller.signal.aborted) isNew ? location.assign(address) : location.reload();
  } finally {
    if (current === controller) current = undefined;
    if (!current) main.removeAttribute("aria-busy");
  }
}

async function load(address: string, signal: AbortSignal): Promise<Document> {
  const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok || !isSearchPage(page)) throw new Error(`This is not the page of a search: ${address}`);
  if (hasExit(page) !== hasExit(document)) throw new Error("Only one of the searches is about a sensitive theme.");
  return page;
}

/** Replaces the content, with a transition if the visitor follows a link. A click on a choice is answered at once. */
async function swap(replace: () => void, focus: Options["focus"]): Promise<void> {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches || focus === "field";
  if (isStill || !("startViewTransition" in document)) return replace();
  const transition = document.startViewTransition(replace);
  transition.ready.catch(() => undefined); // it is skipped if the page is hidden or another one starts
  await transition.updateCallbackDone;
}

function finish(focus: Options["focus"]): void {
  shown = location.pathname + location.search;
  const heading = document.querySelector("#count")?.textContent;
  if (focus === "field" && heading) announce(heading); // a heading that gets the focus is read anyway
  document.dispatchEvent(new Event(UPDATED));
}

const rememberScroll = () => history.replaceState({ scroll: scrollY }, "");

/** Shows the search of the address when the visitor goes back or forward. A change of the fragment alone needs nothing. */
async function restore(event: PopStateEvent): Promise<void> {
  if (location.pathname + location.search === shown) return;
  await show(location.href, { focus: "field", isNew: false });
  const { scroll } = (event.state ?? {}) as { scroll?: number };
  if (scroll !== undefined) scrollTo(0, scroll);
}

export function startUpdates(): void {
  if (!isSearchPage(document)) return;
  addEventListener("popstate", (event) => void restore(event));
}
