// What the watcher said lately. A page that was just opened has heard nothing yet: what is late or
// warned in the rows was said before, and begins the list.
import { clockName, dueOf, runningClocks } from './clock.js';
import { nameOf } from './directory.js';
import { t, word } from './i18n.js';
import { alerts } from './live.js';
import { withParams } from './place.js';
import { shortTime } from './time.js';
import { html } from './ui.js';

const SHOWN_MAX = 60;
const SHAPE = { breached: '▲', call_unanswered: '▲', cap_reached: '▲', warned: '◆', breach_withdrawn: '✓' };

function heardOnes() {
  return alerts.map((event) => {
    const kind = event.type.split('.').pop();
    const said = event.data?.[kind] || {};
    return { key: event.id, kind, at_ms: Date.parse(event.time), ticket: event.subject,
      clock: said.clock ? { clock: said.clock.toLowerCase(), n: said.n } : null, owner: said.owner };
  });
}

function knownOnes(rows, now_ms, heard) {
  const told = new Set(heard.map((one) => `${one.kind} ${one.ticket} ${one.clock?.clock} ${one.clock?.n}`));
  const known = [];
  for (const row of rows) {
    for (const clock of runningClocks(row)) {
      const say = (kind, at_ms) => {
        const key = `${kind} ${row.ticket} ${clock.clock} ${clock.n}`;
        if (!told.has(key)) known.push({ key, kind, at_ms, ticket: row.ticket, clock, owner: clock.owner });
      };
      if (now_ms > dueOf(clock)) say('breached', dueOf(clock));
      else if (clock.warn_at_ms !== undefined && now_ms >= Number(clock.warn_at_ms)) say('warned', Number(clock.warn_at_ms));
    }
  }
  return known;
}

export function alertList(rows, now_ms) {
  const heard = heardOnes();
  return [...heard, ...knownOnes(rows, now_ms, heard)].sort((a, b) => b.at_ms - a.at_ms).slice(0, SHOWN_MAX);
}

export function Alerts({ list, zone }) {
  if (!list.length) return html`<p class="quiet">${t('alerts.none')}</p>`;
  return html`<ol class="alerts">${list.map((one) => html`<li key=${one.key} class=${one.kind}>
    <a href=${withParams({ ticket: one.ticket })}><span class="num when">${shortTime(one.at_ms, zone)}</span>
    <span class="shape" aria-hidden="true">${SHAPE[one.kind]}</span> <b>${word('alert', one.kind)}</b> ${
    one.clock ? clockName(one.clock) : ''}<span class="who">${one.ticket}${one.owner ? ` · ${nameOf(one.owner)}` : ''}</span></a>
  </li>`)}</ol>`;
}
