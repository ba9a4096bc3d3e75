// The department's time. Deadlines are judged by the server's clock, which an installation may also
// let run faster (--clock 600x): now() follows it between two marks, at the pace last measured.
import { locale, t } from './i18n.js';

const PACE_OVER_MS = 3000;     // shorter spans measure the network rather than the clock
const FORMATTERS_MAX = 64;
const KEEP_MS = 10000;         // how often the measured time is written down
const ASLEEP_MS = 2000;
const KEPT_AS = 'doorstep.time';
let anchor = { now_ms: Date.now(), at: performance.now(), device_ms: Date.now() };
let pace = 1;
let first = null;
let kept_ms = 0;

// A page that is opened without a connection goes on by what was measured last.
try {
  const kept = JSON.parse(localStorage.getItem(KEPT_AS));
  if (kept.pace > 0 && Number.isFinite(kept.now_ms + kept.device_ms)) {
    pace = kept.pace;
    anchor.now_ms = kept.now_ms + Math.max(0, Date.now() - kept.device_ms) * pace;
  }
} catch { /* never measured: this device's own clock has to do */ }

// A mark of the server was heard: {now_ms}.
export function heardNow(now_ms) {
  const at = performance.now();
  if (!first || now_ms < first.now_ms || at - first.at > 20 * PACE_OVER_MS) first = { now_ms, at };
  if (at - first.at >= PACE_OVER_MS) {
    const measured = (now_ms - first.now_ms) / (at - first.at);
    // within five percent it is an ordinary clock and a slow line
    pace = Math.abs(measured - 1) < 0.05 ? 1 : measured;
  }
  anchor = { now_ms, at, device_ms: Date.now() };
  if (Math.abs(anchor.device_ms - kept_ms) < KEEP_MS) return;
  kept_ms = anchor.device_ms;
  localStorage.setItem(KEPT_AS, JSON.stringify({ now_ms, device_ms: kept_ms, pace }));
}

// The timer that nobody can set stands still while a phone sleeps; then the device's clock says how long.
function elapsed_ms() {
  const counted_ms = performance.now() - anchor.at;
  const shown_ms = Date.now() - anchor.device_ms;
  return shown_ms > counted_ms + ASLEEP_MS ? shown_ms : counted_ms;
}

export const now = () => anchor.now_ms + elapsed_ms() * pace;
// How far this device's clock is ahead of the department's.
export const skew_ms = () => Date.now() - now();
export const clockPace = () => pace;

// Time left or gone by, shorter the longer it is: 04:59, 3 h 07, 2 d 04 h.
export function span(ms) {
  const s = Math.floor(Math.abs(ms) / 1000);
  const two = (n) => String(n).padStart(2, '0');
  if (s < 3600) return `${two(Math.floor(s / 60))}:${two(s % 60)}`;
  const h = Math.floor(s / 3600);
  if (h < 24) return t('span.hours', { h, m: two(Math.floor(s / 60) % 60) });
  return t('span.days', { d: Math.floor(h / 24), h: two(h % 24) });
}

// Formatters are dear to make: kept by language, zone and form.
const kept = new Map();

function formatter(zone, form) {
  const key = `${locale()} ${zone} ${JSON.stringify(form)}`;
  if (!kept.has(key)) {
    if (kept.size >= FORMATTERS_MAX) kept.clear();
    kept.set(key, new Intl.DateTimeFormat(locale(), { timeZone: zone, hourCycle: 'h23', ...form }));
  }
  return kept.get(key);
}

const CLOCK = { hour: '2-digit', minute: '2-digit' };
const DAY = { month: '2-digit', day: '2-digit' };
export const DEFAULT_ZONE = 'Asia/Shanghai';

export const clockTime = (ms, zone = DEFAULT_ZONE) => formatter(zone, CLOCK).format(ms);
export const dayTime = (ms, zone = DEFAULT_ZONE) => formatter(zone, { ...DAY, ...CLOCK }).format(ms);
export const fullTime = (ms, zone = DEFAULT_ZONE) => formatter(zone,
  { year: 'numeric', ...DAY, ...CLOCK, second: '2-digit' }).format(ms);
export const day = (ms, zone = DEFAULT_ZONE) => formatter(zone,
  { year: 'numeric', ...DAY, weekday: 'short' }).format(ms);

// The time alone on the same local day as now, with its day otherwise.
export function shortTime(ms, zone = DEFAULT_ZONE) {
  const date = formatter(zone, DAY);
  return date.format(ms) === date.format(now()) ? clockTime(ms, zone) : dayTime(ms, zone);
}

export const yuan = (fen) => new Intl.NumberFormat(locale(),
  { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol' }).format(Number(fen) / 100);

// One beat a second for everything that counts down, on the frame after the second changes; none
// while nobody looks.
const listeners = new Set();
let timer = 0;

function beat() {
  timer = 0;
  if (!listeners.size) return;
  timer = setTimeout(beat, 1000 - (Date.now() % 1000) + 4);
  if (!document.hidden) requestAnimationFrame(() => listeners.forEach((then) => then()));
}

export function everySecond(then) {
  listeners.add(then);
  if (!timer) beat();
  return () => listeners.delete(then);
}
