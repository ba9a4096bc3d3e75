// What is on its way, what was refused and why, and what has arrived.
import { Problem } from './api.js';
import { zoneOf } from './directory.js';
import { t, word } from './i18n.js';
import { acts, correct, discard, sendAll } from './outbox.js';
import { shortTime, yuan } from './time.js';
import { complain, Dialog, Field, html, useState } from './ui.js';

// What was said, in the words of the form.
function saidOf(act) {
  const { said } = act;
  return [said.date, said.reason && (word('delay_reason', said.reason)), said.entry, said.cause, said.remedy, said.note,
    said.labour_fen !== undefined && `${t('jobs.fact.labour')} ${yuan(said.labour_fen)}`,
    said.failed && t('jobs.not_reached'), said.customer_absent && t('jobs.absent')].filter(Boolean).join(' · ');
}

const OUTCOMES = { NO_EFFECT: '◆', REFUSED: '▲' };

function Outcome({ act }) {
  const told = act.outcome?.outcome?.outcome;
  if (!OUTCOMES[told]) return null;
  return html`<p class="error"><span aria-hidden="true">${OUTCOMES[told]} </span>${t(`outcome.${told}`)} ${
    act.outcome.reason ? word('reason', act.outcome.reason) : ''}</p>`;
}

// Free text can be mended here; anything else is done again on its own page.
function Correct({ act, onClose }) {
  const texts = Object.keys(act.said).filter((name) => typeof act.said[name] === 'string' &&
    !(act.word === 'report_delay' && name === 'reason') && name !== 'wish' && name !== 'entry');
  const wrong = new Problem(act.problem.status, act.problem.body).fields;
  const save = (e) => {
    e.preventDefault();
    const said = { ...act.said };
    for (const [name, value] of new FormData(e.target)) said[name] = value.trim() || undefined;
    correct(act, said).then(onClose, complain);
  };
  return html`<${Dialog} title=${t('jobs.correct')} onClose=${onClose}><form class="phone-form" onSubmit=${save}>
    ${texts.length ? texts.map((name) => html`<${Field} label=${t(`jobs.fact.${name}`)} name=${name} value=${act.said[name]}
      error=${wrong[`${act.word}.${name}`]} rows="2" />`) : html`<p>${t('jobs.correct_none')}</p>`}
    <button type="submit" class="primary">${t('jobs.send_again')}</button></form></${Dialog}>`;
}

function Act({ act, zone, onCorrect }) {
  const shape = { waiting: '↥', sent: '✓', refused: '▲' }[act.state];
  const problem = act.problem && new Problem(act.problem.status, act.problem.body);
  return html`<li class="act ${act.state}"><p class="split"><span><span class="shape" aria-hidden="true">${shape}</span> <b>${
      t(`act.${act.word}`)}</b> ${act.key && html`<a class="num" href="/jobs?job=${act.key}">${act.key}</a>`}</span>
    <span class="num">${shortTime(act.occurred_at_ms, zone)}</span></p>
    <p class="quiet">${saidOf(act)}</p>
    <p class="hidden">${t(`jobs.act.${act.state}`)}</p>
    ${problem && html`<p class="error" role="alert">${problem.message}</p>`}
    <${Outcome} act=${act} />
    ${act.state === 'refused' && html`<div class="pair"><button type="button" class="danger"
        onClick=${() => discard(act).catch(complain)}>${t('jobs.discard')}</button>
      <button type="button" onClick=${() => onCorrect(act)}>${t('jobs.correct')}</button></div>`}</li>`;
}

export function Outbox({ list }) {
  const [correcting, setCorrecting] = useState(null);
  const zones = new Map(list.map((row) => [row.ticket, zoneOf(row.head?.territory)]));
  const show = (some) => html`<ul class="acts">${some.map((act) => html`<${Act} key=${act.n} act=${act}
    zone=${zones.get(act.key)} onCorrect=${setCorrecting} />`)}</ul>`;
  const unsent = acts.filter((act) => act.state !== 'sent');
  const sent = acts.filter((act) => act.state === 'sent').reverse();
  return html`<h1 class="view-title">${t('jobs.tab.outbox')}</h1>
    <section class="sheet"><h2>${t('jobs.on_its_way')}</h2>${unsent.length ? html`${show(unsent)}
      <button type="button" class="wide" onClick=${() => sendAll()}>${t('jobs.send_now')}</button>`
      : html`<p class="quiet">✓ ${t('jobs.all_sent')}</p>`}
      <p class="hint">${t('jobs.outbox_hint')}</p></section>
    ${sent.length > 0 && html`<section class="sheet"><h2>${t('jobs.sent')}</h2>${show(sent)}</section>`}
    ${correcting && html`<${Correct} act=${correcting} onClose=${() => setCorrecting(null)} />`}`;
}
