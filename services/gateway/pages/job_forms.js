// What is asked for before something is reported: why a job is refused or has to wait, another time,
// the result.
import { t, word } from './i18n.js';
import { zoneOffset, localInput } from './jobs_day.js';
import { yuan } from './time.js';
import { Dialog, Field, html, useEffect, useState } from './ui.js';

const REASONS = ['PARTS', 'CUSTOMER', 'MAJOR_REPAIR'];
const REFUSALS = ['far', 'busy', 'skill', 'ill'];
const HOURS = [1, 2, 3, 4];
const HOUR_MS = 3600000;
const FEN_MAX = 100000000;

// values of a form; fields that were left empty are left out
const valuesOf = (form) => Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()])
  .filter(([, value]) => value));

function Form({ title, onClose, onValues, label, children }) {
  const submit = (e) => {
    e.preventDefault();
    onValues(valuesOf(e.target));
  };
  return html`<${Dialog} title=${title} onClose=${onClose}><form class="phone-form" onSubmit=${submit}>${children}
    <button type="submit" class="primary">${label}</button></form></${Dialog}>`;
}

function Choice({ legend, name, options, chosen, onChoose }) {
  return html`<fieldset class="choices"><legend>${legend}</legend>${options.map(([value, text]) => html`
    <label><input type="radio" name=${name} value=${value} required checked=${chosen === value}
      onChange=${() => onChoose?.(value)} /><span>${text}</span></label>`)}</fieldset>`;
}

function Reject({ did, onClose }) {
  const [why, setWhy] = useState('');
  return html`<${Form} title=${t('act.reject')} label=${t('act.reject')} onClose=${onClose}
      onValues=${(said) => did('reject', { reason: said.text || t(`jobs.refusal.${said.why}`) })}>
    <${Choice} legend=${t('jobs.why')} name="why" chosen=${why} onChoose=${setWhy}
      options=${[...REFUSALS, 'other'].map((one) => [one, t(`jobs.refusal.${one}`)])} />
    ${why === 'other' && html`<${Field} label=${t('jobs.why_text')} name="text" required maxlength="200" />`}
    </${Form}>`;
}

function Delay({ did, onClose }) {
  const [why, setWhy] = useState('');
  return html`<${Form} title=${t('act.report_delay')} label=${t('jobs.report')} onClose=${onClose}
      onValues=${({ reason, note }) => did('report_delay', { reason, note })}>
    <${Choice} legend=${t('jobs.why')} name="reason" chosen=${why} onChoose=${setWhy}
      options=${REASONS.map((one) => [one, word('delay_reason', one)])} />
    <${Field} label=${t(why === 'PARTS' ? 'jobs.which_part' : 'fact.note')} name="note" maxlength="500"
      required=${why === 'PARTS'} />
    <p class="hint">${t('jobs.delay_hint')}</p></${Form}>`;
}

function Appointment({ job, zone, now_ms, did, onClose }) {
  const [wrong, setWrong] = useState('');
  const from_ms = job.appointment?.from_ms || Math.ceil(now_ms / HOUR_MS) * HOUR_MS;
  const long = job.appointment ? Math.round((job.appointment.to_ms - from_ms) / HOUR_MS) : 2;
  const save = ({ at, hours, wish }) => {
    const begins_ms = Date.parse(`${at}:00Z`) - zoneOffset(Date.parse(`${at}:00Z`), zone);
    if (!(begins_ms > now_ms - HOUR_MS)) { setWrong(t('jobs.time_past')); return; }
    did(job.appointment ? 'move_appointment' : 'book_appointment',
      { from_ms: begins_ms, to_ms: begins_ms + Number(hours) * HOUR_MS, wish });
  };
  return html`<${Form} label=${t('jobs.report')} onClose=${onClose} onValues=${save}
      title=${t(job.appointment ? 'act.move_appointment' : 'act.book_appointment')}>
    <${Field} label=${t('jobs.begins')} name="at" type="datetime-local" required error=${wrong}
      value=${localInput(from_ms, zone)} />
    <${Field} label=${t('jobs.window')} name="hours" value=${String(HOURS.includes(long) ? long : 2)}
      options=${HOURS.map((n) => [String(n), t('jobs.hours', { n })])} />
    <${Choice} legend=${t('jobs.wish')} name="wish"
      options=${['CUSTOMER', 'COMPANY'].map((one) => [one, t(`wish.${one}`)])} /></${Form}>`;
}

// "12.5" -> 1250; NaN when it is no amount.
export function fenOf(text) {
  const digits = /^(\d{1,6})(?:[.,](\d{1,2}))?$/.exec((text || '').trim());
  return digits ? Number(digits[1]) * 100 + Number((digits[2] || '').padEnd(2, '0')) : NaN;
}

const MONEY = ['labour', 'parts', 'tariff'];
const draftKey = (job) => `doorstep.result.${job.ticket}`;

function draftOf(job) {
  try {
    return JSON.parse(localStorage.getItem(draftKey(job))) || {};
  } catch {
    return {};
  }
}

// Everything that the message has no field of its own for stands in its note, each with its name.
function noteOf(said) {
  return ['serial', 'symptom', 'used', 'note'].filter((name) => said[name])
    .map((name) => (name === 'note' ? said[name] : `${t(`jobs.fact.${name}`)}: ${said[name]}`)).join('; ');
}

function Result({ job, order, did, onClose }) {
  const [draft, setDraft] = useState(() => draftOf(job));
  const [errors, setErrors] = useState({});
  const known = job.row.dispatch?.remedies || [];
  useEffect(() => { localStorage.setItem(draftKey(job), JSON.stringify(draft)); }, [draft]);
  const field = (name, more = {}) => html`<${Field} label=${t(`jobs.fact.${name}`)} name=${name} maxlength="500"
    value=${draft[name] ?? more.first ?? ''} error=${errors[name]}
    onInput=${(e) => setDraft({ ...draft, [name]: e.target.value })} ...${more} />`;
  const money = (name) => field(name, { inputmode: 'decimal', placeholder: '0.00', hint: t('jobs.yuan') });
  const save = async (said) => {
    const wrong = {};
    const fen = {};
    for (const name of MONEY) {
      if (said[name] === undefined) continue;
      fen[`${name}_fen`] = fenOf(said[name]);
      if (!(fen[`${name}_fen`] <= FEN_MAX)) wrong[name] = t('jobs.amount');
    }
    setErrors(wrong);
    if (Object.keys(wrong).length) return;
    await did('file_result', { fixed: said.fixed === 'yes', cause: said.cause, remedy: said.remedy, ...fen,
      note: noteOf(said) || undefined });
    localStorage.removeItem(draftKey(job));
  };
  const total = MONEY.slice(0, 2).reduce((sum, name) => sum + (fenOf(draft[name]) || 0), 0);
  return html`<${Form} title=${`${t('act.file_result')} ${job.ticket}`} label=${t('jobs.file')} onClose=${onClose} onValues=${save}>
    <${Choice} legend=${t('jobs.fixed')} name="fixed" chosen=${draft.fixed} onChoose=${(fixed) => setDraft({ ...draft, fixed })}
      options=${[['yes', t('jobs.fixed.yes')], ['no', t('jobs.fixed.no')]]} />
    ${known.length > 0 && html`<div class="chips" role="group" aria-label=${t('jobs.earlier')}>${known.map((one) => html`
      <button type="button" onClick=${() => setDraft({ ...draft, cause: one.cause, remedy: one.remedy })}>${one.remedy}</button>`)}</div>`}
    ${field('symptom', { first: order?.symptom || job.head.symptom })}
    ${field('cause')}${field('remedy')}${field('used')}
    ${field('serial', { first: order?.product?.serial || job.head.serial, autocapitalize: 'characters', spellcheck: false })}
    <div class="pair">${money('labour')}${money('parts')}</div>
    <p class="sum">${t('jobs.total')} <b class="num">${yuan(total)}</b></p>
    ${money('tariff')}
    ${field('note', { rows: 2 })}</${Form}>`;
}

export const FORMS = { reject: Reject, delay: Delay, appointment: Appointment, result: Result };
