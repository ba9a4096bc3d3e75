// The next hour: when which clock is due, on an axis of sixty minutes.
import { clockName, stateOf } from './clock.js';
import { t } from './i18n.js';
import { nextDue } from './lines.js';
import { clockTime } from './time.js';
import { html, useLayoutEffect, useRef, useState } from './ui.js';

const HOUR_MS = 3600000;
const MINUTE_MS = 60000;
const STACK_MAX = 4;
const H = 58;
const BASE = 44;
const EDGE = 16;

// One column a minute; what does not fit is counted above it.
function columns(due) {
  const at = new Map();
  for (const one of due) {
    const minute = Math.floor(one.left_ms / MINUTE_MS);
    if (!at.has(minute)) at.set(minute, []);
    at.get(minute).push(one);
  }
  return [...at];
}

function mark(state, x, y) {
  if (state === 'soon') return html`<path d="M${x} ${y - 4.5}l4.5 4.5l-4.5 4.5l-4.5 -4.5z" class="tick soon" />`;
  return html`<circle cx=${x} cy=${y} r="3.6" class="tick running" />`;
}

export function Lane({ lines, now_ms, zone, onPick }) {
  const due = nextDue(lines, now_ms, HOUR_MS);
  const box = useRef(null);
  const [wide, setWide] = useState(900);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => setWide(Math.max(200, box.current.clientWidth)));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const inner = wide - 2 * EDGE;
  const minutes = [0, 10, 20, 30, 40, 50, 60];
  return html`<figure class="lane"><figcaption>${t('lane.title')} <b class="num">${due.length}</b></figcaption>
    <svg ref=${box} width="100%" height=${H} role="img"
      aria-label=${t('lane.label', { n: due.length })}>
    <line x1=${EDGE} x2=${EDGE + inner} y1=${BASE + 6} y2=${BASE + 6} class="axis" />
    ${minutes.map((m) => html`<line x1=${EDGE + m * inner / 60} x2=${EDGE + m * inner / 60} y1=${BASE + 2} y2=${BASE + 10} class="axis" />`)}
    ${columns(due).map(([minute, all]) => {
      const x = EDGE + (minute + 0.5) * inner / 60;
      return html`<g class="column" onClick=${() => onPick?.(all[0].line.row.ticket)}>
        <title>${all.slice(0, 6).map((one) => `${one.line.row.ticket} ${clockName(one.clock)}`).join('\n')}</title>
        <rect x=${x - inner / 120} y="0" width=${inner / 60} height=${BASE + 4} class="catch" />
        ${all.slice(0, STACK_MAX).map((one, i) => mark(stateOf(one.clock, now_ms), x, BASE - i * 9))}
        ${all.length > STACK_MAX && html`<text x=${x} y="8" class="more">${inner > 500 ? all.length : '+'}</text>`}</g>`;
    })}</svg>
    <div class="lane-times num" aria-hidden="true">${minutes.map((m) => html`<span>${
      clockTime(now_ms + m * MINUTE_MS, zone)}</span>`)}</div></figure>`;
}
