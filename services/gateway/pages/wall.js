// The wallboard: the board on a big screen that nobody touches. It turns its pages by itself, keeps the
// screen awake where the browser lets it, and keeps its session alive.
import { get } from './api.js';
import { ClockBar, stateOf } from './clock.js';
import { Connection } from './connection.js';
import { nameOf, subjectOf, territories, territoryName, zoneOf } from './directory.js';
import { t } from './i18n.js';
import { Counts } from './board.js';
import { Lane } from './lane.js';
import { countStates, holderOf, linesOf, readFilter } from './lines.js';
import { rows, state, subscribe } from './live.js';
import { params } from './place.js';
import { clockTime, day } from './time.js';
import { html, useEffect, useLayoutEffect, useNow, useRedraw, useRef, useState } from './ui.js';

const PAGE_MS = 12000;
const PAGES_MAX = 6;           // the rest is too far away to be looked at
const SESSION_MS = 1800000;    // a session ends when nobody asks for anything

function useNight() {
  useEffect(() => {
    const stay = setInterval(() => get('/v1/session').catch(() => {}), SESSION_MS);
    const awake = () => { if (!document.hidden) navigator.wakeLock?.request('screen').catch(() => {}); };
    awake();
    document.addEventListener('visibilitychange', awake);
    return () => { clearInterval(stay); document.removeEventListener('visibilitychange', awake); };
  }, []);
}

function Line({ line, now_ms }) {
  const { row } = line;
  const { kind, product } = subjectOf(row.head);
  const holder = holderOf(row);
  return html`<li class="wall-line ${line.clocks[0] ? stateOf(line.clocks[0], now_ms) : ''}">
    <span class="wall-id num">${row.ticket}</span>
    <span class="wall-what">${kind} ${product}<small>${territoryName(row.head?.territory)}</small></span>
    <span class="wall-who">${holder ? nameOf(holder) : t('board.desk')}</span>
    <span class="c-clocks">${line.clocks.slice(0, 3).map((clock) => html`<${ClockBar} key=${`${clock.clock}#${clock.n}`}
      clock=${clock} now_ms=${now_ms} owner=${nameOf(clock.owner)} />`)}</span></li>`;
}

export function Page() {
  useRedraw(subscribe);
  useNight();
  const now_ms = useNow();
  const box = useRef(null);
  const [fit, setFit] = useState(8);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => setFit(Math.max(1, Math.floor(box.current.clientHeight /
      (parseFloat(getComputedStyle(box.current).getPropertyValue('--wall-line')) || 84)))));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const filter = readFilter(params());
  const all = [...rows.values()];
  const lines = linesOf(all, filter, now_ms).filter((line) => line.clocks.length);
  const pages = Math.max(1, Math.min(PAGES_MAX, Math.ceil(lines.length / fit)));
  const page = Math.floor(performance.now() / PAGE_MS) % pages;
  const zone = zoneOf(filter.territory || territories()[0]?.id);
  return html`<main class="wall" id="main"><header><h1>${t('wall.title')}</h1><${Counts} counts=${countStates(all, now_ms)} link=${false} />
      <span class="grow"></span><span class="wall-now"><span class="quiet">${day(now_ms, zone)}</span> <b class="num">${clockTime(now_ms, zone)}</b></span></header>
    <${Lane} lines=${lines} now_ms=${now_ms} zone=${zone} />
    <ol class="wall-lines" ref=${box}>${lines.slice(page * fit, page * fit + fit).map((line) => html`
      <${Line} key=${line.row.ticket} line=${line} now_ms=${now_ms} />`)}
      ${!lines.length && html`<li class="nothing quiet">${state.loaded ? t('board.none') : t('loading')}</li>`}</ol>
    <footer><${Connection} /><span class="grow"></span><span class="num quiet">${t('wall.page', { n: page + 1, of: pages })}</span></footer></main>`;
}
