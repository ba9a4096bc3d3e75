// The agreed window of an appointment: a day and two times in the territory's zone, or one touch for
// what is agreed most.
import { t, word } from './i18n.js';
import { Choice } from './form.js';
import { clockTime } from './time.js';
import { Field, html } from './ui.js';

const DAY_MS = 86400000;

// Local time minus UTC, in ms, at an instant.
function offset(ms, zone) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23',
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    .formatToParts(ms).map((part) => [part.type, Number(part.value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) -
    Math.floor(ms / 1000) * 1000;
}

// "2007-03-01", "14:00" -> UTC ms; NaN for what is no time.
export function instantOf(date, time, zone) {
  const local = Date.parse(`${date}T${timeSaid(time)}:00Z`);
  if (Number.isNaN(local)) return NaN;
  return local - offset(local - offset(local, zone), zone);
}

export const dateOf = (ms, zone) => new Date(ms + offset(ms, zone)).toISOString().slice(0, 10);
export const timeOf = (ms, zone) => clockTime(ms, zone);

// "14", "1430", "14:30", "14：30" -> "14:30"; anything else stays what it is and is refused. A time
// field of the browser would ask for a.m. and p.m. wherever its own language has them.
export function timeSaid(text) {
  const [, h, m = '00'] = /^\s*(\d{1,2})(?:[:：.]?(\d{2}))?\s*$/.exec(text || '') || [];
  return h !== undefined && Number(h) < 24 && Number(m) < 60 ? `${h.padStart(2, '0')}:${m}` : text;
}

const HALVES = { morning: ['08:00', '12:00'], afternoon: ['14:00', '18:00'] };

function touches(now_ms, zone) {
  const days = [['today', dateOf(now_ms, zone)], ['tomorrow', dateOf(now_ms + DAY_MS, zone)]];
  return days.flatMap(([day, date]) => Object.entries(HALVES).map(([half, [from, to]]) => ({
    label: `${t(`window.${day}`)} ${t(`window.${half}`)}`, date, from, to })))
    .filter((one) => instantOf(one.date, one.to, zone) > now_ms);
}

export const windowDefaults = { date: '', from: '', to: '', wish: 'CUSTOMER' };
export const windowSaid = (values) => !!(values.date || values.from || values.to);

export function windowFaults(values, zone) {
  const faults = {};
  for (const name of ['date', 'from', 'to']) if (!values[name]) faults[name] = t('form.needed');
  for (const name of ['from', 'to']) if (!faults[name] && !/^\d\d:\d\d$/.test(timeSaid(values[name]))) faults[name] = t('form.time');
  if (!Object.keys(faults).length && !(instantOf(values.date, values.to, zone) >= instantOf(values.date, values.from, zone)))
    faults.to = t('window.order');
  return faults;
}

export const windowMessage = (values, zone) => ({ from_ms: String(instantOf(values.date, values.from, zone)),
  to_ms: String(instantOf(values.date, values.to, zone)), wish: values.wish });

export function Window({ form, zone, now_ms }) {
  const { values, faults } = form;
  const input = (name, type, more) => html`<${Field} label=${t(`window.${name}`)} name=${name} type=${type} value=${values[name]}
    error=${faults[name]} onInput=${(e) => form.set({ [name]: e.target.value })} ...${more} />`;
  const time = (name) => input(name, 'text', { autocomplete: 'off', inputmode: 'numeric', placeholder: '--:--',
    onChange: (e) => form.set({ [name]: timeSaid(e.target.value) }) });
  return html`<div class="touches">${touches(now_ms, zone).map((one) => html`<button type="button"
      aria-pressed=${values.date === one.date && values.from === one.from && values.to === one.to}
      onClick=${() => form.set({ date: one.date, from: one.from, to: one.to })}>${one.label}</button>`)}</div>
    <div class="fields">${input('date', 'date')}${time('from')}${time('to')}
    <${Choice} label=${t('window.wish')} name="wish" value=${values.wish} onChoose=${(wish) => form.set({ wish })}
      options=${['CUSTOMER', 'COMPANY'].map((one) => [one, word('window.wish', one)])} /></div>`;
}
