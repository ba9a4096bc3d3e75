// Calling back (P-2.1): the questions of the survey, asked one after the other. What the customer was
// not asked stays unanswered; a wish to have it done again reopens the ticket.
import { act, isOpen, isUnsent } from './act.js';
import { get } from './api.js';
import { nameOf, zoneOf } from './directory.js';
import { Check, Choice, faultsSaid, keysOf, toFault, useForm } from './form.js';
import { t, word } from './i18n.js';
import { go } from './place.js';
import { shortTime } from './time.js';
import { said } from './acts.js';
import { Field, html, useEffect, useRead, useState } from './ui.js';

const ASKED = ['FIXED', 'VISITED', 'ON_TIME', 'WORK_CLOTHES', 'ATTITUDE', 'SHOE_COVERS', 'TOOK_NOTHING', 'NO_EXAGGERATION'];
const MONEY = /^\d{1,7}(\.\d{1,2})?$/;
const YES_NO = ['yes', 'no', ''];

function answersOf(values) {
  const answers = ASKED.filter((one) => values[one]).map((question) => ({ question, yes: values[question] === 'yes' }));
  const paid = values.CHARGED_FEN?.trim();
  return paid ? [...answers, { question: 'CHARGED_FEN', amount_fen: String(Math.round(Number(paid) * 100)) }] : answers;
}

function messageOf(values) {
  const note = values.note?.trim() ? { note: values.note.trim() } : {};
  if (values.reached !== 'yes') return { reached: false, ...note };
  return { reached: true, answers: answersOf(values), ...note, ...(values.redo ? { redo: true } : {}),
    ...(values.satisfaction ? { satisfaction: Number(values.satisfaction) } : {}) };
}

function faultsOf(values) {
  const faults = {};
  if (!values.reached) faults.reached = t('form.needed');
  if (values.reached === 'yes' && values.CHARGED_FEN?.trim() && !MONEY.test(values.CHARGED_FEN.trim())) faults.CHARGED_FEN = t('form.number');
  return faults;
}

function Questions({ form }) {
  const { values, faults } = form;
  return html`<div class="questions">${ASKED.map((one) => html`<${Choice} key=${one} name=${one} label=${t(`question.${one}`)}
      value=${values[one] || ''} options=${YES_NO.map((answer) => [answer, t(`answer.${answer || 'none'}`)])}
      onChoose=${(answer) => form.set({ [one]: answer })} />`)}</div>
    <div class="fields"><${Field} label=${t('question.CHARGED_FEN')} name="CHARGED_FEN" inputmode="decimal" autocomplete="off" value=${values.CHARGED_FEN || ''}
      error=${faults.CHARGED_FEN} onInput=${(e) => form.set({ CHARGED_FEN: e.target.value })} />
    <${Choice} name="satisfaction" label=${t('field.satisfaction')} value=${values.satisfaction || ''} error=${faults.satisfaction}
      options=${['1', '2', '3', '4', '5'].map((n) => [n, n])} onChoose=${(n) => form.set({ satisfaction: n })} />
    <${Check} name="redo" label=${t('field.redo')} checked=${!!values.redo} onChange=${(e) => form.set({ redo: e.target.checked })} /></div>`;
}

function Whom({ order, task, zone }) {
  const customer = order?.customer || {};
  const phone = customer.phone || order?.head?.phone;
  return html`<dl class="facts">${[['customer', customer.name], ['phone', phone && html`<a class="num big" href=${`tel:${phone}`}>${phone}</a>`],
    ['address', customer.address], ['product', [order?.head?.category && word('category', order.head.category), order?.head?.model].filter(Boolean).join(' ')],
    ['symptom', order?.symptom], ['holder', nameOf(order?.technician?.account)],
    ['attempts', task && t('callback.attempts', { n: task.attempts })], ['due', task && shortTime(Number(task.due_at_ms), zone)]]
    .filter(([, value]) => value).map(([name, value]) => html`<dt>${t(`fact.${name}`)}</dt><dd>${value}</dd>`)}</dl>`;
}

export function Survey({ id, task, onSent }) {
  const name = `record_callback.${id}`;
  const form = useForm(name, {});
  const { values, faults } = form;
  const [busy, setBusy] = useState(false);
  const { value: order } = useRead(() => get(`/v1/tickets/${encodeURIComponent(id)}/order`).catch(() => null), id);
  const zone = zoneOf(task?.territory);
  useEffect(() => { document.querySelector('form.survey input')?.focus(); }, []);
  const unsent = isUnsent(name) || isUnsent(`${name}.reopen`);
  const send = async () => {
    const wrong = faultsOf(values);
    form.fault(wrong);
    if (busy || (Object.keys(wrong).length && !unsent)) return toFault();
    setBusy(true);
    try {
      // after a reload only the second of the two may be left to do
      const answer = form.extra.recorded ? null : await act(name, { ticket: id, record_callback: messageOf(values) });
      form.keep({ recorded: true });
      if (values.reached === 'yes' && values.redo)
        await act(`${name}.reopen`, { ticket: id, reopen: { reason: values.note?.trim() || t('callback.redo_reason') } });
      form.drop();
      said(answer, id, t('callback.done', { ticket: id }));
      onSent();
      go('/desk?list=callback');
    } catch (problem) {
      const names = ['reached', 'satisfaction', 'note'].map((one) => ({ name: one }));
      form.fault(isOpen(problem) ? { '': problem.message } : faultsSaid(problem, 'record_callback',
        [...names, { name: 'CHARGED_FEN', stands: 'answers.amount_fen' }]));
      setBusy(false);
    }
  };
  return html`<div class="desk-two"><form class="survey" aria-label=${t('callback.form')} onSubmit=${(e) => { e.preventDefault(); send(); }} onKeyDown=${keysOf(send)}>
    <h1>${t('callback.form')} <span class="num">${id}</span></h1>
    <fieldset class="bare" disabled=${busy || unsent}>
      <${Choice} name="reached" label=${t('field.reached')} value=${values.reached || ''} error=${faults.reached}
        options=${['yes', 'no'].map((one) => [one, t(`reached.${one}`)])} onChoose=${(reached) => form.set({ reached })} />
      ${values.reached === 'yes' && html`<${Questions} form=${form} />`}
      <div class="fields"><div class="wide"><${Field} label=${t('field.note')} name="note" autocomplete="off" value=${values.note || ''} error=${faults.note}
        onInput=${(e) => form.set({ note: e.target.value })} /></div></div></fieldset>
    <div class="send-line"><button type="submit" class="primary" disabled=${busy}>${t(unsent ? 'report.again' : 'callback.send')} <kbd>Ctrl+Enter</kbd></button>
      <div role="alert">${unsent && !busy && html`<p class="error">▲ ${t('report.unsent')}</p>`}
        ${faults[''] && html`<p class="error">▲ ${faults['']}</p>`}</div></div></form>
    <aside class="context" aria-label=${t('callback.whom')}><h2>${t('callback.whom')}</h2><${Whom} order=${order} task=${task} zone=${zone} />
      <a class="button" href=${`/desk?ticket=${encodeURIComponent(id)}`}>${t('report.open')}</a></aside></div>`;
}
