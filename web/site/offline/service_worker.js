/* Keeps public pages that were read, so that they open without a signal, under a strip that says from when they are.
 * Nothing behind a link, nothing of staff and nothing of the door is ever kept: those addresses are left alone. */
"use strict";

const CACHE = "public-pages-1";
const MOST_PAGES = 40;
const OLDEST = 7 * 24 * 60 * 60 * 1000;
const OFFLINE = { en: "/offline", es: "/es/offline" };
const PRIVATE = /^\/(?:r|accept|unsubscribe|confirm|invitation|c|door|accounts|desk|api|calendars|metrics)(?:\/|$)/i;

self.addEventListener("install", (event) => event.waitUntil(prepare().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOldCaches().then(() => self.clients.claim())));
self.addEventListener("message", (event) => {
  if (event.data && event.data.keep) event.waitUntil(keepFromHere(event.data.keep));
});
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin || PRIVATE.test(address.pathname)) return;
  if (event.request.mode === "navigate") event.respondWith(page(event, address));
  else if (address.pathname.startsWith("/static/")) event.respondWith(part(event));
});

async function prepare() {
  const cache = await caches.open(CACHE);
  for (const address of Object.values(OFFLINE)) {
    const answer = await fetch(address);
    if (!answer.ok) continue;
    const words = await answer.clone().text();
    await cache.put(address, answer);
    const parts = [...words.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
    await cache.addAll([...new Set(parts)]);
  }
}

async function forgetOldCaches() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

async function page(event, address) {
  try {
    const answer = await fetch(event.request);
    if (mayBeKept(answer)) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch (problem) {
    // The address says the language; what else an answer varies by, a phone without a signal cannot ask for.
    const kept = await caches.match(event.request, { ignoreVary: true });
    if (kept) return withStrip(kept);
    const offline = await caches.match(address.pathname.startsWith("/es/") ? OFFLINE.es : OFFLINE.en, { ignoreVary: true });
    if (offline) return offline;
    throw problem;
  }
}

async function part(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(caches.open(CACHE).then((cache) => cache.put(event.request, answer.clone())));
    return answer.clone();
  } catch (problem) {
    const kept = await caches.match(event.request, { ignoreVary: true });
    if (kept) return kept;
    throw problem;
  }
}

// Only what the server calls public, as it came: no answer to a form, no page that a redirect led away from.
function mayBeKept(answer) {
  const kind = answer.headers.get("Content-Type") || "";
  const rule = answer.headers.get("Cache-Control") || "";
  return answer.status === 200 && !answer.redirected && kind.startsWith("text/html") && rule.includes("public");
}

async function keepFromHere(address) {
  if (PRIVATE.test(new URL(address).pathname)) return;
  const answer = await fetch(address);
  if (mayBeKept(answer)) await keep(new Request(address), answer);
}

async function keep(request, answer) {
  const cache = await caches.open(CACHE);
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, answer);
  const pages = [];
  for (const known of await cache.keys()) {
    const path = new URL(known.url).pathname;
    if (!path.startsWith("/static/") && !Object.values(OFFLINE).includes(path)) pages.push(known);
  }
  for (const [place, known] of pages.entries()) {
    const kept = await cache.match(known, { ignoreVary: true });
    const age = Date.now() - Date.parse((kept && kept.headers.get("Date")) || "");
    if (place < pages.length - MOST_PAGES || age > OLDEST) await cache.delete(known, { ignoreVary: true });
  }
}

async function withStrip(kept) {
  const words = (await kept.text()).replace('id="offline-strip" hidden', 'id="offline-strip"');
  const headers = new Headers(kept.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(words, { status: 200, headers });
}
