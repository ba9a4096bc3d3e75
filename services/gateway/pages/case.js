// One ticket on the desk: what can be done with it, whom to send, and its story.
import { act } from './act.js';
import { Act, ACTS, said } from './acts.js';
import { get } from './api.js';
import { nameOf } from './directory.js';
import { lang, t, word } from './i18n.js';
import { holderOf } from './lines.js';
import { rows } from './live.js';
import { Ticket } from './ticket.js';
import { complain, html, useRead, useState } from './ui.js';

const ASKABLE = new Set(['CLERK', 'OFFERED', 'HELD']);

function Candidate({ one, first, holder, busy, onAssign }) {
  const reasons = (lang() === 'zh' ? one.reasons_zh : one.reasons) || [];
  return html`<li class="candidate ${one.fits ? '' : 'unfit'}"><span class="rank num">${one.rank ?? '–'}</span>
    <span><b>${nameOf(one.account) || one.name}</b> <small>${one.account}</small><br /><span class="reasons">${reasons.join(lang() === 'zh' ? '；' : '; ')}</span></span>
    <button type="button" class=${first ? 'primary' : ''} disabled=${busy || one.account === holder} onClick=${() => onAssign(one)}>${
  t(one.account === holder ? 'dispatch.has_it' : 'dispatch.assign')}<span class="hidden"> ${one.name}</span></button></li>`;
}

function Dispatch({ id, row }) {
  const { value, problem, again, busy: reading } = useRead(() => get(`/v1/tickets/${encodeURIComponent(id)}/candidates`), row);
  const [busy, setBusy] = useState(false);
  const [all, setAll] = useState(false);
  const list = value?.candidates || [];
  const holder = holderOf(row);
  const shown = all ? list : list.filter((one) => one.fits || one.account === holder);
  const assign = async (one) => {
    setBusy(true);
    try {
      said(await act(`assign.${id}.${one.account}`, { ticket: id, assign: { account: one.account } }), id,
        t('dispatch.done', { ticket: id, name: nameOf(one.account) }));
    } catch (wrong) { complain(wrong); }
    setBusy(false);
    again();
  };
  return html`<section class="dispatch" aria-label=${t('dispatch.title')}><h2>${t(row.dispatch.phase === 'CLERK' ? 'dispatch.title' : 'dispatch.again')}
      <small>${word('dispatch', row.dispatch.phase)}${holder ? ` · ${nameOf(holder)}` : ''}</small></h2>
    ${problem && html`<p class="error">▲ ${problem.message}</p>`}${!value && reading && html`<p class="quiet">${t('loading')}</p>`}
    <ol class="candidates">${shown.map((one) => html`<${Candidate} key=${one.account} one=${one} busy=${busy} holder=${holder}
      first=${one.rank === 1 && row.dispatch.phase === 'CLERK'} onAssign=${assign} />`)}</ol>
    ${value && !shown.length && html`<p class="quiet">${t('dispatch.nobody')}</p>`}
    ${list.length > shown.length && html`<button type="button" onClick=${() => setAll(true)}>${t('dispatch.others', { n: list.length - shown.length })}</button>`}</section>`;
}

export function Case({ id, now_ms }) {
  const row = rows.get(id);
  const [doing, setDoing] = useState(null);
  const offered = ACTS.filter((one) => one.when(row));
  const button = (one) => html`<button type="button" key=${one.word} class=${one.danger ? 'danger' : one.first ? 'primary' : ''}
    onClick=${() => setDoing(one)}>${t(one.word === 'set_urgency' && row?.head?.urgent ? 'deed.set_calmer' : `deed.${one.word}`)}</button>`;
  return html`<div class="desk-two case"><section class="story-side"><${Ticket} key=${id} id=${id} now_ms=${now_ms} /></section>
    <aside class="context" aria-label=${t('desk.acts')}><h2>${t('desk.acts')}</h2><div class="acts">${
  [...offered.filter((one) => one.first), ...offered.filter((one) => !one.first)].map(button)}
      <a class="button" href=${`/order/${encodeURIComponent(id)}`} target="_blank" rel="noopener">${t('desk.print')}</a></div>
    ${row && ASKABLE.has(row.dispatch?.phase) && html`<${Dispatch} id=${id} row=${row} />`}</aside>
    ${doing && html`<${Act} ticket=${id} row=${row} one=${doing} now_ms=${now_ms} onDone=${() => setDoing(null)} />`}</div>`;
}
