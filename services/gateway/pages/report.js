// A report on one screen: register, fill the service order, book the visit, while the thirty minutes of
// P1.3 run from the report. Each part is a command of its own; what was recorded is done, and sending
// again goes on with the part that is still to do.
import { act, isOpen, isUnsent } from './act.js';
import { Caller, useCaller } from './caller.js';
import { ClockBar } from './clock.js';
import { territories, territoryName, zoneOf } from './directory.js';
import { faultsOf, faultsSaid, Fields, keysOf, messageOf, toFault, toField, useForm } from './form.js';
import { t, word } from './i18n.js';
import { rows, state, subscribe } from './live.js';
import { go } from './place.js';
import { filledLast, nextOrderNo, orderFields, personOf, reportFields } from './report-fields.js';
import { callOf, territoryOf } from './ringing.js';
import { now } from './time.js';
import { complain, html, toast, useEffect, useRef, useState } from './ui.js';
import { dateOf, instantOf, timeOf, Window, windowDefaults, windowFaults, windowMessage, windowSaid } from './window.js';

// As the rulebook is shipped; once there is a ticket its own clock is shown.
const ORDER_LIMIT_MS = 30 * 60000;
const PARTS = ['register', 'fill_order', 'contact_customer', 'book_appointment'];
const SERVICE = 'SERVICE';

function defaults(session, directory, call, phone) {
  const at_ms = Math.round(call?.answered_at_ms || call?.at_ms || now());
  const own = personOf(session, directory)?.territory;
  const territory = territoryOf(call?.called) || own || territories()[0]?.id || '';
  const zone = zoneOf(territory);
  return { territory, sort: 'REPAIR', channel: 'PHONE', 'customer.phone': phone, 'customer.city': true,
    contacted: true, at_ms, reported_date: dateOf(at_ms, zone), reported_time: timeOf(at_ms, zone),
    order_no: nextOrderNo(own), ...windowDefaults };
}

// The instant of the report: to the millisecond as the telephone told it, or as the clerk set it.
function reportedAt(values, zone) {
  if (values.reported_date === dateOf(values.at_ms, zone) && values.reported_time === timeOf(values.at_ms, zone))
    return values.at_ms;
  return instantOf(values.reported_date, values.reported_time, zone);
}

const SORTS = { REPAIR: { kind: 'COMPLAINT', complaint_type: 'REPAIR' }, INSTALL: { kind: 'INSTALL' },
  SERVICE: { kind: 'COMPLAINT', complaint_type: SERVICE }, SYSTEM: { kind: 'SYSTEM' } };

export const sameMatter = (row, values) => Object.entries(SORTS[values.sort]).every(([key, value]) => row.head[key] === value) &&
  (values.sort === SERVICE ? (row.head.about || '') === (values.about || '') && row.head.subject === values.subject
    : row.head.category === values['product.category']);

function bodyOf(part, form, fields, zone, callId) {
  const { values } = form;
  const ticket = form.extra.ticket;
  if (part === 'register') {
    const { sort, territory, ...said } = messageOf(fields, values);
    return { territory, occurred_at_ms: String(reportedAt(values, zone)),
      register: { ...SORTS[sort], ...said, ...(callId && callOf(callId) ? { call: callId } : {}) } };
  }
  if (part === 'fill_order') return { ticket, fill_order: { order_no: values.order_no.trim(),
    ...(values.order_note?.trim() ? { note: values.order_note.trim() } : {}) } };
  if (part === 'contact_customer') return { ticket, contact_customer: {} };
  return { ticket, book_appointment: windowMessage(values, zone) };
}

const wants = (part, values) => ({ register: true, fill_order: !!values.order_no?.trim(),
  contact_customer: !!values.contacted, book_appointment: windowSaid(values) && values.sort !== 'SYSTEM' })[part];

function useSending(form, name, fields, zone, callId) {
  const [busy, setBusy] = useState(false);
  const lock = useRef(false);
  const slot = (part) => `${name}.${part}`;
  const unsent = PARTS.find((part) => isUnsent(slot(part)));

  const one = async (part) => {
    const answer = await act(slot(part), bodyOf(part, form, fields, zone, callId));
    const ticket = answer.receipt.ticket;
    if (part === 'fill_order') filledLast(form.values.order_no);
    if (part !== 'register') return form.keep({ [part]: true });
    const known = !!form.extra.open?.includes(ticket);
    form.keep({ register: true, ticket, known });
    if (!known) return null;
    toast(t('report.linked', { ticket }));
    form.drop();
    return go(`/desk?ticket=${encodeURIComponent(ticket)}`);
  };
  const send = async () => {
    if (lock.current) return;
    const { values, extra } = form;
    const faults = extra.register ? {} : faultsOf(fields, values);
    if (!extra.register && !faults.reported_time && Number.isNaN(reportedAt(values, zone))) faults.reported_time = t('form.time');
    if (!extra.book_appointment && windowSaid(values)) Object.assign(faults, windowFaults(values, zone));
    form.fault(unsent ? {} : faults);
    if (!unsent && Object.keys(faults).length) return toFault();
    lock.current = true;
    setBusy(true);
    for (const part of PARTS) {
      if (form.extra[part] || !wants(part, form.values) || form.extra.known) continue;
      try {
        await one(part);
      } catch (problem) {
        form.fault(isOpen(problem) ? { '': problem.message } : partFaults(problem, part, fields));
        toFault();
        break;
      }
    }
    lock.current = false;
    setBusy(false);
  };
  // what nobody answered is asked again as soon as somebody does
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    const again = () => PARTS.some((part) => isUnsent(slot(part))) && latest.current();
    const stop = subscribe(() => { if (state.phase === 'live' || state.phase === 'behind') again(); });
    addEventListener('online', again);
    return () => { stop(); removeEventListener('online', again); };
  }, []);
  return { send, busy, unsent };
}

function partFaults(problem, part, fields) {
  if (part === 'register') return faultsSaid(problem, part, fields);
  const names = { from_ms: 'from', to_ms: 'to', wish: 'wish', order_no: 'order_no', note: 'order_note' };
  const said = Object.entries(problem.fields || {}).map(([path, expected]) => [names[path.split('.').at(-1)] || '', expected || problem.message]);
  return said.length ? Object.fromEntries(said) : { '': problem.message };
}

function Countdown({ form, zone, now_ms }) {
  const start_at_ms = reportedAt(form.values, zone);
  const row = rows.get(form.extra.ticket);
  const running = row?.clocks?.find((clock) => clock.clock === 'order' && clock.state !== 'cancelled');
  if (running && ['met', 'breached'].includes(running.state)) return html`<p class="order-clock ${running.state}">${
    t(running.state === 'met' ? 'report.in_time' : 'report.too_late')}</p>`;
  const clock = running || { clock: 'order', n: 1, start_at_ms, due_at_ms: start_at_ms + ORDER_LIMIT_MS, state: 'running' };
  return Number.isFinite(Number(clock.start_at_ms)) ? html`<div class="order-clock"><${ClockBar} clock=${clock} now_ms=${now_ms} /></div>` : null;
}

// The rest of the report, behind a fold that says what stands there; what is wrong opens it.
function More({ form, fields }) {
  const { values } = form;
  const wrong = fields.some((one) => form.faults[one.name]);
  return html`<details class="more" open=${wrong || undefined}><summary>${t('report.more')} <span class="quiet">${[word('channel', values.channel),
    `${values.reported_date} ${values.reported_time}`, territoryName(values.territory)].join(' · ')}</span></summary>
    <div class="fields"><${Fields} form=${form} fields=${fields} prefix="more" /></div></details>`;
}

// A call about what is open already: no second ticket.
function Repeated({ row, onUrge, onLink, busy }) {
  return html`<div class="repeated" role="status"><p><b>${t('report.repeated', { ticket: row.ticket })}</b> ${t('report.repeated.why')}</p>
    <button type="button" class="primary" disabled=${busy} onClick=${() => onUrge(row.ticket)}>${t('desk.urge')}</button>
    <button type="button" disabled=${busy} onClick=${onLink}>${t('report.link')}</button>
    <a class="button" href=${`/desk?ticket=${encodeURIComponent(row.ticket)}`}>${t('report.open')}</a></div>`;
}

const Part = ({ n, title, done, children }) => html`<section class="part ${done ? 'done' : ''}"><h2><span class="part-n" aria-hidden="true">${
  done ? '✓' : n}</span> ${title}${done && html`<span class="hidden"> ${t('report.done')}</span>`}</h2>${!done && children}</section>`;

function Sent({ form, onNext }) {
  const { ticket } = form.extra;
  const all = PARTS.every((part) => form.extra[part] || (part === 'book_appointment' && ['SERVICE', 'SYSTEM'].includes(form.values.sort)));
  return html`<div class="sent" role="status"><p><b>${t(all ? 'report.all_done' : 'report.registered', { ticket })}</b></p>
    <button type="button" class=${all ? 'primary' : ''} onClick=${onNext}>${t('report.next')} <kbd>Alt+N</kbd></button>
    <a class="button" href=${`/desk?ticket=${encodeURIComponent(ticket)}`}>${t('report.open_new')}</a>
    <a class="button" href=${`/order/${encodeURIComponent(ticket)}`} target="_blank" rel="noopener">${t('desk.print')}</a></div>`;
}

// Name and address of the last time, where nothing has been written yet.
function useKnownCustomer(form, caller) {
  useEffect(() => {
    const found = caller.value;
    if (!found || form.extra.register) return;
    form.keep({ open: found.open.map((row) => row.ticket) });
    if (form.extra.filledFor === found.phone || !found.customer) return;
    const { values } = form;
    const known = Object.entries(found.customer).map(([name, value]) => [`customer.${name}`, value])
      .filter(([name]) => name !== 'customer.phone' && name !== 'customer.distance_m' && name !== 'customer.purchases_fen' && !(values[name] && name !== 'customer.city'));
    const km = found.customer.distance_m && { 'customer.distance_m': String(Number(found.customer.distance_m) / 1000) };
    form.set({ ...Object.fromEntries(known), 'customer.city': !!found.customer.city, ...km });
    form.keep({ filledFor: found.phone });
  }, [caller.value]);
}

export function Report({ session, directory, now_ms, callId, phone }) {
  const name = `report.${callId}`;
  const call = callOf(callId);
  const form = useForm(name, defaults(session, directory, call, phone));
  const { values, extra, faults } = form;
  const zone = zoneOf(values.territory);
  const caller = useCaller(values['customer.phone'] || '');
  const fields = reportFields(directory, values, caller.value);
  const { send, busy, unsent } = useSending(form, name, fields, zone, callId);
  const [urging, setUrging] = useState(false);
  useKnownCustomer(form, caller);
  useEffect(() => { document.querySelector(`form.report [name="${phone ? 'sort' : 'customer.phone'}"]`)?.focus(); }, []);
  const repeated = !extra.register && caller.value?.open.find((row) => sameMatter(row, values));
  const next = () => { form.drop(); go(`/desk?report=new-${Math.round(now())}`); };
  const urge = async (ticket) => {
    setUrging(true);
    try {
      await act(`${name}.urge.${ticket}`, { ticket, urge: values.symptom?.trim() ? { note: values.symptom.trim() } : {} });
      toast(t('desk.did.urge', { ticket }));
      form.drop();
      go(`/desk?ticket=${encodeURIComponent(ticket)}`);
    } catch (problem) { complain(problem); }
    setUrging(false);
  };
  const complainAbout = (one) => {
    form.set({ sort: SERVICE, about: one.ticket });
    toField('form.report [name="subject"]');
  };
  const service = values.sort === SERVICE;
  return html`<div class="desk-two"><form class="report" onSubmit=${(e) => { e.preventDefault(); send(); }} onKeyDown=${keysOf(send)}
      aria-label=${t('report.title')}>
    <header class="report-head"><h1>${t('report.title')}${extra.ticket ? html` <span class="num">${extra.ticket}</span>` : ''}</h1>
      <${Countdown} form=${form} zone=${zone} now_ms=${now_ms} /></header>
    ${extra.ticket && html`<${Sent} form=${form} onNext=${next} />`}
    ${repeated && html`<${Repeated} row=${repeated} busy=${busy || urging} onUrge=${urge} onLink=${send} />`}
    <fieldset class="bare" disabled=${busy || !!unsent}>
    <${Part} n="1" title=${t('report.part.register')} done=${extra.register}>
      <div class="fields"><${Fields} form=${form} fields=${fields.filter((one) => !one.rare)} prefix="report" /></div>
      <${More} form=${form} fields=${fields.filter((one) => one.rare)} zone=${zone} /></${Part}>
    <div class="desk-parts"><${Part} n="2" title=${t('report.part.order')} done=${extra.fill_order && extra.contact_customer}>
      <div class="fields"><${Fields} form=${form} fields=${orderFields(extra)} /></div></${Part}>
    ${values.sort !== 'SYSTEM' && html`<${Part} n="3" title=${t(service ? 'report.part.book_if' : 'report.part.book')} done=${extra.book_appointment}>
      <${Window} form=${form} zone=${zone} now_ms=${now_ms} /></${Part}>`}</div></fieldset>
    <div class="send-line"><button type="submit" class="primary" disabled=${busy}>${
  t(unsent ? 'report.again'
    : extra.register ? 'report.send_rest' : 'report.send')} <kbd>Ctrl+Enter</kbd></button>
      <span class="quiet">${t('report.territory', { name: territoryName(values.territory) })}</span>
      <div role="alert">${unsent && !busy && html`<p class="error">▲ ${t('report.unsent')}</p>`}
        ${faults[''] && html`<p class="error">▲ ${faults['']}</p>`}</div></div>
    </form><aside class="context" aria-label=${t('caller.title')}><${Caller} caller=${caller} now_ms=${now_ms} onUrge=${extra.register ? null : urge}
      onTake=${extra.register ? null : complainAbout} busy=${urging} /></aside></div>`;
}
