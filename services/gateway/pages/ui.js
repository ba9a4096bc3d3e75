// Small parts that every page uses.
import { html, render, useEffect, useLayoutEffect, useRef, useState }
  from './vendor/htm/preact/standalone.module.js';
import { t } from './i18n.js';
import { everySecond, now } from './time.js';

export { html, render, useEffect, useLayoutEffect, useRef, useState };
export { useCallback, useMemo } from './vendor/htm/preact/standalone.module.js';

// The present instant, anew every second.
export function useNow() {
  const [at, setAt] = useState(now());
  useEffect(() => everySecond(() => setAt(now())), []);
  return at;
}

// Draws the component again whenever `subscribe` calls back, at most once a frame.
export function useRedraw(subscribe) {
  const [, draw] = useState(0);
  useEffect(() => {
    let frame = 0;
    const stop = subscribe(() => {
      frame ||= requestAnimationFrame(() => { frame = 0; draw((n) => n + 1); });
    });
    return () => { stop(); cancelAnimationFrame(frame); };
  }, []);
}

// {value, problem, busy, again} of a read; read anew when `key` changes.
export function useRead(read, key) {
  const [answer, setAnswer] = useState({ busy: true });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    setAnswer((before) => ({ ...before, busy: true }));
    read().then((value) => current && setAnswer({ value }),
      (problem) => current && setAnswer((before) => ({ value: before.value, problem })));
    return () => { current = false; };
  }, [key, turn]);
  return { ...answer, again: () => setTurn((n) => n + 1) };
}

// columns: [{key, name, num?, show?(row)}]
export function Table({ caption, columns, lines, onOpen, empty }) {
  if (!lines.length) return html`<p class="quiet">${empty || t('table.empty')}</p>`;
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label=${caption}><table>
    <caption class="hidden">${caption}</caption>
    <thead><tr>${columns.map((c) => html`<th scope="col" class=${c.num ? 'num' : ''}>${c.name}</th>`)}</tr></thead>
    <tbody>${lines.map((line) => html`<tr class=${onOpen ? 'opens' : ''}
      onClick=${onOpen && (() => onOpen(line))}>
      ${columns.map((c) => html`<td class=${c.num ? 'num' : ''}>${c.show ? c.show(line) : line[c.key]}</td>`)}
    </tr>`)}</tbody></table></div>`;
}

// The browser's own dialog: focus stays inside, Esc closes.
export function Dialog({ title, onClose, children, wide }) {
  const box = useRef(null);
  useLayoutEffect(() => { if (!box.current.open) box.current.showModal(); }, []);
  return html`<dialog ref=${box} class=${wide ? 'wide' : ''} aria-label=${title} onClose=${onClose}
      onClick=${(e) => { if (e.target === box.current) box.current.close(); }}>
    <header><h2>${title}</h2><button type="button" class="icon" aria-label=${t('close')}
      onClick=${() => box.current.close()}>✕</button></header>
    <div class="dialog-body">${children}</div></dialog>`;
}

let fields = 0;

// A label with its input, a hint, and what was expected when it was wrong.
export function Field({ label, hint, error, children, ...input }) {
  const [id] = useState(() => `field-${++fields}`);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  const tag = input.options ? 'select' : input.rows ? 'textarea' : 'input';
  const { options, ...rest } = input;
  return html`<div class="field"><label for=${id}>${label}</label>
    <${tag} id=${id} aria-describedby=${described} aria-invalid=${error ? 'true' : undefined} ...${rest}>
      ${options && options.map(([value, name]) => html`<option value=${value}
        selected=${value === rest.value}>${name}</option>`)}</${tag}>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${id}-error"><span aria-hidden="true">▲ </span>${error}</p>`}
  </div>`;
}

// Said in passing, read out politely; what went wrong stays until it is closed.
const TOAST_MS = 6000;
const toasts = [];
const toastListeners = new Set();
let toastId = 0;

export function toast(text, kind = 'fine') {
  const one = { id: ++toastId, text, kind };
  toasts.push(one);
  if (toasts.length > 4) toasts.shift();
  if (kind !== 'error') setTimeout(() => dismiss(one), TOAST_MS);
  toastListeners.forEach((then) => then());
}

function dismiss(one) {
  const at = toasts.indexOf(one);
  if (at >= 0) toasts.splice(at, 1);
  toastListeners.forEach((then) => then());
}

export const complain = (problem) => toast(problem.message, 'error');

export function Toasts() {
  useRedraw((then) => { toastListeners.add(then); return () => toastListeners.delete(then); });
  return html`<div class="toasts" role="status" aria-live="polite">${toasts.map((one) => html`
    <div key=${one.id} class="toast ${one.kind}"><span>${one.kind === 'error' ? '▲ ' : '✓ '}${one.text}</span>
      <button type="button" class="icon" aria-label=${t('close')} onClick=${() => dismiss(one)}>✕</button>
    </div>`)}</div>`;
}

// Keys of a page are none while somebody writes, or speaks to the browser.
export const writing = (e) => e.ctrlKey || e.metaKey || e.altKey ||
  /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.isContentEditable;
