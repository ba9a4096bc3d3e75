// Who is on the line: what is open for a number, what was done of late, and the name and address that
// the last of it bears.
import { get, query } from './api.js';
import { runningClocks, timeText, SHAPES, stateOf, clockName } from './clock.js';
import { nameOf, subjectOf, territoryName, zoneOf } from './directory.js';
import { t, word } from './i18n.js';
import { holderOf } from './lines.js';
import { rows } from './live.js';
import { params } from './place.js';
import { shortTime } from './time.js';
import { html, useEffect, useRead, useState } from './ui.js';

const NUMBER = /^[0-9+*#-]{5,32}$/;
const PAUSE_MS = 250; // typing goes on

async function read(phone) {
  const found = await get(query('/v1/customers', { phone }));
  const last = [...found.open, ...found.recent].sort((a, b) =>
    Number(b.head?.reported_at_ms) - Number(a.head?.reported_at_ms))[0];
  let customer = null;
  // of a ticket that is archived the paper is not there any more
  if (last) customer = (await get(`/v1/tickets/${encodeURIComponent(last.ticket)}/order`).catch(() => null))?.customer;
  return { ...found, customer };
}

// {value: {open, recent, customer}, busy, problem}; value null while it is no number.
export function useCaller(phone) {
  const [asked, setAsked] = useState(phone);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(phone), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [phone]);
  const number = NUMBER.test(asked || '') ? asked : '';
  const answer = useRead(async () => (number ? { phone: number, ...await read(number) } : null), number);
  return answer.value && answer.value.phone !== phone ? { ...answer, value: null } : answer;
}

function Clock({ row, now_ms }) {
  const clock = runningClocks(row)[0];
  if (!clock) return null;
  const state = stateOf(clock, now_ms);
  return html`<span class="num ${state}"><span class="shape" aria-hidden="true">${SHAPES[state]}</span> ${clockName(clock)} ${timeText(clock, now_ms)}</span>`;
}

export function TicketLine({ ticket, head, row, now_ms, href, children }) {
  const { kind, product } = subjectOf(head);
  const holder = row && holderOf(row);
  const open = params().get('ticket') === ticket;
  return html`<li class="job ${open ? 'open' : ''}"><a href=${href} aria-current=${open ? 'true' : undefined}><b class="num">${ticket}</b> ${kind} ${product}
      ${head.urgent && html` <em class="tag urgent">${t('board.urgent')}</em>`}
      <small>${[head.symptom, head.reported_at_ms && shortTime(Number(head.reported_at_ms), zoneOf(head.territory)),
    row && (holder ? nameOf(holder) : word('dispatch', row.dispatch?.phase)), !row && territoryName(head.territory)].filter(Boolean).join(' · ')}</small>
      ${row && html`<${Clock} row=${row} now_ms=${now_ms} />`}</a>${children}</li>`;
}

// onUrge(ticket) and onTake(row) are what a repeated call comes to.
export function Caller({ caller, now_ms, onUrge, onTake, busy }) {
  const { value, problem } = caller;
  if (problem) return html`<p class="error" role="alert">▲ ${problem.message}</p>`;
  if (!value) return html`<p class="quiet">${caller.busy ? t('loading') : t('caller.none_yet')}</p>`;
  const href = (ticket) => `/desk?ticket=${encodeURIComponent(ticket)}`;
  const { customer } = value;
  return html`<h2 class="num">${value.phone}</h2>
    ${customer && html`<p>${[customer.name, customer.address].filter(Boolean).join(' · ')}</p>`}
    <h3>${t('caller.open', { n: value.open.length })}</h3>
    ${value.open.length ? html`<ul class="job-list">${value.open.map((row) => html`<${TicketLine} key=${row.ticket} ticket=${row.ticket}
      head=${row.head} row=${rows.get(row.ticket) || row} now_ms=${now_ms} href=${href(row.ticket)}>
      ${onUrge && html`<span class="job-acts"><button type="button" disabled=${busy} onClick=${() => onUrge(row.ticket)}>${t('desk.urge')}</button></span>`}
      </${TicketLine}>`)}</ul>` : html`<p class="quiet">${t('caller.no_open')}</p>`}
    <h3>${t('caller.recent', { n: value.recent.length })}</h3>
    ${value.recent.length ? html`<ul class="job-list">${value.recent.map((one) => html`<${TicketLine} key=${one.ticket} ticket=${one.ticket}
      head=${one.head} now_ms=${now_ms} href=${href(one.ticket)}>
      ${onTake && html`<span class="job-acts"><button type="button" onClick=${() => onTake(one)}>${t('caller.complain')}</button></span>`}
      </${TicketLine}>`)}</ul>` : html`<p class="quiet">${t('caller.no_recent')}</p>`}`;
}
