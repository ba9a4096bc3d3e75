// The technician's page: his jobs, his day, his money, and what is still on its way. Made for one thumb,
// bright sun and no signal: everything that he does is stored on the phone first.
import { get, query } from './api.js';
import { nameOf, zoneOf } from './directory.js';
import { t } from './i18n.js';
import { Job } from './job.js';
import { groupsOf, GROUPS, jobOf, nextOf } from './jobs_state.js';
import { Day } from './jobs_day.js';
import { JobCard } from './job_card.js';
import { Money } from './jobs_money.js';
import { Outbox } from './jobs_outbox.js';
import { rows, state, subscribe } from './live.js';
import { startWorker } from './offline.js';
import { acts, needsLogin, notSent, startOutbox, subscribeOutbox } from './outbox.js';
import { params } from './place.js';
import { forgetSeen, keepSeen, seenBefore } from './store.js';
import { Ticket } from './ticket.js';
import { clockPace, now, shortTime, skew_ms, span } from './time.js';
import { html, useEffect, useNow, useRedraw, useRef, useState } from './ui.js';

const TABS = [['jobs', '▤'], ['day', '✎'], ['money', '¥'], ['outbox', '↥']];
const SKEW_SHOWN_MS = 60000;
const SKEW_PLAYED_MS = 30 * 24 * 3600000; // no phone is so wrong: a day of long ago is being played
const KEEP_MS = 400;        // rows of one commit are kept together
const DETAILS_RETRY_MS = 3000;
const REREAD_MS = 60000;    // what the feed does not tell a technician
const SHOWN_AT = new Map(); // ticket -> device time at which its row was read

// Rows as last read, also those of the last time the page was open.
function useRows(user) {
  const [kept, setKept] = useState(null);
  useRedraw(subscribe);
  useEffect(() => {
    let timer = 0;
    seenBefore(user, 'rows').then((found) => setKept(found || { value: [] }));
    const changed = (tickets) => {
      for (const id of tickets || rows.keys()) SHOWN_AT.set(id, Date.now());
      if (!state.loaded) return;
      timer ||= setTimeout(() => {
        timer = 0;
        keepSeen(user, 'rows', [...rows.values()], now());
        forgetSeen(user, (what) => !what.startsWith('order ') || rows.has(what.slice(6)));
      }, KEEP_MS);
    };
    changed(null); // what was there before this page was
    const stop = subscribe(({ tickets }) => { if (tickets !== undefined) changed(tickets); });
    return () => { stop(); clearTimeout(timer); };
  }, [user]);
  if (state.loaded) return { list: [...rows.values()], known: true };
  return { list: kept?.value || [], at_ms: kept?.at_ms, known: !!kept };
}

// Details of each job are on the phone before he is in the cellar.
function useDetails(user, list) {
  const ids = list.map((row) => row.ticket).sort().join();
  useEffect(() => {
    let current = true;
    let timer = 0;
    const fetchThem = async () => {
      let missing = false;
      for (const id of ids ? ids.split(',') : []) {
        if (!current || !state.loaded) return;
        if (await seenBefore(user, `order ${id}`)) continue;
        await get(`/v1/tickets/${id}/order`)
          .then((order) => keepSeen(user, `order ${id}`, order, now()), () => { missing = true; });
      }
      if (current && missing) timer = setTimeout(fetchThem, DETAILS_RETRY_MS);
    };
    fetchThem();
    return () => { current = false; clearTimeout(timer); };
  }, [user, ids, state.loaded]);
}

function Notices({ at_ms, zone, now_ms }) {
  const skew = skew_ms();
  const notes = [];
  if (needsLogin()) notes.push(['late', t('jobs.login'), html`<a class="button" href="/login"
    onClick=${(e) => { e.preventDefault(); location.assign('/login'); }}>${t('login.go')}</a>`]);
  if (state.phase === 'down' || (!state.loaded && at_ms)) {
    notes.push(['soon', at_ms ? t('jobs.offline_since', { time: shortTime(at_ms, zone) })
      : t('jobs.offline')]);
  }
  if (clockPace() === 1 && Math.abs(skew) > SKEW_SHOWN_MS &&
      Math.abs(skew) < SKEW_PLAYED_MS) {
    notes.push(['soon', t(skew > 0 ? 'jobs.skew_ahead' : 'jobs.skew_behind',
      { span: span(skew), time: shortTime(now_ms, zone) })]);
  }
  return html`<div role="status">${notes.map(([kind, text, more]) => html`
    <p class="notice ${kind}"><span aria-hidden="true">${kind === 'late' ? '▲' : '◆'}</span>
      <span class="grow">${text}</span>${more}</p>`)}</div>`;
}

function List({ jobs, now_ms, known, zone }) {
  const groups = groupsOf(jobs);
  const none = GROUPS.every((name) => !groups[name].length);
  return html`<h1 class="hidden">${t('nav.jobs')}</h1>
    ${none && html`<p class="nothing">${t(known ? 'jobs.none' : 'loading')}</p>`}
    ${GROUPS.filter((name) => groups[name].length).map((name) => html`<section key=${name}>
      <h2 class="group">${t(`jobs.${name}`)} <span class="num">${groups[name].length}</span></h2>
      <ul class="cards">${groups[name].map((job) => html`<li key=${job.ticket}><${JobCard} job=${job}
        next=${nextOf(job)} now_ms=${now_ms} zone=${zone(job)} /></li>`)}</ul></section>`)}`;
}

function Tabs({ tab }) {
  const unsent = notSent();
  const refused = unsent.some((one) => one.state === 'refused');
  return html`<nav class="tabs" aria-label=${t('nav.jobs')}>${TABS.map(([name, shape]) => html`
    <a href=${`/jobs${name === 'jobs' ? '' : `?tab=${name}`}`} aria-current=${tab === name ? 'page' : undefined}>
      <span class="shape" aria-hidden="true">${shape}</span>${t(`jobs.tab.${name}`)}${
      name === 'outbox' && unsent.length > 0 && html`<b class="badge num ${refused ? 'late' : ''}">${
        unsent.length}<span class="hidden"> ${t(refused ? 'jobs.refused' : 'jobs.unsent')}</span></b>`}</a>`)}</nav>`;
}

function Shown({ session, asked, jobs, list, now_ms, zone, known, directory }) {
  const id = asked.get('ticket');
  if (id) return html`<h1 class="hidden">${t('jobs.story')}</h1><${Ticket} id=${id} now_ms=${now_ms} />`;
  const job = jobs.find((one) => one.ticket === asked.get('job'));
  if (asked.get('job')) {
    return job ? html`<${Job} key=${job.ticket} job=${job} session=${session} now_ms=${now_ms} zone=${zone(job)} />`
      : html`<a class="back" href="/jobs">‹ ${t('jobs.tab.jobs')}</a><p class="nothing">${
        t(known ? 'jobs.gone' : 'loading', { ticket: asked.get('job') })}</p>`;
  }
  switch (asked.get('tab')) {
    case 'day': return html`<${Day} session=${session} jobs=${jobs} now_ms=${now_ms} directory=${directory} />`;
    case 'money': return html`<${Money} session=${session} now_ms=${now_ms} />`;
    case 'outbox': return html`<${Outbox} list=${list} />`;
    default: return html`<${List} jobs=${jobs} now_ms=${now_ms} known=${known} zone=${zone} />`;
  }
}

export function Page({ session, directory }) {
  const now_ms = useNow();
  const main = useRef(null);
  const { list, at_ms, known } = useRows(session.user);
  const asked = params();
  useRedraw(subscribeOutbox);
  useDetails(session.user, list);
  useEffect(() => { startOutbox(session); startWorker(); }, [session.user, session.csrf]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.hidden || state.phase === 'down') return;
      get(query('/v1/board', {})).then((board) => {
        const found = new Set((board.tickets || []).map((row) => row.ticket));
        for (const row of board.tickets || []) { rows.set(row.ticket, row); SHOWN_AT.set(row.ticket, Date.now()); }
        for (const id of [...rows.keys()]) if (!found.has(id)) rows.delete(id);
      }, () => {});
    }, REREAD_MS);
    return () => clearInterval(timer);
  }, []);
  // another view begins at its top
  const view = asked.toString();
  useEffect(() => { main.current?.scrollTo(0, 0); }, [view]);
  const jobs = list.map((row) => jobOf(row, acts, SHOWN_AT.get(row.ticket) || 0));
  const zone = (job) => zoneOf(job.head.territory);
  const tab = asked.get('tab') || 'jobs';
  return html`<main class="jobs" id="main" tabindex="-1" ref=${main} aria-label=${`${t('nav.jobs')} ${nameOf(session.person)}`}>
      <${Notices} at_ms=${at_ms} now_ms=${now_ms} zone=${zoneOf(list[0]?.head?.territory)} />
      <${Shown} ...${{ session, asked, jobs, list, now_ms, zone, known, directory }} />
    </main><${Tabs} tab=${tab} />`;
}
