// One job in the list: what, where, when, and how much time is left for the next step.
import { ClockBar, runningClocks } from './clock.js';
import { subjectOf } from './directory.js';
import { t, word } from './i18n.js';
import { clockTime, dayTime, shortTime } from './time.js';
import { html } from './ui.js';

// The promises that are his; the desk's own are the desk's.
const HIS = new Set(['accept', 'contact', 'visit', 'complaint', 'result']);

export const clocksOf = (job) => runningClocks(job.row).filter((one) => HIS.has(one.clock) &&
  !(job.phase === 'HELD' && one.clock === 'accept') && !(job.called && one.clock === 'contact') &&
  !(job.onSite && one.clock === 'visit') && !(job.filed && one.clock !== 'complaint'));

export function When({ job, zone }) {
  if (!job.appointment) return html`<span>${t('jobs.no_time')}</span>`;
  const { from_ms, to_ms } = job.appointment;
  const end = dayTime(from_ms, zone).slice(0, 5) === dayTime(to_ms, zone).slice(0, 5)
    ? clockTime(to_ms, zone) : dayTime(to_ms, zone);
  return html`<span class="num">${shortTime(from_ms, zone)}–${end}</span>`;
}

export function Tags({ job }) {
  return html`${job.head.urgent && html`<em class="tag urgent">${t('board.urgent')}</em> `}${
    job.waits.map((one) => html`<em class="tag">${word('delay_reason', one)}</em> `)}${
    job.refused > 0 && html`<em class="tag late">▲ ${t('jobs.refused')}</em> `}${
    job.unsent > 0 && html`<em class="tag unsent">↥ ${t('jobs.unsent')}</em>`}`;
}

export function JobCard({ job, next, now_ms, zone }) {
  const { kind, product } = subjectOf(job.head);
  const clock = clocksOf(job)[0];
  return html`<a class="card" href="/jobs?job=${job.ticket}">
    <span class="card-top"><b>${kind}</b> ${product}<span class="grow"></span><${Tags} job=${job} /></span>
    <span class="card-when"><${When} job=${job} zone=${zone} /> <span>${job.head.area || ''}</span></span>
    ${job.head.symptom && html`<span class="card-fault">${job.head.symptom}</span>`}
    ${clock && html`<${ClockBar} clock=${clock} now_ms=${now_ms} />`}
    <span class="card-next"><span class="num quiet">${job.ticket}</span><span class="grow"></span>${
      next ? t(`jobs.next.${next}`) : t('jobs.next.none')} ›</span></a>`;
}
