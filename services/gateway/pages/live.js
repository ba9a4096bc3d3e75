// What is going on now, kept up to date. A snapshot of the board is read once; then the feed tells
// which tickets changed and their rows are read again: an event is never interpreted here, so the
// rules stay on the server. Each tab has its own rows; the feed itself is one connection a browser,
// held by the tab that holds the lock, which tells the others.
//
// Nothing is missed: a tab listens before it reads its snapshot, and a row that is read again once too
// often does no harm. The feed goes on from its last cursor, also in another tab.
import { get, query } from './api.js';
import { clockPace, heardNow, now } from './time.js';

const SILENCE_MS = 4000;       // marks come every second
const MARK_BEHIND_MS = 15000;  // a service this far behind is stuck: idle ones speak every 10 s
const REOPEN_MS_MAX = 10000;
const RETRY_MS = 2000;
const UNREAD_MS = 5000;        // a change that is known but was not read for so long
const GATHER_MS = 120;         // events of one commit are asked for together
const TICKETS_A_REQUEST = 100;
const TICKETS_WHOLE = 400;     // more than that: the whole board is less work
const ALERTS_MAX = 200;
const TICKET = /^T\d{3}-\d+$/;
const CHANNEL = 'doorstep-live';

export const rows = new Map();         // ticket -> ROW of the contract
export const alerts = [];              // CloudEvents of the watcher, newest first
export const state = { phase: 'connecting', marks: {}, store: 'up', heard: false, loaded: false };

const listeners = new Set();
let cursor = '';
let source = null;
let lastHeard = 0;
let reopen_ms = 1000;
let failures = 0;
let started = false;
let snapshotting = null;
let dirty = new Set();
let gathering = 0;      // timer of the next one; set until it has been answered
let dirtySince = 0;
let channel = null;
let filter = {};

// then({tickets: [...] | null (all of them), event?}) after each change; also {mark: true}.
export function subscribe(then) {
  listeners.add(then);
  return () => listeners.delete(then);
}

function tell(what) {
  for (const then of listeners) then(what);
}

// How far a service's mark is behind, in ms of real time.
export const markAge = (service) => (state.marks[service]
  ? Math.max(0, now() - Number(state.marks[service])) / Math.max(1, clockPace()) : null);

function judgePhase() {
  const silent_ms = performance.now() - lastHeard;
  const before = state.phase;
  const unread = dirtySince && performance.now() - dirtySince > UNREAD_MS;
  if (!state.heard || silent_ms > SILENCE_MS)
    state.phase = state.heard || failures ? 'down' : 'connecting';
  else if (!state.loaded) state.phase = 'connecting';
  else state.phase = unread || state.store === 'down' ||
    markAge('sla-watcher') > MARK_BEHIND_MS ? 'behind' : 'live';
  if (before !== state.phase) tell({ mark: true });
}

// --- rows -----------------------------------------------------------------------------------------

async function snapshot() {
  const board = await get(query('/v1/board', filter));
  rows.clear();
  for (const row of board.tickets || []) rows.set(row.ticket, row);
  if (!state.heard) heardNow(Number(board.now_ms));
  if (!state.heard) state.marks = board.marks || {};
  state.loaded = true;
  tell({ tickets: null });
  return board.cursor || '';
}

// One snapshot at a time; who asks meanwhile gets the running one's answer.
function takeSnapshot() {
  snapshotting ||= snapshot().finally(() => { snapshotting = null; });
  return snapshotting;
}

async function readAgain(asked) {
  const board = await get(query('/v1/board', { ...filter, tickets: asked.join(',') }));
  for (const id of asked) rows.delete(id); // what is over is not in the answer
  for (const row of board.tickets || []) rows.set(row.ticket, row);
  tell({ tickets: asked });
}

// One at a time: of two answers about a ticket the later one must be the one that stays.
async function gather() {
  const asked = [...dirty];
  dirty = new Set();
  let again_ms = GATHER_MS;
  try {
    if (snapshotting) await snapshotting;
    if (asked.length > TICKETS_WHOLE) await takeSnapshot();
    else {
      for (let i = 0; i < asked.length; i += TICKETS_A_REQUEST)
        await readAgain(asked.slice(i, i + TICKETS_A_REQUEST));
    }
  } catch {
    // asked for again with the next event, or when the gateway answers again
    for (const id of asked) dirty.add(id);
    again_ms = RETRY_MS;
  }
  gathering = 0;
  if (!dirty.size) dirtySince = 0;
  else scheduleGather(again_ms);
}

function scheduleGather(ms = GATHER_MS) {
  dirtySince ||= performance.now();
  gathering ||= setTimeout(gather, ms);
}

// --- the feed, in every tab -----------------------------------------------------------------------

function heard(message) {
  lastHeard = performance.now();
  state.heard = true;
  failures = 0;
  if (message.cursor) cursor = message.cursor;
  if (message.mark) {
    heardNow(Number(message.mark.now_ms));
    state.marks = message.mark.marks || {};
    state.store = message.mark.store || 'up';
    if (!state.loaded) takeSnapshot().catch(() => {});
    tell({ mark: true });
  }
  if (message.reset) takeSnapshot().catch(() => { state.loaded = false; });
  if (message.event) heardEvent(message.event);
  judgePhase();
}

function heardEvent(event) {
  const ticket = [event.subject, event.data?.ticket].find((id) => TICKET.test(id || ''));
  if (ticket) {
    dirty.add(ticket);
    scheduleGather();
  }
  if (isAlert(event)) {
    if (!alerts.some((known) => known.id === event.id)) alerts.unshift(event);
    alerts.length = Math.min(alerts.length, ALERTS_MAX);
  }
  tell({ tickets: [], event });
}

const ALERT = /^doorstep\.sla-watcher\.(warned|breached|breach_withdrawn|call_unanswered|cap_reached)$/;
export const isAlert = (event) => ALERT.test(event.type || '');

// --- the feed, in the tab that holds the connection -----------------------------------------------

function pass(message) {
  heard(message);
  channel?.postMessage(message);
}

function openFeed() {
  source = new EventSource(query('/v1/feed', { after: cursor }));
  source.onopen = () => { reopen_ms = 1000; };
  source.addEventListener('mark', (e) => pass({ mark: JSON.parse(e.data) }));
  source.addEventListener('reset', () => pass({ reset: true }));
  source.onmessage = (e) => pass({ cursor: e.lastEventId, event: JSON.parse(e.data) });
  source.onerror = () => {
    failures++;
    judgePhase();
    // the browser itself comes back after a lost connection, but not after an answer like 401 or 503
    if (source.readyState === EventSource.CLOSED) reopenFeed();
  };
}

function reopenFeed() {
  source.close();
  setTimeout(async () => {
    reopen_ms = Math.min(reopen_ms * 2, REOPEN_MS_MAX);
    try {
      await get('/v1/session'); // signed out: the shell shows the login
      // a cursor that is refused again and again belongs to a store that is no more
      if (failures > 3) {
        cursor = await takeSnapshot();
        pass({ reset: true });
      }
      openFeed();
    } catch (problem) {
      failures++;
      judgePhase();
      if (problem.status !== 401) reopenFeed();
    }
  }, reopen_ms);
}

async function lead() {
  for (;;) {
    try {
      const at = await takeSnapshot();
      cursor ||= at; // a tab that takes over goes on where the last one was
      break;
    } catch (problem) {
      failures++;
      judgePhase();
      if (problem.status === 401) return;
      await new Promise((done) => setTimeout(done, reopen_ms));
      reopen_ms = Math.min(reopen_ms * 2, REOPEN_MS_MAX);
    }
  }
  openFeed();
}

// asked: {territory, person} for a page that never shows more; a browser's tabs share one feed anyway.
export function startLive(asked = {}) {
  if (started) return;
  started = true;
  filter = asked;
  setInterval(judgePhase, 1000);
  if (globalThis.BroadcastChannel && navigator.locks) {
    channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = (e) => heard(e.data);
    takeSnapshot().catch(() => {});
    // held until the tab is closed: then the next one leads
    navigator.locks.request(CHANNEL, () => lead().then(() => new Promise(() => {})));
  } else {
    lead();
  }
}
