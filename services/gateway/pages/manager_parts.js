// What the manager's pages share: an act with its form, tables of a paper, months, downloads.
import { newCommand, query, sendCommand } from './api.js';
import { nameOf, territories, zoneOf } from './directory.js';
import { lang, t, word } from './i18n.js';
import { go, params, withParams } from './place.js';
import { dayTime, fullTime, now, span, yuan } from './time.js';
import { Dialog, Field, html, Table, toast, useRef, useState } from './ui.js';

// A stylesheet of one page alone, there before its first drawing.
export function wantStyle(href) {
  if (document.head.querySelector(`link[href="${href}"]`)) return undefined;
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  return new Promise((done) => {
    link.onload = link.onerror = done;
    document.head.append(link);
  });
}

export const zone = () => zoneOf(territories()[0]?.id);
export const inWords = (object, name) => (lang() === 'zh' ? object[`${name}_zh`] || object[name] : object[name]) || '';
export const when = (text) => (text ? dayTime(Date.parse(text), zone()) : '');
export const instant = (ms) => (ms === undefined || ms === null ? '' : fullTime(Number(ms), zone()));

// --- days and months ------------------------------------------------------------------------------

// "2007-03-01" of an instant, where the department is.
export const dateOf = (ms) => new Intl.DateTimeFormat('en-CA', { timeZone: zone(), year: 'numeric',
  month: '2-digit', day: '2-digit' }).format(ms);
export const monthOf = (ms) => dateOf(ms).slice(0, 7);
export const monthNumber = (month) => Number(month.replace('-', ''));
export const monthText = (number) => `${String(number).slice(0, 4)}-${String(number).slice(4)}`;

// The first instant of a day there: the offset is asked for, it is not the browser's.
export function dayStart(date) {
  const utc_ms = Date.parse(`${date}T00:00:00Z`);
  const shown = new Intl.DateTimeFormat('en-CA', { timeZone: zone(), hourCycle: 'h23', year: 'numeric',
    month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(utc_ms);
  const part = (type) => shown.find((one) => one.type === type).value;
  const local_ms = Date.parse(`${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:00Z`);
  return utc_ms - (local_ms - utc_ms);
}

// Monday of the week of a day.
export function mondayOf(date) {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - (at.getUTCDay() + 6) % 7);
  return at.toISOString().slice(0, 10);
}

export const asked = (name, otherwise = '') => params().get(name) || otherwise;
export const choose = (changes) => go(withParams(changes), { replace: true });

// The month that is looked at; the present one unless another was asked for.
export const month = () => (/^\d{4}-\d\d$/.test(asked('month')) ? asked('month') : monthOf(now()));

export function MonthChoice() {
  return html`<label class="choice"><span>${t('manager.month')}</span><input type="month" value=${month()}
    onChange=${(e) => e.target.value && choose({ month: e.target.value })} /></label>`;
}

export function Choice({ name, label, options, all = true }) {
  const value = asked(name);
  return html`<label class="choice"><span>${label}</span><select
    onChange=${(e) => choose({ [name]: e.target.value })}>
    ${all && html`<option value="" selected=${!value}>${t('filter.all')}</option>`}${options.map(([id, text]) =>
    html`<option value=${id} selected=${id === value}>${text}</option>`)}</select></label>`;
}

// --- links to the list behind a number ------------------------------------------------------------

export const ticketLink = (id) => (id ? html`<a class="num" href="/board?ticket=${encodeURIComponent(id)}">${id}</a>` : '');
export const entryLink = (key, text) => html`<a href=${withParams({ key })}>${text}</a>`;
export const clauseLink = (id) => (id ? html`<a class="num nowrap" href="/manager?view=rules&clause=${id}">${id}</a>` : '');
export const personLink = (account, of) => html`<a href=${query('/manager', { view: 'ledger', month: of, person: account })}>${nameOf(account)}</a>`;

// An amount of money keeps its sign and never wraps.
export const Money = ({ fen, strong }) => html`<span class="num nowrap ${Number(fen) < 0 ? 'minus' : ''} ${strong ? 'strong' : ''}">${yuan(fen)}</span>`;

// --- an act ---------------------------------------------------------------------------------------

// What the decider said to it, if it was not done: a sentence; '' if it was.
function refusalOf(answer) {
  const said = answer?.outcome;
  const code = said?.outcome?.outcome;
  if (code !== 'REFUSED' && code !== 'NO_EFFECT') return '';
  return said.reason ? word('reason', said.reason) : t('manager.no_effect');
}

// A dialog with a form that becomes one command. fields: [{name, label, ...of Field}]; make(values):
// the command's body. A command that may have arrived is sent again as it is.
export function Act({ title, children, fields = [], make, said, danger, onClose, onDone }) {
  const [values, setValues] = useState(() => Object.fromEntries(fields.map((one) => [one.name, one.value ?? ''])));
  const [faults, setFaults] = useState({});
  const [busy, setBusy] = useState(false);
  const kept = useRef(null);
  const send = async (e) => {
    e.preventDefault();
    const wrong = {};
    for (const one of fields) {
      const value = String(values[one.name] ?? '').trim();
      if (one.need && !value) wrong[one.name] = t('manager.needed');
      else if (value && one.check && !one.check(value)) wrong[one.name] = one.expected;
    }
    setFaults(wrong);
    if (Object.keys(wrong).length) return;
    setBusy(true);
    try {
      kept.current ||= newCommand(make(values), now());
      const refused = refusalOf(await sendCommand(kept.current, 4));
      kept.current = null;
      if (refused) return setFaults({ '': refused });
      toast(said || t('manager.done'));
      onDone?.();
      return onClose();
    } catch (problem) {
      if (problem.status && problem.status < 500 && problem.status !== 429) kept.current = null;
      const named = Object.entries(problem.fields || {}).map(([field, expected]) =>
        [fields.find((one) => field.split('.').at(-1) === one.name)?.name || '', expected || problem.message]);
      return setFaults({ '': problem.message, ...Object.fromEntries(named.filter(([name]) => name)) });
    } finally {
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${title} onClose=${onClose}><form onSubmit=${send} novalidate>${children}
    ${fields.map(({ name, need, check, expected, ...one }) => (one.type === 'checkbox'
      ? html`<label class="check"><input type="checkbox" checked=${values[name]} onChange=${(e) => {
        kept.current = null;
        setValues({ ...values, [name]: e.target.checked });
      }} /> ${one.label}</label>`
      : html`<${Field} key=${name} ...${one} name=${name} value=${values[name]} error=${faults[name]}
        onInput=${(e) => { kept.current = null; setValues({ ...values, [name]: e.target.value }); }} />`))}
    ${faults[''] && html`<p class="error" role="alert">▲ ${faults['']}</p>`}
    <p class="acts"><button type="button" onClick=${onClose}>${t('manager.cancel')}</button>
      <button class=${danger ? 'danger' : 'primary'} disabled=${busy}>${busy ? t('manager.busy') : title}</button></p>
  </form></${Dialog}>`;
}

export const fenOf = (text) => String(Math.round(Number(text) * 100));
export const isYuan = (text) => /^\d{1,9}(\.\d{1,2})?$/.test(text);
export const accountOptions = (directory, none) => [['', none || t('manager.choose')],
  ...(directory?.people || []).filter((one) => !/^outlet:/.test(one.account) && one.role !== 'system' && one.role !== 'phone')
    .map((one) => [`person:${one.id}`, one.name]),
  ...(directory?.outlets || []).map((one) => [`outlet:${one.id}`, one.name])];

// --- tables of a paper ----------------------------------------------------------------------------

const dash = html`<span class="quiet">–</span>`;

// Of another type than its column: the figures of the year say it with their key.
const typeOf = (column, row) => (row.figure && column.type === 'count'
  ? /_(fen|yuan_10|permille)$/.exec(row.figure)?.[1] || 'count' : column.type);

function shown(column, row, of) {
  const value = row[column.key];
  if (value === null || value === undefined || value === '') return dash;
  switch (typeOf(column, row)) {
    case 'fen': return html`<${Money} fen=${value} />`;
    case 'yuan_10': return (value / 10).toFixed(1);
    case 'permille': return `${(value / 10).toFixed(1)} %`;
    case 'span_ms': return span(value);
    case 'time_ms': return instant(value);
    case 'count': return String(value);
    default: break;
  }
  if (/^T\d{3}-\d+$/.test(value)) return ticketLink(value);
  if (column.key === 'clause') return String(value).split(', ').map((id, i) => [i ? ', ' : '', /^7\.\d+$/.test(id) ? clauseLink(id) : id]);
  if (column.key === 'name' && row.account) return personLink(row.account, of);
  if (column.key === 'key') return entryLink(value, value);
  if (column.key === 'territory') return territories().find((one) => one.id === value)?.name || value;
  return value;
}

const isNumber = (column) => column.type !== 'text';
const HIDDEN = new Set(['account', 'how']); // the name says it; how it is counted stands behind the figure

// A table as the command line makes it: {title, columns, rows, sums, notes}. links: key -> href(row).
export function PaperTable({ id, table, of, links = {}, filter, hide = [] }) {
  const columns = table.columns.filter((c) => !hide.includes(c.key) &&
    !(HIDDEN.has(c.key) && table.columns.some((one) => one.key === 'name')));
  const rows = filter ? table.rows.filter(filter) : table.rows;
  const cell = (column, row, i) => {
    const text = shown(column, row, of);
    const href = row[column.key] ? links[column.key]?.(row) : '';
    const how = column.key === 'name' && row.how;
    return html`<td class=${isNumber(column) ? 'num' : ''} title=${how || undefined}>${href ? html`<a href=${href}>${text}</a>` : text}${
      how && i === 0 && html` <details class="how"><summary aria-label=${t('manager.how')}>ⓘ</summary>${how}</details>`}</td>`;
  };
  return html`<section class="paper" id=${id}><h2>${table.title}</h2>
    ${!rows.length ? html`<p class="quiet">${t('table.empty')}</p>` : html`<div class="scroll-x" tabindex="0" role="region" aria-label=${table.title}>
    <table><caption class="hidden">${table.title}</caption><thead><tr>${columns.map((c) =>
      html`<th scope="col" class=${isNumber(c) ? 'num' : ''}>${c.name}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${columns.map((c, i) => cell(c, row, i))}</tr>`)}</tbody>
      ${!filter && table.sums.length > 0 && html`<tfoot>${table.sums.map((row) => html`<tr>${columns.map((c, i) => cell(c, row, i))}</tr>`)}</tfoot>`}
    </table></div>`}
    ${table.notes.map((note) => html`<p class="quiet note">${note}</p>`)}</section>`;
}

// The same as a file. A link and no request: the browser keeps what comes.
export function Downloads({ path, values, formats = ['xlsx', 'csv'] }) {
  return html`<span class="downloads no-print">${formats.map((format) => html`<a class="button" download
    href=${query(path, { ...values, format, lang: lang() })}>⤓ ${format.toUpperCase()}</a>`)}
    <button type="button" onClick=${() => print()}>${t('manager.print')}</button></span>`;
}

// What a read came to: its trouble, its waiting, or what is made of it.
export function Read({ read, children }) {
  const { value, problem, busy, again } = read;
  return html`${problem && html`<p class="error" role="alert">▲ ${problem.message} <button type="button" onClick=${again}>${t('again')}</button></p>`}
    ${value === undefined && busy ? html`<p class="quiet">${t('loading')}</p>` : value !== undefined && children(value)}`;
}

export { Table };
