// One job: whom to call, where to go, and a large button for the step that comes next, under the thumb.
import { get, query } from './api.js';
import { ClockBar } from './clock.js';
import { subjectOf } from './directory.js';
import { t } from './i18n.js';
import { clocksOf, Tags, When } from './job_card.js';
import { FORMS } from './job_forms.js';
import { nextOf, onceOf } from './jobs_state.js';
import { useKept } from './kept.js';
import { act } from './outbox.js';
import { clockPace, fullTime, shortTime } from './time.js';
import { complain, html, toast, useEffect, useRef, useState } from './ui.js';

const SETTLE_MS = 700;
const VISIT_EARLY_MS = 30 * 60000; // from then on an arrival counts without the customer's word

// A place to drive to, in whatever map this phone has.
const mapOf = (address) => (/iPhone|iPad/.test(navigator.userAgent) ? 'maps:?q=' : 'geo:0,0?q=') +
  encodeURIComponent(address);

// Where we are, as well as it is known when somebody says so; nobody waits for it.
function usePosition(wanted) {
  const found = useRef(null);
  useEffect(() => {
    if (!wanted || !navigator.geolocation || !globalThis.isSecureContext) return undefined;
    const id = navigator.geolocation.watchPosition((at) => {
      found.current = { latitude: at.coords.latitude, longitude: at.coords.longitude };
    }, () => {}, { enableHighAccuracy: true, maximumAge: 60000 });
    return () => navigator.geolocation.clearWatch(id);
  }, [wanted]);
  return found;
}

export async function record(job, name, said = {}) {
  try {
    const stored = await act({ to: { ticket: job.ticket }, word: name, said, pace: clockPace(),
      once: onceOf(job, name) });
    if (stored) toast(t('jobs.stored', { what: t(`act.${name}`) }));
    return true;
  } catch (problem) {
    // the phone is full, or the browser keeps nothing (private mode): better not to pretend
    complain(problem.name ? { message: t('jobs.not_stored', { why: problem.name }) } : problem);
    return false;
  }
}

function Customer({ job, order, zone }) {
  const customer = order?.customer || {};
  const phone = customer.phone || job.head.phone;
  const address = customer.address || job.head.area || '';
  return html`<section class="sheet">
    <p class="who">${customer.name || ''} <span class="num quiet">${phone}</span></p>
    <p class="when"><${When} job=${job} zone=${zone} /></p>
    <p class="where">${address}</p>
    <div class="pair">
      ${phone && html`<a class="button" href="tel:${phone}"><span aria-hidden="true">☎</span> ${t('jobs.call')}</a>`}
      ${address && html`<a class="button" href=${mapOf(address)}><span aria-hidden="true">➤</span> ${t('jobs.map')}</a>`}
    </div></section>`;
}

function Product({ job, order }) {
  const { kind, product } = subjectOf(job.head);
  const more = order?.product || {};
  const facts = [['product', [more.brand, product].filter(Boolean).join(' ')],
    ['serial', more.serial || job.head.serial], ['symptom', order?.symptom || job.head.symptom],
    ['invoiced', more.invoiced_on], ['order_no', order?.order_no], ['note', order?.note]];
  return html`<section class="sheet"><h2>${kind}</h2><dl class="facts">${facts.filter(([, value]) => value)
    .map(([name, value]) => html`<dt>${t(`jobs.fact.${name}`)}</dt><dd>${value}</dd>`)}</dl></section>`;
}

const Remedies = ({ list }) => html`<ul class="remedies">${list.map((one) => html`<li>
  <b>${one.remedy}</b>${one.cause && html` <span class="quiet">${one.cause}</span>`}
  <span class="num tally"><span>✓ ${t('jobs.worked', { n: one.worked })}</span>${Number(one.failed) > 0 &&
    html` <span class="late">✕ ${t('jobs.failed', { n: one.failed })}</span>`}</span></li>`)}</ul>`;

// What helped before: against this fault at once, against others of the model when asked for.
function Earlier({ job, user }) {
  const [open, setOpen] = useState(false);
  const list = job.row.dispatch?.remedies || [];
  const { model } = job.head;
  if (!list.length && !model) return null;
  return html`<section class="sheet"><h2>${t('jobs.earlier')}</h2>
    ${list.length ? html`<${Remedies} list=${list} />` : html`<p class="quiet">${t('jobs.earlier_none')}</p>`}
    ${model && !open && html`<button type="button" onClick=${() => setOpen(true)}>${t('jobs.cases', { model })}</button>`}
    ${open && html`<${Cases} model=${model} user=${user} />`}</section>`;
}

function Cases({ model, user }) {
  const { value, problem, busy } = useKept(user, `cases ${model}`, () => get(query('/v1/cases', { model })));
  if (problem && !value) return html`<p class="error" role="alert">▲ ${problem.message}</p>`;
  if (!value) return html`<p class="quiet">${busy ? t('loading') : ''}</p>`;
  if (!value.length) return html`<p class="quiet">${t('jobs.cases_none')}</p>`;
  return value.map((one) => html`<h3>${one.symptom || t('jobs.no_symptom')}</h3>
    <${Remedies} list=${one.remedies || []} />`);
}

const STEPS = ['contact', 'check_in', 'complete', 'result'];

function Steps({ job }) {
  const done = { contact: job.called, check_in: job.onSite, complete: job.done, result: job.filed };
  const next = nextOf(job);
  return html`<ol class="steps">${STEPS.map((name) => html`<li class=${done[name] ? 'done' : name === next ? 'now' : ''}
    aria-current=${name === next ? 'step' : undefined}>${done[name] ? '✓ ' : ''}${t(`jobs.step.${name}`)}</li>`)}</ol>`;
}

// The next step's button appears where the last one's was: the second of two taps is not meant for it.
function useSettled(step) {
  const [settled, setSettled] = useState(step);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(step), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [step]);
  return settled === step;
}

// Buttons of the next step, and under them what may be needed at any time.
function Actions({ job, open, did, position, now_ms }) {
  const next = nextOf(job);
  const settled = useSettled(next);
  const here = (more) => did('check_in', { ...position.current, ...more });
  const early = job.appointment && now_ms < job.appointment.from_ms - VISIT_EARLY_MS;
  const main = {
    accept: html`<button type="button" onClick=${() => open('reject')}>${t('act.reject')}</button>
      <button type="button" class="primary" onClick=${() => did('accept')}>${t('act.accept')}</button>`,
    contact: html`<button type="button" onClick=${() => did('contact_customer', { failed: true })}>${t('jobs.not_reached')}</button>
      <button type="button" class="primary" onClick=${() => did('contact_customer')}>${t('jobs.reached')}</button>`,
    check_in: html`<button type="button" onClick=${() => here({ customer_absent: true })}>${t('jobs.absent')}</button>
      <button type="button" class="primary" onClick=${() => here(early ? { customer_present: true } : {})}>${
        t(early ? 'jobs.arrived_early' : 'jobs.arrived')}</button>`,
    complete: html`<button type="button" onClick=${() => open('delay')}>${t('act.report_delay')}</button>
      <button type="button" class="primary" onClick=${() => did('complete')}>${t('jobs.completed')}</button>`,
    result: html`<button type="button" class="primary" onClick=${() => open('result')}>${t('act.file_result')}</button>`,
    resume: html`<button type="button" class="primary" onClick=${() => did('resume')}>${t('act.resume')}</button>`,
  }[next];
  const more = job.phase !== 'HELD' || job.filed ? [] : [
    ['appointment', t(job.appointment ? 'act.move_appointment' : 'act.book_appointment')],
    ...(next === 'complete' ? [] : [['delay', t('act.report_delay')]]),
    ...(['contact', 'accept'].includes(next) ? [] : [['contact', t('act.contact_customer')]]),
    ...(['check_in', 'resume'].includes(next) && job.called ? [['complete', t('act.complete')]] : []),
    ...(next === 'resume' ? [['check_in', t('act.check_in')]] : []),
  ];
  const tap = { complete: () => did('complete'), contact: () => did('contact_customer'), check_in: () => here() };
  return html`${more.length > 0 && html`<div class="more">${more.map(([name, text]) => html`
      <button type="button" onClick=${tap[name] || (() => open(name))}>${text}</button>`)}</div>`}
    ${main && html`<fieldset class="act-bar" disabled=${!settled}>${main}</fieldset>`}`;
}

export function Job({ job, session, now_ms, zone }) {
  const [form, setForm] = useState('');
  const position = usePosition(['check_in', 'resume'].includes(nextOf(job)));
  const { value: order, at_ms, problem } = useKept(session.user, `order ${job.ticket}`,
    () => get(`/v1/tickets/${job.ticket}/order`), job.row);
  const done = async (name, said) => { if (await record(job, name, said)) setForm(''); };
  const Form = FORMS[form];
  return html`<div class="job"><header class="job-head"><a class="back" href="/jobs">‹ ${t('jobs.tab.jobs')}</a>
      <span class="grow"></span><h1 class="num">${job.ticket}</h1><${Tags} job=${job} /></header>
    ${job.phase === 'HELD' && html`<${Steps} job=${job} />`}
    <div class="job-clocks">${clocksOf(job).map((clock) => html`<${ClockBar} key=${`${clock.clock}${clock.n}`}
      clock=${clock} now_ms=${now_ms} />`)}</div>
    ${job.phase === 'OFFERED' && html`<p class="quiet">${t('jobs.accept_until', { time: shortTime(job.accept_due_ms, zone) })}</p>`}
    <${Customer} job=${job} order=${order} zone=${zone} />
    ${problem && html`<p class="quiet">${order ? t('jobs.as_of', { time: shortTime(at_ms, zone) }) : problem.message}</p>`}
    <${Product} job=${job} order=${order} />
    <${Earlier} job=${job} user=${session.user} />
    <p class="quiet">${t('fact.reported')} ${fullTime(Number(job.head.reported_at_ms), zone)} · <a
      href="/jobs?job=${job.ticket}&ticket=${job.ticket}">${t('jobs.story')}</a></p>
    <${Actions} job=${job} open=${setForm} did=${done} position=${position} now_ms=${now_ms} />
    ${Form && html`<${Form} job=${job} order=${order} zone=${zone} now_ms=${now_ms} did=${done}
      onClose=${() => setForm('')} />`}</div>`;
}

