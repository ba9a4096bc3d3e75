// The clerk's desk. On the left what waits for the front desk, in the middle what is worked at; calls
// that ring lie above and wait. The address says which list and which ticket.
import { get } from './api.js';
import { TicketLine } from './caller.js';
import { Case } from './case.js';
import { dueOf, runningClocks } from './clock.js';
import { territoryName, zoneOf } from './directory.js';
import { t } from './i18n.js';
import { rows, subscribe } from './live.js';
import { go, onPlace, params, withParams } from './place.js';
import { Report } from './report.js';
import { personOf } from './report-fields.js';
import { Ringing } from './ringing.js';
import { Survey } from './survey.js';
import { now, shortTime, span } from './time.js';
import { html, useEffect, useNow, useRead, useRedraw, useRef, useState, writing } from './ui.js';

const LISTS = ['fill', 'dispatch', 'delay', 'complaint', 'callback', 'missed'];
const AFTER_MS = 600; // what the feed told is readable in the lists by then
const CALLED_BACK = 'doorstep.called_back';
const CALLED_BACK_MAX = 500;

const runs = (name) => (row) => runningClocks(row).some((clock) => clock.clock === name);
const BELONGS = {
  fill: (row) => row.phase === 'OPEN' && row.dispatch?.phase === 'FILLING',
  dispatch: (row) => row.phase === 'OPEN' && row.dispatch?.phase === 'CLERK',
  delay: runs('delay'),
  complaint: (row) => row.head?.complaint_type === 'SERVICE' && runs('complaint')(row),
};
const firstDue = (row) => Math.min(...runningClocks(row).map(dueOf), Infinity);

// A list of the server that is read again when the feed says that it may have changed.
function useList(path, changes) {
  const answer = useRead(() => get(path), path);
  const again = useRef(null);
  again.current = answer.again;
  useEffect(() => {
    let timer = 0;
    const stop = subscribe(({ event }) => {
      if (event && changes.test(event.type)) timer ||= setTimeout(() => { timer = 0; again.current(); }, AFTER_MS);
    });
    return () => { stop(); clearTimeout(timer); };
  }, []);
  return answer;
}

// Whom this browser has called back: the department's record of it is the ticket that comes of it.
const calledBack = () => { try { return JSON.parse(localStorage.getItem(CALLED_BACK)) || []; } catch { return []; } };
function markCalledBack(call) {
  localStorage.setItem(CALLED_BACK, JSON.stringify([call, ...calledBack()].slice(0, CALLED_BACK_MAX)));
}

function Callbacks({ tasks, now_ms, chosen }) {
  return html`<ul class="job-list">${tasks.map((task) => html`<li class="job ${task.ticket === chosen ? 'open' : ''}" key=${task.ticket}>
    <a href=${withParams({ list: 'callback', survey: task.ticket, ticket: '', report: '', phone: '' })}
      aria-current=${task.ticket === chosen ? 'true' : undefined}><b class="num">${task.ticket}</b> ${territoryName(task.territory)}
      ${task.overdue && html` <em class="tag late">${t('clock_state.late')}</em>`}
      <small>${t('callback.attempts', { n: task.attempts })} · ${Number(task.next_at_ms) > now_ms
    ? t('callback.from', { time: shortTime(Number(task.next_at_ms), zoneOf(task.territory)) }) : t('callback.now')}</small>
      <span class="num ${task.overdue ? 'late' : ''}">${t('story.due')} ${shortTime(Number(task.due_at_ms), zoneOf(task.territory))}</span></a></li>`)}</ul>`;
}

function Missed({ calls, onDone }) {
  const done = new Set(calledBack());
  const place = (one) => `/desk?list=missed&report=back-${encodeURIComponent(one.call)}&phone=${encodeURIComponent(one.caller)}`;
  return html`<ul class="job-list">${calls.filter((one) => !done.has(one.call)).map((one) => html`<li class="job" key=${one.call}>
    <a href=${place(one)}><b class="num">${one.caller}</b> ${territoryName(one.territory)}
      <small>${shortTime(Number(one.offered_at_ms), zoneOf(one.territory))} · ${t('missed.rang', { span: span(Number(one.rang_ms)) })}</small></a>
    <span class="job-acts"><a class="button" href=${`tel:${one.caller}`}>${t('missed.call')}</a>
      <button type="button" onClick=${() => { markCalledBack(one.call); onDone(); }}>${t('missed.done')}</button></span></li>`)}</ul>`;
}

function useLists(own) {
  const [, draw] = useState(0);
  const query = own ? `?territory=${encodeURIComponent(own)}` : '';
  const tasks = useList(`/v1/callbacks${query}`, /\.(callback_|result_filed|reopened|cancelled)/);
  const calls = useList(`/v1/calls/unanswered${query}`, /\.(call_unanswered|call_answered)/);
  const mine = [...rows.values()].filter((row) => !own || row.head?.territory === own);
  const lists = Object.fromEntries(Object.entries(BELONGS).map(([name, belongs]) => [name, mine.filter(belongs)
    .sort((a, b) => (firstDue(a) === firstDue(b) ? 0 : firstDue(a) - firstDue(b)))]));
  const done = new Set(calledBack());
  lists.callback = tasks.value || [];
  lists.missed = (calls.value || []).filter((one) => !done.has(one.call));
  return { lists, problem: tasks.problem || calls.problem, again: () => { tasks.again(); draw((n) => n + 1); } };
}

function Worklist({ lists, list, now_ms, again, chosen }) {
  const items = lists[list];
  const href = (ticket) => withParams({ list, ticket, report: '', survey: '', phone: '' });
  return html`<nav class="lists" aria-label=${t('desk.lists')}>${LISTS.map((name) => html`<a href=${withParams({ list: name })}
      aria-current=${name === list ? 'true' : undefined}>${t(`list.${name}`)} <b class="num ${lists[name].length ? '' : 'none'}">${lists[name].length}</b></a>`)}</nav>
    <div class="list-body" tabindex="0" role="region" aria-label=${t(`list.${list}`)}>
    ${!items.length && html`<p class="quiet">${t('list.empty')}</p>`}
    ${list === 'callback' ? html`<${Callbacks} tasks=${items} now_ms=${now_ms} chosen=${params().get('survey')} />`
    : list === 'missed' ? html`<${Missed} calls=${items} onDone=${again} />`
      : html`<ul class="job-list">${items.map((row) => html`<${TicketLine} key=${row.ticket} ticket=${row.ticket} head=${row.head} row=${row}
        now_ms=${now_ms} href=${href(row.ticket)} />`)}</ul>`}</div>`;
}

const freshReport = () => withParams({ report: `new-${Math.round(now())}`, ticket: '', survey: '', phone: '' });

function useKeys() {
  useEffect(() => {
    const press = (e) => {
      if (document.querySelector('dialog[open]')) return;
      if (e.altKey && e.code === 'KeyN') go(freshReport());
      else if (e.key === 'Escape' && params().get('ticket') && !writing(e)) go(withParams({ ticket: '' }));
      else return;
      e.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

export function Page({ session, directory }) {
  useRedraw(onPlace);
  useRedraw((then) => subscribe((what) => what.mark || then()));
  useKeys();
  const now_ms = useNow();
  const shown = useRef('fill');
  const person = personOf(session, directory);
  const { lists, problem, again } = useLists(person?.territory);
  if (!directory) return html`<main class="page" id="main" aria-busy="true"><p class="quiet">${t('loading')}</p></main>`;
  const asked = params();
  const [ticket, survey] = [asked.get('ticket'), asked.get('survey')];
  const report = asked.get('report') || 'new';
  // unless somebody chose, the first list that has something; it stays until it is empty
  if (!lists[shown.current].length) shown.current = LISTS.find((name) => lists[name].length) || 'fill';
  const list = LISTS.includes(asked.get('list')) ? asked.get('list') : shown.current;
  return html`<main class="desk" id="main" tabindex="-1"><h1 class="hidden">${t('nav.desk')}</h1>
    <aside class="work" aria-label=${t('desk.lists')}><button type="button" class="primary" onClick=${() => go(freshReport())}>＋ ${t('report.title')} <kbd>Alt+N</kbd></button>
      ${problem && html`<p class="error">▲ ${problem.message}</p>`}
      <${Worklist} lists=${lists} list=${list} now_ms=${now_ms} again=${again} chosen=${ticket} /></aside>
    <section class="desk-main">${ticket ? html`<${Case} key=${ticket} id=${ticket} now_ms=${now_ms} />`
    : survey ? html`<${Survey} key=${survey} id=${survey} task=${lists.callback.find((one) => one.ticket === survey)} onSent=${again} />`
      : html`<${Report} key=${report} session=${session} directory=${directory} now_ms=${now_ms} callId=${report} phone=${asked.get('phone') || ''} />`}</section>
    <${Ringing} session=${{ ...session, territory: person?.territory }} now_ms=${now_ms} /></main>`;
}
