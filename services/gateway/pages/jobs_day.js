// My day: what was worked on, and the report of the day.
import { t } from './i18n.js';
import { act, acts } from './outbox.js';
import { clockPace, clockTime, DEFAULT_ZONE } from './time.js';
import { zoneOf } from './directory.js';
import { complain, Field, html, toast, useState } from './ui.js';

// How far local time is ahead of UTC at this instant.
export function zoneOffset(at_ms, zone = DEFAULT_ZONE) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23',
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
    .formatToParts(at_ms).map((one) => [one.type, Number(one.value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) -
    Math.floor(at_ms / 1000) * 1000;
}

// As <input type="datetime-local"> has it: 2007-03-01T14:30.
export const localInput = (at_ms, zone) =>
  new Date(at_ms + zoneOffset(at_ms, zone)).toISOString().slice(0, 16);

const dateOf = (at_ms, zone) => localInput(at_ms, zone).slice(0, 10);

export function Day({ session, jobs, now_ms, directory }) {
  const me = directory?.people?.find((one) => one.id === session.person);
  const zone = zoneOf(me?.territory || jobs[0]?.head.territory);
  const date = dateOf(now_ms, zone);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const today = acts.filter((one) => dateOf(one.occurred_at_ms, zone) === date);
  const reported = today.filter((one) => one.word === 'report_day' && one.said.date === date &&
    one.state !== 'refused');
  const worked = today.filter((one) => one.key).sort((a, b) => a.occurred_at_ms - b.occurred_at_ms);
  const open = jobs.filter((job) => job.phase === 'HELD' && job.onSite && !job.filed && !job.waits.length);
  const report = async (e) => {
    e.preventDefault();
    setBusy(true);
    try {
      const stored = await act({ to: {}, word: 'report_day', said: { date, note: note.trim() || undefined },
        pace: clockPace() });
      if (stored) toast(t('jobs.stored', { what: t('act.report_day') }));
      setNote('');
    } catch (problem) {
      complain({ message: t('jobs.not_stored', { why: problem.name }) });
    }
    setBusy(false);
  };
  return html`<h1 class="view-title">${t('jobs.tab.day')} <span class="num quiet">${date}</span></h1>
    ${open.length > 0 && html`<section class="sheet"><h2>${t('jobs.day_open')}</h2><ul class="plain">${open.map((job) => html`
      <li><a class="row-link" href="/jobs?job=${job.ticket}">${job.ticket} · ${t('jobs.day_needs')}</a></li>`)}</ul></section>`}
    <section class="sheet"><h2>${t('jobs.day_done', { n: worked.length })}</h2>
      ${worked.length ? html`<ol class="plain">${worked.map((one) => html`<li><span class="num">${
        clockTime(one.occurred_at_ms, zone)}</span> ${t(`act.${one.word}`)} <span class="num quiet">${one.key}</span></li>`)}</ol>`
        : html`<p class="quiet">${t('jobs.day_none')}</p>`}</section>
    <form class="sheet phone-form" onSubmit=${report}><h2>${t('act.report_day')}</h2>
      ${reported.length > 0 && html`<p class="fine">✓ ${t('jobs.day_reported', { time: clockTime(reported.at(-1).occurred_at_ms, zone) })}</p>`}
      <${Field} label=${t('jobs.day_note')} rows="4" value=${note} maxlength="2000" onInput=${(e) => setNote(e.target.value)} />
      <button type="submit" class="primary" disabled=${busy}>${t('jobs.report')}</button></form>`;
}
