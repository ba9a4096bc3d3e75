// The technician's page without a connection: keeps the files of the pages, and nothing of what they
// show. Files come from one version at a time, the one that was whole when the page was opened; the
// server says in /app/files.json which files there are and what version they make. What begins with
// /v1/ never passes through here: an answer is fresh or there is none.
const LIST = '/app/files.json';
const PAGE = '/jobs';
const NAME = 'doorstep-';
const SERVED = new Map(); // client -> name of its cache

const versions = async () => (await caches.keys()).filter((name) => name.startsWith(NAME)).sort();

// The newest that is whole: names carry their instant, and the list is stored last.
async function newest() {
  for (const name of (await versions()).reverse())
    if (await (await caches.open(name)).match(LIST)) return name;
  return undefined;
}

let updating = null;

async function update() {
  const reply = await fetch(LIST, { cache: 'no-cache' });
  if (!reply.ok) throw new Error(`${LIST}: ${reply.status}`);
  const list = await reply.json();
  const current = await newest();
  if (current?.endsWith(`-${list.version}`)) return;
  const files = [PAGE, ...list.files.map((name) => `/app/${name}`)];
  const replies = await Promise.all(files.map((file) => fetch(file, { cache: 'no-cache' })));
  if (!replies.every((one) => one.ok)) throw new Error('a file of the pages is missing');
  // a server that was exchanged meanwhile would have mixed two versions
  const after = await (await fetch(LIST, { cache: 'no-cache' })).json();
  if (after.version !== list.version) throw new Error('the pages have just changed');
  const bodies = await Promise.all(replies.map(async (one) =>
    new Response(await one.blob(), { headers: one.headers })));
  const at = String(Date.now()).padStart(15, '0');
  const cache = await caches.open(`${NAME}${at}-${list.version}`);
  await Promise.all(files.map((file, i) => cache.put(file, bodies[i])));
  await cache.put(LIST, new Response(JSON.stringify(list)));
}

const updateOnce = () => (updating ||= update().finally(() => { updating = null; }));

// Versions that no open page uses any more.
async function sweep() {
  const open = new Set((await clients.matchAll()).map((client) => client.id));
  for (const id of SERVED.keys()) if (!open.has(id)) SERVED.delete(id);
  const used = new Set([...SERVED.values(), await newest()]);
  // a worker that was just started does not know what the pages before it use
  if (open.size > SERVED.size) return;
  for (const name of await versions()) if (!used.has(name)) await caches.delete(name);
}

addEventListener('install', (e) => e.waitUntil(updateOnce().then(() => skipWaiting())));
addEventListener('activate', (e) => e.waitUntil(clients.claim()));

async function serve(e, request) {
  const name = SERVED.get(e.clientId) || await newest();
  if (name && e.resultingClientId) SERVED.set(e.resultingClientId, name);
  const kept = name && await (await caches.open(name)).match(request);
  return kept || fetch(e.request);
}

addEventListener('fetch', (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== location.origin) return;
  if (e.request.mode === 'navigate') {
    if (url.pathname !== PAGE) return;
    e.respondWith(serve(e, PAGE));
    e.waitUntil(updateOnce().then(sweep).catch(() => {})); // the next time the page is opened
  } else if (url.pathname.startsWith('/app/') && url.pathname !== LIST) {
    e.respondWith(serve(e, url.pathname));
  }
});
