// What a clerk can do with a ticket: each a command with a small form.
import { act, isOpen, isUnsent, refusal } from './act.js';
import { territories, zoneOf } from './directory.js';
import { faultsOf, faultsSaid, Fields, keysOf, messageOf, toFault, useForm } from './form.js';
import { t, word } from './i18n.js';
import { runningClocks } from './clock.js';
import { nextOrderNo, filledLast } from './report-fields.js';
import { Dialog, html, toast, useEffect, useState } from './ui.js';
import { dateOf, timeOf, Window, windowDefaults, windowFaults, windowMessage } from './window.js';

const open = (row) => row?.phase === 'OPEN';
const filling = (row) => open(row) && row.dispatch?.phase === 'FILLING';
const runs = (row, name) => !!row && runningClocks(row).some((clock) => clock.clock === name);
const label = (name) => t(`field.${name}`);
const reason = () => ({ name: 'reason', label: label('reason'), need: true, wide: true });
const note = (key = 'note') => ({ name: 'note', label: label(key), wide: true });
const CHANNELS = ['PHONE', 'COUNTER', 'MESSAGE'];

// word, when it is offered, its fields; `urgent` ones stand first. `window`: an appointment's.
export const ACTS = [
  { word: 'register_delay', first: true, when: (row) => runs(row, 'delay'), fields: () => [note()] },
  { word: 'fill_order', first: true, when: filling, values: () => ({ order_no: nextOrderNo() }),
    fields: () => [{ name: 'order_no', label: label('order_no'), need: true }, note()] },
  { word: 'contact_customer', first: true, when: filling,
    fields: () => [{ name: 'failed', type: 'check', label: label('contact_failed') }, note()] },
  { word: 'book_appointment', first: true, when: (row) => open(row) && !row.appointment, window: true },
  { word: 'answer_complaint', first: true, when: (row) => open(row) && runs(row, 'complaint'), values: () => ({ channel: 'PHONE' }),
    fields: () => [{ name: 'channel', label: label('answer_channel'), options: CHANNELS.map((one) => [one, word('channel', one)]), need: true },
      { name: 'text', label: label('answer_text'), need: true, wide: true }] },
  { word: 'urge', when: open, fields: () => [note('urge_note')] },
  { word: 'move_appointment', when: (row) => open(row) && row.appointment, window: true },
  { word: 'correct_address', when: open,
    fields: () => [{ name: 'address', label: label('address'), wide: true }, { name: 'area', label: label('area') },
      { name: 'city', type: 'check', label: label('city') },
      { name: 'distance_m', as: 'km', label: label('distance'), need: true, when: (values) => !values.city }] },
  { word: 'set_urgency', when: open,
    fields: (row) => [{ name: 'reason', label: label(row.head?.urgent ? 'reason_calmer' : 'reason_urgent'), need: true, wide: true }],
    body: (row, said) => ({ urgent: !row.head?.urgent, ...said }) },
  { word: 'transfer', when: open, fields: (row) => [{ name: 'territory', label: label('to_territory'), need: true,
    options: [['', '–'], ...territories().filter((one) => one.id !== row.head?.territory).map((one) => [one.id, one.name])] }, reason()] },
  { word: 'cancel', danger: true, when: open, fields: () => [reason()] },
  { word: 'reopen', when: (row) => !open(row), fields: () => [reason()] },
];

const appointment = (row, zone) => (row?.appointment ? { date: dateOf(Number(row.appointment.from_ms), zone),
  from: timeOf(Number(row.appointment.from_ms), zone), to: timeOf(Number(row.appointment.to_ms), zone) } : {});

// The words of a refusal to do it, for people.
export function said(answer, ticket, done) {
  const refused = refusal(answer);
  if (refused) toast(t(refused.code === 'REFUSED' ? 'desk.refused' : 'desk.no_effect', { ticket }), 'error');
  else toast(done);
  return !refused;
}

export function Act({ ticket, row, one, now_ms, onDone }) {
  const name = `${one.word}.${ticket}`;
  const zone = zoneOf(row?.head?.territory);
  const form = useForm(name, { ...one.values?.(), ...(one.window ? { ...windowDefaults, ...appointment(row, zone) } : {}) });
  const fields = one.fields?.(row || {}) || [];
  const [busy, setBusy] = useState(false);
  const unsent = isUnsent(name);
  useEffect(() => { document.querySelector('dialog form :is(input, select)')?.focus(); }, []);
  const send = async () => {
    if (busy) return;
    const faults = one.window ? windowFaults(form.values, zone) : faultsOf(fields, form.values);
    form.fault(faults);
    if (Object.keys(faults).length && !unsent) return toFault();
    setBusy(true);
    const message = one.window ? windowMessage(form.values, zone) : messageOf(fields, form.values);
    try {
      const answer = await act(name, { ticket, [one.word]: one.body ? one.body(row, message) : message });
      if (one.word === 'fill_order') filledLast(form.values.order_no);
      form.drop();
      said(answer, ticket, t(`desk.did.${one.word}`, { ticket }));
      onDone();
    } catch (problem) {
      const named = one.window ? fieldsOfWindow : fields;
      form.fault(isOpen(problem) ? { '': problem.message } : faultsSaid(problem, one.word, named));
      toFault();
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${`${t(`deed.${one.word}`)} · ${ticket}`} onClose=${onDone}>
    <form onSubmit=${(e) => { e.preventDefault(); send(); }} onKeyDown=${keysOf(send)}><fieldset class="bare" disabled=${busy || unsent}>
      ${one.window ? html`<${Window} form=${form} zone=${zone} now_ms=${now_ms} />`
    : html`<div class="fields"><${Fields} form=${form} fields=${fields} prefix=${one.word} /></div>`}</fieldset>
      <div role="alert">${form.faults[''] && html`<p class="error">▲ ${form.faults['']}</p>`}
        ${unsent && !busy && html`<p class="error">▲ ${t('report.unsent')}</p>`}</div>
      <div class="send-line"><button type="submit" class=${one.danger ? 'danger' : 'primary'} disabled=${busy}>${
  t(unsent ? 'report.again' : `deed.${one.word}`)} <kbd>Ctrl+Enter</kbd></button></div>
    </form></${Dialog}>`;
}

const fieldsOfWindow = [{ name: 'from', stands: 'from_ms' }, { name: 'to', stands: 'to_ms' }, { name: 'wish' }];
