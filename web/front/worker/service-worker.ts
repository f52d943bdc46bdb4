/**
 * Shows a page of ours when there is no connection. Only that page and its files are stored: which organizations somebody has
 * looked at stays out of the device. The server writes `VERSION` before this script (web/pages/service_worker.py).
 */

export {}; // a module, so that its names are its own

declare const self: ServiceWorkerGlobalScope;
declare const VERSION: string;

const LANGUAGES = ["en", "es"];
const ASSET = /"([^"]*\/assets\/[^"]+\.(?:css|woff2|svg|js))"/g;

self.addEventListener("install", (event) => event.waitUntil(store()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(openPage(event));
  else if (!navigator.onLine && event.request.url.includes("/assets/")) event.respondWith(openAsset(event.request));
});

const locateOfflinePage = (language: string) => new URL(`${language}/offline`, self.registration.scope).href;

async function store(): Promise<void> {
  const cache = await caches.open(VERSION);
  for (const page of LANGUAGES.map(locateOfflinePage)) {
    const response = await fetch(page);
    if (!response.ok) throw new Error(`${page}: ${response.status}`); // the browser installs this later
    const html = await response.clone().text();
    await cache.addAll([...html.matchAll(ASSET)].map((match) => new URL(match[1]!, page).href));
    await cache.put(page, response);
  }
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name !== VERSION) await caches.delete(name);
  await self.registration.navigationPreload?.enable(); // so that pages do not wait for the worker to start
  await self.clients.claim();
}

async function openPage(event: FetchEvent): Promise<Response> {
  try {
    return ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(locateOfflinePage(chooseLanguage(event.request.url)))) ?? Response.error();
  }
}

const openAsset = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);

/** Returns the language of the address, or else the first language of the browser that the pages have. */
function chooseLanguage(address: string): string {
  const path = address.slice(self.registration.scope.length);
  const preferred = [path.split(/[/?]/, 1)[0]!, ...navigator.languages.map((tag) => tag.split("-", 1)[0]!)];
  return preferred.find((language) => LANGUAGES.includes(language)) ?? "en";
}
