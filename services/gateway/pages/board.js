// The live board: every running clock of every open ticket, the least time left first. While somebody
// reads, points or works in the list, lines stay where they are and only their contents change; what
// would move is counted and applied when asked for, or when nobody is there any more.
import { alertList, Alerts } from './alerts.js';
import { ClockBar, SHAPES } from './clock.js';
import { accounts, nameOf, subjectOf, territories, territoryName, zoneOf } from './directory.js';
import { t, word } from './i18n.js';
import { Lane } from './lane.js';
import { countStates, FILTERS, holderOf, linesOf, readFilter } from './lines.js';
import { rows, state, subscribe } from './live.js';
import { go, onPlace, params, withParams } from './place.js';
import { Ticket } from './ticket.js';
import { html, useEffect, useLayoutEffect, useMemo, useNow, useRedraw, useRef, useState, writing }
  from './ui.js';

const BLOCK = 8; // lines come and go in blocks, so that most of scrolling draws nothing anew
const LEAVE_MS = 1500;
const CLOCKS = ['order', 'dispatch', 'accept', 'contact', 'visit', 'complaint', 'feedback', 'delay', 'result', 'callback'];

// --- staying in place -----------------------------------------------------------------------------

// The order that is shown, and how many lines would move, come or go if it were the present one.
function useStill(lines, key, hold) {
  const [there, setThere] = useState(false);
  const shown = useRef({ key: null, order: [], last: new Map(), due: new Map() });
  const [, draw] = useState(0);
  const still = (there || hold) && shown.current.key === key && shown.current.order.length > 0;
  const now = new Map(lines.map((line) => [line.row.ticket, line]));
  if (!still) shown.current = { key, order: lines.map((line) => line.row.ticket), last: new Map(now),
    due: new Map(lines.map((line) => [line.row.ticket, line.due_ms])) };
  for (const id of shown.current.order) if (now.has(id)) shown.current.last.set(id, now.get(id));
  let changed = 0;
  if (still) {
    // came, went, or belongs elsewhere by its due; not those that only make room
    const { order, due } = shown.current;
    for (const line of lines) if (due.get(line.row.ticket) !== line.due_ms) changed++;
    for (const id of order) if (!now.has(id)) changed++;
  }
  const inPlace = shown.current.order.map((id) => ({ id, line: now.get(id) || shown.current.last.get(id),
    over: !now.has(id) }));
  const apply = () => { shown.current.key = null; draw((n) => n + 1); };
  return { inPlace, changed, apply, setThere };
}

// --- one line -------------------------------------------------------------------------------------

function broken(row) {
  return (row.clocks || []).filter((clock) => clock.state === 'breached').length;
}

function Line({ line, index, over, active, open, now_ms, top, onFocus }) {
  const { row } = line;
  const head = row.head || {};
  const { kind, product } = subjectOf(head);
  const holder = holderOf(row);
  const lost = broken(row);
  return html`<div role="row" id="line-${row.ticket}" aria-rowindex=${index + 2} aria-selected=${open}
      tabindex=${active ? 0 : -1} class="line ${over ? 'over' : ''} ${open ? 'open' : ''}"
      style=${{ transform: `translateY(${top}px)` }} onFocus=${onFocus}
      onClick=${() => go(withParams({ ticket: row.ticket }))}>
    <span role="gridcell" class="c-id"><b class="num">${row.ticket}</b><small>${kind}${
      row.cycle > 1 ? ` · ${t('board.cycle', { n: row.cycle })}` : ''}${head.urgent &&
      html` <em class="tag urgent">${t('board.urgent')}</em>`}</small></span>
    <span role="gridcell" class="c-what">${product || '–'}<small>${head.symptom || head.area || ''}</small></span>
    <span role="gridcell" class="c-who">${holder ? nameOf(holder) : t('board.desk')}<small>${
      word('dispatch', row.dispatch?.phase || '')} · ${territoryName(head.territory)}</small></span>
    <span role="gridcell" class="c-clocks ${line.clocks.length > 3 ? 'many' : ''}">${over ? html`<em class="quiet">${t('board.over')}</em>`
      : line.clocks.length ? line.clocks.map((clock) => html`<${ClockBar} key=${`${clock.clock}#${clock.n}`}
        clock=${clock} now_ms=${now_ms} owner=${nameOf(clock.owner)} />`)
      : html`<em class="quiet">${t('board.no_clock')}</em>`}</span>
    <span role="gridcell" class="c-lost">${lost > 0 && html`<em class="tag late" title=${
      t('board.broken', { n: lost })}>✕ ${lost}<span class="hidden"> ${t('board.broken', { n: lost })}</span></em>`}</span>
  </div>`;
}

const blockOf = (top, line) => Math.floor(top / line / BLOCK);

// Only the lines in sight exist.
function List({ still, now_ms, openId, filterKey }) {
  const box = useRef(null);
  const [view, setView] = useState({ block: 0, height: 800, line: 48 });
  const [active, setActive] = useState(null);
  const leaving = useRef(0);
  const { inPlace, setThere } = still;

  useLayoutEffect(() => {
    const measure = () => {
      const line = parseFloat(getComputedStyle(box.current).getPropertyValue('--line')) || 48;
      setView({ block: blockOf(box.current.scrollTop, line), height: box.current.clientHeight, line });
    };
    const watch = new ResizeObserver(measure);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  useEffect(() => { box.current.scrollTop = 0; }, [filterKey]);
  const come = () => { clearTimeout(leaving.current); setThere(true); };
  const leave = () => {
    clearTimeout(leaving.current);
    leaving.current = setTimeout(() => {
      if (box.current && !box.current.matches(':hover') && !box.current.contains(document.activeElement)) setThere(false);
    }, LEAVE_MS);
  };
  const at = inPlace.findIndex((one) => one.id === active);
  const focusOn = (index) => {
    const next = inPlace[Math.min(Math.max(index, 0), inPlace.length - 1)];
    if (!next) return;
    const place = inPlace.indexOf(next);
    setActive(next.id);
    const top = place * view.line;
    if (top < box.current.scrollTop) box.current.scrollTop = top;
    if (top + view.line > box.current.scrollTop + view.height) box.current.scrollTop = top + view.line - view.height;
    requestAnimationFrame(() => requestAnimationFrame(() =>
      document.getElementById(`line-${next.id}`)?.focus({ preventScroll: true })));
  };
  const keys = useRef(null);
  keys.current = (e) => {
    if (writing(e) || document.querySelector('dialog[open]')) return;
    const inside = box.current.contains(e.target);
    const page = Math.floor(view.height / view.line);
    const steps = { j: 1, k: -1, ...(inside && { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page,
      Home: -inPlace.length, End: inPlace.length }) };
    if (e.key in steps) focusOn(at < 0 ? 0 : at + steps[e.key]);
    else if (e.key === 'Enter' && inside && at >= 0) go(withParams({ ticket: active }));
    else return;
    e.preventDefault();
  };
  useEffect(() => {
    const press = (e) => keys.current(e);
    const pick = (e) => keys.pick(e.detail);
    addEventListener('keydown', press);
    addEventListener('board-pick', pick);
    return () => { removeEventListener('keydown', press); removeEventListener('board-pick', pick); };
  }, []);
  keys.pick = (id) => focusOn(inPlace.findIndex((one) => one.id === id));

  const from = Math.max(0, (view.block - 1) * BLOCK);
  const to = Math.min(inPlace.length, (view.block + 2) * BLOCK + Math.ceil(view.height / view.line));
  const scrolled = (e) => {
    const block = blockOf(e.currentTarget.scrollTop, view.line);
    if (block !== view.block) setView({ ...view, block });
  };
  const seen = inPlace.slice(from, to);
  const tabId = seen.some((one) => one.id === active) ? active : seen[0]?.id;
  return html`<div class="list" role="grid" aria-label=${t('board.list')} aria-rowcount=${inPlace.length + 1}
      ref=${box} onPointerEnter=${come} onPointerLeave=${leave} onfocusin=${come} onfocusout=${leave}
      onScroll=${scrolled}>
    <div role="row" aria-rowindex="1" class="line-head">${['id', 'what', 'who', 'clocks', 'lost'].map((c) => html`
      <span role="columnheader" class="c-${c}">${t(`board.col.${c}`)}</span>`)}</div>
    <div class="lines" role="rowgroup" style=${{ height: `${inPlace.length * view.line}px` }}>
    ${seen.map((one, i) => html`<${Line} key=${one.id} line=${one.line} over=${one.over} index=${from + i}
      active=${one.id === tabId} open=${one.id === openId} now_ms=${now_ms}
      top=${(from + i) * view.line} onFocus=${() => setActive(one.id)} />`)}</div></div>`;
}

// --- filters and counts ---------------------------------------------------------------------------

function Choice({ name, value, options }) {
  return html`<label class="choice"><span>${t(`filter.${name}`)}</span><select value=${value} aria-label=${t(`filter.${name}`)}
    onChange=${(e) => go(withParams({ [name]: e.target.value }), { replace: true })}>
    <option value="">${t('filter.all')}</option>${options.map(([id, text]) => html`
    <option value=${id} selected=${id === value}>${text}</option>`)}</select></label>`;
}

function Filters({ filter }) {
  const any = FILTERS.some((name) => filter[name]);
  const typed = (e) => go(withParams({ q: e.target.value }), { replace: true });
  return html`<div class="filters" role="search"><input type="search" data-search value=${filter.q}
      placeholder=${t('filter.q')} aria-label=${t('filter.q')} onInput=${typed} />
    <${Choice} name="territory" value=${filter.territory} options=${territories().map((one) => [one.id, one.name])} />
    <${Choice} name="person" value=${filter.person} options=${accounts()} />
    <${Choice} name="clock" value=${filter.clock} options=${CLOCKS.map((one) => [one, word('clock', one)])} />
    ${any && html`<a class="button" href=${withParams(Object.fromEntries(FILTERS.map((name) => [name, ''])))}>${t('filter.clear')}</a>`}
  </div>`;
}

export function Counts({ counts, chosen, link = true }) {
  return html`<ul class="counts">${Object.entries(counts).map(([name, n]) => {
    const text = html`<span class="shape" aria-hidden="true">${SHAPES[name] || '○'}</span> <b class="num">${n}</b> ${word('clock_state', name)}`;
    return html`<li class=${name}>${link ? html`<a aria-current=${chosen === name ? 'true' : undefined}
      href=${withParams({ state: chosen === name ? '' : name })}>${text}</a>` : html`<span>${text}</span>`}</li>`;
  })}</ul>`;
}

// --- the page -------------------------------------------------------------------------------------

function useBoardKeys(toggleHold, apply) {
  const keys = useRef(null);
  keys.current = (e) => {
    if (document.querySelector('dialog[open]')) return;
    if (e.key === 'Escape') {
      if (params().get('ticket')) {
        const id = params().get('ticket');
        go(withParams({ ticket: '' }));
        dispatchEvent(new CustomEvent('board-pick', { detail: id }));
      } else document.activeElement?.blur?.();
      return;
    }
    if (writing(e)) return;
    if (e.key === 'h') toggleHold();
    if (e.key === '.') apply();
  };
  useEffect(() => {
    const press = (e) => keys.current(e);
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

// A number that grows with the rows and alerts, at most once a frame; marks alone change neither.
function useData() {
  const version = useRef(0);
  useRedraw((then) => subscribe((what) => {
    if (what.mark) return;
    version.current++;
    then();
  }));
  return version.current;
}

export function Page() {
  const data = useData();
  useRedraw(onPlace);
  const now_ms = useNow();
  const [hold, setHold] = useState(false);
  const filter = readFilter(params());
  const key = JSON.stringify(filter);
  const { all, lines, counts, list } = useMemo(() => {
    const every = [...rows.values()];
    return { all: every, lines: linesOf(every, filter, now_ms), counts: countStates(every, now_ms),
      list: alertList(every, now_ms) };
  }, [data, now_ms, key]);
  const zone = zoneOf(filter.territory || territories()[0]?.id);
  const still = useStill(lines, key, hold);
  const openId = params().get('ticket');
  useBoardKeys(() => setHold((before) => !before), still.apply);
  return html`<main class="board ${openId ? 'with-ticket' : ''}" id="main" tabindex="-1">
    <h1 class="hidden">${t('nav.board')}</h1>
    <div class="board-top"><${Counts} counts=${counts} chosen=${filter.state} /><span class="grow"></span>
      <button type="button" aria-pressed=${hold} title=${t('board.hold.why')} onClick=${() => setHold(!hold)}>‖ ${
        t('board.hold')} <kbd>h</kbd></button></div>
    <${Filters} filter=${filter} />
    <${Lane} lines=${lines} now_ms=${now_ms} zone=${zone}
      onPick=${(id) => dispatchEvent(new CustomEvent('board-pick', { detail: id }))} />
    <div class="board-main"><div class="list-side">
      <div class="pill-place" role="status">${still.changed > 0 && html`<button type="button" class="pill"
        onClick=${still.apply}>${t('board.changed', { n: still.changed })} <kbd>.</kbd></button>`}</div>
      <${List} filterKey=${key} still=${still} now_ms=${now_ms} openId=${openId} />
      ${!lines.length && html`<p class="nothing quiet">${state.loaded ? t(all.length ? 'board.none_match' : 'board.none') : t('loading')}</p>`}
    </div>
    <aside class="side" aria-label=${openId ? openId : t('alerts')}>${openId
      ? html`<${Ticket} key=${openId} id=${openId} now_ms=${now_ms} />`
      : html`<h2>${t('alerts')}</h2><div class="side-body" tabindex="0" role="region" aria-label=${t('alerts')}><${Alerts} list=${list} zone=${zone} /></div>`}</aside></div>
  </main>`;
}
