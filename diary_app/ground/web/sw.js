// Keeps the app's own files, the page that starts it and the page shown without a connection.
// Nothing a person wrote or reads passes through here: that goes over the websocket.
const BASE = "{{base}}";
const STORE = storeOf(BASE);
const OFFLINE = "/offline.html";
const START = "/";
const PATIENCE = 400;  // milliseconds for the server's page, before the kept one is shown

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE)
    .then((store) => store.add(new Request(OFFLINE, { cache: "reload" })))
    .then(() => self.skipWaiting()));
});

// Files of former versions go at once, and pages that were started with them load again: no page
// ever runs on files of two versions.
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name)));
    if (self.registration.navigationPreload) await self.registration.navigationPreload.enable();
    await self.clients.claim();
    for (const client of await self.clients.matchAll()) client.postMessage({ version: BASE });
  })());
});

// What the first visit loaded before this worker was there; the browser still has it at hand. On
// later visits the page without a connection is asked for again: language and telephone numbers
// may have changed.
self.addEventListener("message", (event) => {
  const paths = (event.data && event.data.keep) || [];
  event.waitUntil(Promise.all(paths.filter((path) => path.startsWith(BASE))
    .map((path) => stored(new Request(path, { cache: "force-cache" }), path))));
  if (!event.data || !event.data.again) return;
  event.waitUntil(caches.open(STORE)
    .then((store) => store.add(new Request(OFFLINE, { cache: "no-cache" }))).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const { origin, pathname } = new URL(request.url);
  if (request.mode === "navigate") {
    event.respondWith(page(event, pathname));
  } else if (request.method === "GET" && origin === location.origin && pathname.startsWith("/_v/")) {
    event.respondWith(stored(request, pathname));
  }
});

function storeOf(base) {
  return "diary" + base.replaceAll("/", "-");
}

// A newer version's page may be loading while this worker still works: it gets its files into a
// store of its own, and what the server calls unchanged is taken from this one.
async function stored(request, pathname) {
  const [base] = pathname.match(/^\/_v\/[^/]*\//);
  const store = await caches.open(storeOf(base));
  const kept = await store.match(request);
  if (kept) return kept;
  const former = base === BASE ? undefined
    : await caches.match(BASE + pathname.slice(base.length), { cacheName: STORE });
  const answer = former ? await unlessSame(former, request) : await fetch(request);
  if (answer.ok) await store.put(request, answer.clone());
  return answer;
}

async function unlessSame(former, request) {
  const tag = former.headers.get("etag");
  if (!tag) return fetch(request);
  const answer = await fetch(request.url, { headers: { "If-None-Match": tag } });
  if (answer.status !== 304) return answer;
  const headers = new Headers(former.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(former.body, { headers });  // with the address that was asked for
}

// The server's page comes first. On a slow connection the kept one is shown meanwhile; it holds
// the clinic's name and numbers. When the server then says something else (signed out, locked, a
// new version, not there), the kept page is thrown away and the tab asks again.
async function page(event, pathname) {
  const store = await caches.open(STORE);
  const kept = pathname === START ? await store.match(START) : undefined;
  const asked = fromServer(event);
  const checked = asked.then((answer) => remember(store, pathname, answer, kept), () => forget(store));
  let late = false;
  event.waitUntil(checked.then(async (current) => {
    if (!late || current) return;
    const client = await self.clients.get(event.resultingClientId);
    if (client) client.postMessage({ version: "" });
  }));
  const patience = new Promise((resolve) => { setTimeout(resolve, PATIENCE, "late"); });
  if (kept) {
    const first = await Promise.race([asked.catch(() => null), patience]);
    if (first === "late") {
      late = true;
      return kept;
    }
  }
  return asked.catch(() => caches.match(OFFLINE));
}

async function fromServer(event) {
  return (await event.preloadResponse) || fetch(event.request);
}

// Returns whether the kept page says what the server says now.
async function remember(store, pathname, answer, kept) {
  const version = answer.ok ? answer.headers.get("diary-version") : null;
  if (version && version.startsWith(BASE)) {
    if (pathname === START) await store.put(START, answer.clone());
    return !!kept && kept.headers.get("diary-version") === version;
  }
  if (version || pathname === START || !answer.ok) await forget(store);
  return false;
}

async function forget(store) {
  await store.delete(START);
  return false;
}
