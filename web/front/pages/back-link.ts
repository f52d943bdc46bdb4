/** The link back to the list, with all its conditions, on the page of an organization. */

import { isSearchPage } from "./page-parts";
import { recall, remember } from "./session";
import { UPDATED } from "./update";

const KEY = "list";

/** The list that was shown last in this tab: its address, and where it is in the history. */
interface List {
  address: string;
  entry?: string;
}

/** Missing in older browsers. */
const { navigation } = window as { navigation?: Navigation };

export function startBackLink(): void {
  if (isSearchPage(document)) {
    rememberList();
    document.addEventListener(UPDATED, rememberList);
  } else revealLink();
}

function rememberList(): void {
  const list: List = { address: location.pathname + location.search, entry: navigation?.currentEntry?.key };
  remember(KEY, JSON.stringify(list));
}

function revealLink(): void {
  const link = document.querySelector<HTMLAnchorElement>("[data-back]");
  const list = recall(KEY);
  if (!link || !list) return;
  const { address, entry } = JSON.parse(list) as List;
  link.href = address;
  link.hidden = false;
  link.addEventListener("click", (event) => {
    if (!entry || entry !== findPreviousEntry()) return;
    event.preventDefault();
    history.back(); // unlike the link, this also scrolls to where the visitor was
  });
}

const findPreviousEntry = (): string | undefined => navigation?.entries()[(navigation.currentEntry?.index ?? 0) - 1]?.key;
