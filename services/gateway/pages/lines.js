// The lines of the board: which tickets are shown, in which order. Pure; the page only draws.
import { dueOf, runningClocks, stateOf, STATES } from './clock.js';
import { nameOf, subjectOf, territoryName } from './directory.js';
import { lang } from './i18n.js';

export const FILTERS = ['territory', 'person', 'clock', 'state', 'q'];

export function readFilter(params) {
  return Object.fromEntries(FILTERS.map((name) => [name, params.get(name) || '']));
}

export const holderOf = (row) => row.dispatch?.holder || row.dispatch?.offer?.account || '';

const texts = new WeakMap();

// What a search looks through; kept with the row as long as the language stays.
function textOf(row) {
  const kept = texts.get(row);
  if (kept?.lang === lang()) return kept.text;
  const text = searched(row);
  texts.set(row, { lang: lang(), text });
  return text;
}

function searched(row) {
  const head = row.head || {};
  const { kind, product } = subjectOf(head);
  return [row.ticket, row.ref, head.phone, head.area, head.symptom, head.serial, kind, product,
    territoryName(head.territory), nameOf(holderOf(row)),
    ...(row.clocks || []).map((clock) => nameOf(clock.owner))].join(' ').toLowerCase();
}

const owns = (row, person) => holderOf(row) === person ||
  runningClocks(row).some((clock) => clock.owner === person);

// A line: the row, its clocks that fit the filter (the most endangered first), its place by danger.
function lineOf(row, filter, now_ms) {
  const all = runningClocks(row);
  const clocks = all.filter((clock) => (!filter.clock || clock.clock === filter.clock) &&
    (!filter.state || filter.state === 'none' || stateOf(clock, now_ms) === filter.state));
  const asked = filter.clock || (filter.state && filter.state !== 'none');
  if (asked ? !clocks.length : filter.state === 'none' && all.length) return null;
  return { row, clocks, due_ms: clocks.length ? dueOf(clocks[0]) : Infinity };
}

export function linesOf(rows, filter, now_ms) {
  const wanted = filter.q.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const lines = [];
  for (const row of rows) {
    if (filter.territory && row.head?.territory !== filter.territory) continue;
    if (filter.person && !owns(row, filter.person)) continue;
    if (wanted.length) {
      const text = textOf(row);
      if (!wanted.every((part) => text.includes(part))) continue;
    }
    const line = lineOf(row, filter, now_ms);
    if (line) lines.push(line);
  }
  // the least time left first: an order that time itself does not change
  return lines.sort((a, b) => (a.due_ms === b.due_ms ? (a.row.ticket < b.row.ticket ? -1 : 1)
    : a.due_ms < b.due_ms ? -1 : 1));
}

// How many running clocks are in each state, and how many tickets have none.
export function countStates(rows, now_ms) {
  const counts = Object.fromEntries([...STATES, 'none'].map((state) => [state, 0]));
  for (const row of rows) {
    const clocks = runningClocks(row);
    if (!clocks.length) counts.none++;
    for (const clock of clocks) counts[stateOf(clock, now_ms)]++;
  }
  return counts;
}

// Clocks due within the next `span_ms`, by minute.
export function nextDue(lines, now_ms, span_ms) {
  const due = [];
  for (const line of lines) {
    for (const clock of line.clocks) {
      const left_ms = dueOf(clock) - now_ms;
      if (left_ms >= 0 && left_ms < span_ms) due.push({ line, clock, left_ms });
    }
  }
  return due.sort((a, b) => a.left_ms - b.left_ms);
}
