// A running clock as it is shown everywhere: a bar that fills, a shape and the time left. Colour only
// repeats what shape and text say.
import { html } from './vendor/htm/preact/standalone.module.js';
import { t, word } from './i18n.js';
import { span } from './time.js';

const SOON_SHARE = 0.8; // of the time, where the rulebook gives no warning
export const SHAPES = { late: '▲', soon: '◆', running: '●', paused: '‖' };
export const STATES = Object.keys(SHAPES);
const RUNS = new Set(['running', 'paused', 'late']);
const NEVER = Infinity;

export const runs = (clock) => RUNS.has(clock.state);
export const dueOf = (clock) => (clock.due_at_ms === undefined ? NEVER : Number(clock.due_at_ms));

export function stateOf(clock, now_ms) {
  if (clock.state === 'paused') return 'paused';
  const due_ms = dueOf(clock);
  if (clock.state === 'late' || now_ms > due_ms) return 'late';
  const start_ms = Number(clock.start_at_ms);
  const warn_ms = clock.warn_at_ms === undefined ? start_ms + (due_ms - start_ms) * SOON_SHARE
    : Number(clock.warn_at_ms);
  return now_ms >= warn_ms ? 'soon' : 'running';
}

// The running clocks of a row, the most endangered first. A row never changes, it is replaced: what was
// found once is kept with it, for every beat asks again for every row.
const found = new WeakMap();

export function runningClocks(row) {
  let clocks = found.get(row);
  if (!clocks) {
    clocks = (row.clocks || []).filter(runs)
      .sort((a, b) => (dueOf(a) === dueOf(b) ? 0 : dueOf(a) < dueOf(b) ? -1 : 1));
    found.set(row, clocks);
  }
  return clocks;
}

export const clockName = (clock) => word('clock', clock.clock) + (clock.n > 1 ? ` #${clock.n}` : '');

export function timeText(clock, now_ms) {
  const state = stateOf(clock, now_ms);
  if (state === 'paused') return t('clock_state.paused');
  const left_ms = dueOf(clock) - now_ms;
  return left_ms < 0 ? t('clock.late_by', { span: span(left_ms) }) : span(left_ms);
}

// The bar is scaled, not resized: a beat paints without laying anything out again.
export function ClockBar({ clock, now_ms, owner }) {
  const state = stateOf(clock, now_ms);
  const start_ms = Number(clock.start_at_ms);
  const whole_ms = Math.max(1, dueOf(clock) - start_ms);
  const used = whole_ms === NEVER ? 1 : Math.min(1, Math.max(0, (now_ms - start_ms) / whole_ms));
  const time = timeText(clock, now_ms);
  return html`<span class="clock ${state}"
      title="${clockName(clock)} · ${word('clock_state', state)} · ${time}${owner ? ` · ${owner}` : ''}">
    <span class="clock-line"><span class="clock-name"><span class="shape" aria-hidden="true"
      >${SHAPES[state]}</span> ${clockName(clock)}</span><span class="hidden"> ${
      word('clock_state', state)}, </span><span class="num">${time}</span></span>
    <span class="clock-track" aria-hidden="true"><span class="clock-fill"
      style=${{ transform: `scaleX(${used.toFixed(4)})` }}></span></span></span>`;
}
