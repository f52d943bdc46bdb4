/** Installs the service worker, which shows a page of ours when there is no connection. */

import { root } from "./api";

export function startOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  // After everything else has loaded, because nobody is waiting for it. Private windows of some browsers refuse.
  addEventListener("load", () => void navigator.serviceWorker.register(`${root}/service-worker.js`).catch(() => undefined));
}
