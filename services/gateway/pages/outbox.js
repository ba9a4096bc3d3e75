// The outbox of a technician: every act is stored before it is sent, with the id, the instants and the
// bytes that all attempts share, and is on its way until there is a receipt. Closing the page, a
// flight of stairs without a signal or a gateway that is away lose nothing and double nothing.
//
// Acts of one ticket go in the order in which they were done. One that was refused waits for its author
// and holds up nobody: later acts are facts of their own, and each hour they are late may be a fine.
import { get, newId, Problem, sendOnce, useCsrf } from './api.js';
import { inStore } from './store.js';
import { now } from './time.js';

const CHANNEL = 'doorstep-outbox';
const RETRY_MS_MIN = 1000;
const RETRY_MS_MAX = 30000;
const LEASE_MS = 45000;          // longer than one request may take
// of somebody else, or of nobody yet: this user's acts wait until he is back
const OTHER_LOGIN = new Set(['not_yours', 'must_change']);
const TWICE_MS = 5000;           // the same act again so soon is the same tap
const SENT_KEPT_MS = 24 * 3600000;

export const acts = [];          // of this user, in order; {n, id, key, word, state, ...}
const listeners = new Set();
const channel = globalThis.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
const me = newId();              // this tab
let user = '';
let person = '';
let again = 0;
let again_ms = RETRY_MS_MIN;
let sending = null;
let refusedLogin = false;

export function subscribeOutbox(then) {
  listeners.add(then);
  return () => listeners.delete(then);
}

async function load() {
  const whose = user;
  const found = whose ? await inStore('acts', 'readonly', (store, ret) => {
    store.index('user').getAll(whose).onsuccess = (e) => ret(e.target.result);
  }) : [];
  if (whose !== user) return; // somebody else has signed in meanwhile
  acts.splice(0, acts.length, ...found);
  listeners.forEach((then) => then());
}

async function changed() {
  channel?.postMessage('changed');
  await load();
}

export const notSent = () => acts.filter((act) => act.state !== 'sent');
export const needsLogin = () => refusedLogin;

// --- an act ---------------------------------------------------------------------------------------

const bodyOf = (act) => JSON.stringify({ made_at_ms: act.made_at_ms,
  occurred_at_ms: act.occurred_at_ms, by: act.by, ...(act.supersedes && { supersedes: act.supersedes }),
  ...act.to, [act.word]: act.said });

function isSame(act, other) {
  if (other.state === 'refused' || act.key !== other.key || act.word !== other.word) return false;
  if (act.once) return act.once === other.once;
  return Math.abs(act.occurred_at_ms - other.occurred_at_ms) < TWICE_MS * act.pace &&
    JSON.stringify(act.said) === JSON.stringify(other.said);
}

// to: {ticket} or {territory}; said: the words' message; once: what there can be only one of. False: it
// is there already (the second tap of two, or of another tab). Looked up and stored in one
// transaction, so that two tabs cannot both find nothing.
export async function act({ to, word, said = {}, once, label, pace = 1 }) {
  const at_ms = Math.round(now());
  const one = { user, by: person, id: newId(), key: to.ticket || '', to, word, said, once, label, pace,
    made_at_ms: at_ms, occurred_at_ms: at_ms, device_ms: Date.now(), state: 'waiting' };
  one.body = bodyOf(one);
  const stored = await inStore('acts', 'readwrite', (store, ret) => {
    store.index('user').getAll(user).onsuccess = (e) => {
      const twice = e.target.result.some((other) => isSame(one, other));
      ret(!twice);
      if (!twice) store.add(one);
    };
  });
  await changed();
  again_ms = RETRY_MS_MIN;
  sendAll();
  return stored;
}

// Anew under an id of its own, in the place of the old one: what happened, and when, stays.
const renewed = (old, said = old.said) => {
  const one = { ...old, said, id: newId(), made_at_ms: Math.round(now()), supersedes: old.id,
    state: 'waiting', problem: undefined };
  one.body = bodyOf(one);
  return one;
};

const put = (one) => inStore('acts', 'readwrite', (store, ret) => {
  // deleted meanwhile: stays deleted
  store.get(one.n).onsuccess = (e) => { if (e.target.result) store.put(one); ret(!!e.target.result); };
});

export async function correct(one, said) {
  await put(renewed(one, said));
  await changed();
  sendAll();
}

// One that is on its way cannot be taken back: it may have arrived.
export async function discard(one) {
  await inStore('acts', 'readwrite', (store) => {
    store.get(one.n).onsuccess = (e) => {
      if (e.target.result?.state === 'refused') store.delete(one.n);
    };
  });
  await changed();
}

// --- sending --------------------------------------------------------------------------------------

async function post(one) {
  try {
    return await sendOnce(one);
  } catch (problem) {
    if (problem.code !== 'bad_csrf') throw problem;
    // begun without a connection, or the session is a new one
    const session = await get('/v1/session');
    if (session.user !== one.user) throw new Problem(401);
    useCsrf(session.csrf);
    return sendOnce(one);
  }
}

const kept = (problem) => ({ status: problem.status, code: problem.code, body: problem.body });
const isAway = (problem) => problem.status === 0 || problem.status === 429 || problem.status >= 500;

// What has become of it: true if the next one of the same ticket may go.
async function sendNext(one) {
  try {
    const answer = await post(one);
    await put({ ...one, state: 'sent', problem: undefined, outcome: answer.outcome || null,
      sent_at_ms: Math.round(now()), sent_device_ms: Date.now(), event: answer.receipt?.event });
    refusedLogin = false;
  } catch (problem) {
    if (OTHER_LOGIN.has(problem.code) || problem.status === 401) {
      refusedLogin = true;
      throw new Problem(401);
    }
    if (isAway(problem)) throw problem;
    if (problem.status === 410) await put(renewed(one));
    else await put({ ...one, state: 'refused', problem: kept(problem) });
  }
  await changed();
}

const dropOld = () => inStore('acts', 'readwrite', (store) => {
  store.index('user').getAll(user).onsuccess = (e) => {
    for (const one of e.target.result)
      if (one.state === 'sent' && Date.now() - one.device_ms > SENT_KEPT_MS) store.delete(one.n);
  };
});

async function sendThem() {
  const whose = user;
  await dropOld();
  for (;;) {
    await load();
    const next = acts.find((one) => one.state === 'waiting');
    if (!next || user !== whose) return;
    await sendNext(next);
  }
}

// Only one tab sends at a time: the browser's lock, or where it has none (a page opened by an address
// without https) a lease in the store that ends by itself.
async function alone(work) {
  if (navigator.locks) return navigator.locks.request(CHANNEL, work);
  const until_ms = Date.now() + LEASE_MS;
  const mine = await inStore('lease', 'readwrite', (store, ret) => {
    store.get(CHANNEL).onsuccess = (e) => {
      const held = e.target.result;
      const free = !held || held.tab === me || held.until_ms < Date.now() ||
        held.until_ms > until_ms; // the device's clock was set back
      ret(free);
      if (free) store.put({ tab: me, until_ms }, CHANNEL);
    };
  });
  if (!mine) throw new Problem(0);
  try {
    return await work();
  } finally {
    await inStore('lease', 'readwrite', (store) => { store.delete(CHANNEL); });
  }
}

// Sends what waits; whoever asks while it runs is served by it. Away: again a little later.
export function sendAll() {
  if (!user) return Promise.resolve();
  clearTimeout(again);
  again = 0;
  sending ||= alone(sendThem).then(() => { again_ms = RETRY_MS_MIN; }, (problem) => {
    if (problem.status === 401) return;
    again_ms = Math.max(problem.retryAfterMs || 0, Math.min(again_ms * 2, RETRY_MS_MAX));
    again ||= setTimeout(sendAll, again_ms);
  }).finally(() => {
    sending = null;
    listeners.forEach((then) => then());
    // stored after the last look
    if (!again && !refusedLogin && acts.some((one) => one.state === 'waiting'))
      again = setTimeout(sendAll, RETRY_MS_MIN);
  });
  return sending;
}

// After a login, too.
export async function startOutbox(session) {
  user = session.user;
  person = session.person;
  refusedLogin = false;
  await load();
  sendAll();
}

channel?.addEventListener('message', () => load().then(() => {
  if (!again && !sending && acts.some((one) => one.state === 'waiting')) sendAll();
}));
const soon = () => { again_ms = RETRY_MS_MIN; sendAll(); };
addEventListener('online', soon);
document.addEventListener('visibilitychange', () => { if (!document.hidden) soon(); });
