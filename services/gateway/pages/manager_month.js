// The month's end: what still stands against closing it, everybody's statement, the satisfaction sheet.
import { get, query } from './api.js';
import { nameOf, territoryName } from './directory.js';
import { lang, t, word } from './i18n.js';
import { Act, asked, Choice, clauseLink, Downloads, entryLink, Money, month, MonthChoice, monthNumber, monthText, PaperTable, Read }
  from './manager_parts.js';
import { fullTime, now } from './time.js';
import { html, Table, useRead, useState } from './ui.js';

const inTerritory = (directory, account, territory) => [...directory.people, ...directory.outlets].some((one) =>
  one.territory === territory && (one.account === account || `person:${one.id}` === account || `outlet:${one.id}` === account));

async function readSheet(territory, of) {
  try {
    const events = await get(query('/v1/sheet', { territory, month: monthNumber(of) }));
    return { drawn: events.length > 0, handed_in: events.some((one) => /sheet_handed_in$/.test(one.type)) };
  } catch (problem) {
    if (problem.status === 404) return { drawn: false };
    throw problem;
  }
}

async function readStanding(of) {
  const [months, proposals, appeals, obligations] = await Promise.all(
    ['months', 'proposals', 'appeals', 'obligations'].map((one) => get(`/v1/${one}`)));
  const sheets = await Promise.all(months.map((one) => readSheet(one.territory, one.next || of)));
  return { months: months.map((one, i) => ({ ...one, sheet: sheets[i] })), proposals, appeals, obligations };
}

// One thing that stands against it, or does not. Only time forbids; the rest is said so that nobody forgets.
const Point = ({ good, text, href }) => html`<li class=${good ? 'good' : 'open'}><span aria-hidden="true">${good ? '✓' : '▲'}</span> ${
  href && !good ? html`<a href=${href}>${text}</a>` : text}</li>`;

function Standing({ one, all, directory, onClose }) {
  const before_ms = Number(one.not_before_ms);
  const ripe = now() >= before_ms;
  const here = (list) => list.filter((item) => inTerritory(directory, item.account, one.territory)).length;
  const left = { proposals: here(all.proposals), appeals: here(all.appeals), obligations: here(all.obligations) };
  return html`<section class="card"><h3>${territoryName(one.territory)}</h3>
    <p>${one.closed ? t('manager.closed_up_to', { month: one.closed }) : t('manager.none_closed')}</p>
    ${one.next && html`<p><b>${t('manager.next_month', { month: one.next })}</b></p><ul class="points">
      <${Point} good=${ripe} text=${ripe ? t('manager.ripe') : t('manager.not_before', { at: fullTime(before_ms) })} />
      ${['proposals', 'appeals', 'obligations'].map((name) => html`<${Point} good=${!left[name]} href="/manager?view=decide"
        text=${t(`manager.open_${name}`, { n: left[name] })} />`)}
      <${Point} good=${one.sheet.handed_in} href="/manager?view=sheet&month=${one.next}"
        text=${t(one.sheet.handed_in ? 'manager.sheet_in' : one.sheet.drawn ? 'manager.sheet_out' : 'manager.sheet_none')} /></ul>
      <p class="acts no-print"><button type="button" class="primary" disabled=${!ripe}
        onClick=${() => onClose(one)}>${t('manager.close_month', { month: one.next })}</button></p>`}
  </section>`;
}

export function Month({ directory }) {
  const of = month();
  const standing = useRead(() => readStanding(of), of);
  const paper = useRead(() => get(query('/v1/reports/monthly', { month: of, lang: lang() })), of + lang());
  const [closing, setClosing] = useState(null);
  const row = (name) => (line) => query('/manager', { view: name, month: of, [name === 'ledger' ? 'person' : 'account']: line.account });
  return html`<h2>${t('manager.close')}</h2><${Read} read=${standing}>${(all) => html`<div class="cards">${all.months.map((one) =>
      html`<${Standing} one=${one} all=${all} directory=${directory} onClose=${setClosing} />`)}</div>`}</${Read}>
    <div class="filters"><${MonthChoice} /><a class="button" href="/manager?view=sheet&month=${of}">${t('manager.sheet')}</a><span class="grow"></span>
      <${Downloads} path="/v1/reports/monthly" values=${{ month: of }} /></div>
    <${Read} read=${paper}>${(value) => html`<${PaperTable} table=${value.statements} of=${of} links=${{ settlement_fen: row('statement'),
      pieces_fen: row('statement'), jobs: row('statement'), carried_fen: row('statement'), fines_fen: row('ledger'), rewards_fen: row('ledger') }} />
      <p class="quiet">${t('manager.statement_hint')}</p>`}</${Read}>
    ${closing && html`<${Act} title=${t('manager.close_month', { month: closing.next })} onClose=${() => setClosing(null)}
      onDone=${() => { standing.again(); paper.again(); }} said=${t('manager.month_closed', { month: closing.next })}
      make=${() => ({ territory: closing.territory, close_month: { month: monthNumber(closing.next) } })}>
      <p>${t('manager.close_warning', { month: closing.next, territory: territoryName(closing.territory) })}</p></${Act}>`}`;
}

// --- one statement --------------------------------------------------------------------------------

const sums = ['pieces_fen', 'fines_fen', 'rewards_fen', 'carried_fen', 'settlement_fen'];

function Paper({ value, of }) {
  return html`<section class="paper statement"><h2>${t('manager.statement_of', { name: nameOf(value.account), month: of })}</h2>
    <p class="quiet">${territoryName(value.territory)} · ${t(value.closed ? 'manager.is_closed' : 'manager.is_open')}</p>
    <h3>${t('manager.jobs')}</h3><${Table} caption=${t('manager.jobs')} lines=${value.jobs} columns=${[
      { name: t('manager.job_kind'), show: (job) => word('manager.piece', job.kind) },
      { name: t('fact.product'), show: (job) => (job.category ? word('category', job.category) : '') },
      { name: t('manager.zone'), show: (job) => (job.zone ? word('manager.zone', job.zone) : '') },
      { name: t('manager.n'), num: true, show: (job) => job.jobs },
      { name: t('manager.rate'), num: true, show: (job) => (job.rate_fen ? html`<${Money} fen=${job.rate_fen} />` : t('manager.no_rate')) },
      { name: t('manager.sum'), num: true, show: (job) => html`<${Money} fen=${job.sum_fen} />` }]} />
    <h3>${t('manager.entries')}</h3><${Table} caption=${t('manager.entries')} lines=${value.entries} empty=${t('manager.no_entries')} columns=${[
      { name: t('manager.clause'), show: (one) => clauseLink(one.clause) },
      { name: t('manager.about'), show: (one) => entryLink(one.key, one.key.split('/').slice(2).join('/') || one.key) },
      { name: t('manager.relates'), show: (one) => (one.relates_to ? monthText(one.relates_to) : '') },
      { name: t('manager.money'), num: true, show: (one) => html`<${Money} fen=${one.amount_fen} />` }]} />
    ${value.instalments.length > 0 && html`<h3>${t('manager.instalments')}</h3><${Table} caption=${t('manager.instalments')} lines=${value.instalments} columns=${[
      { name: t('manager.about'), show: (one) => entryLink(one.entry, one.entry) },
      { name: t('manager.number'), num: true, show: (one) => `${one.number} / ${one.months}` },
      { name: t('manager.deducted'), num: true, show: (one) => html`<${Money} fen=${one.deducted_fen} />` },
      { name: t('manager.balance'), num: true, show: (one) => html`<${Money} fen=${one.balance_fen} />` }]} />`}
    <dl class="facts sums">${sums.map((name) => html`<dt>${t(`manager.${name}`)}</dt><dd><${Money} fen=${value[name]} strong=${name === 'settlement_fen'} /></dd>`)}</dl>
    <p class="signatures"><span>${t('manager.signed_manager')}</span><span>${t('manager.signed_person')}</span><span>${t('manager.signed_date')}</span></p></section>`;
}

export function Statement() {
  const of = month();
  const account = asked('account');
  const read = useRead(() => get(query('/v1/statements', { account, month: of })), account + of);
  return html`<div class="filters no-print"><a class="button" href="/manager?view=month&month=${of}">← ${t('manager.month')}</a><${MonthChoice} />
    <span class="grow"></span><${Downloads} path="/v1/statements" values=${{ account, month: of }} formats=${['csv']} /></div>
    ${account ? html`<${Read} read=${read}>${(value) => html`<${Paper} value=${value} of=${of} />`}</${Read}>` : html`<p>${t('manager.no_account')}</p>`}`;
}

// --- the satisfaction sheet -----------------------------------------------------------------------

export function Sheet({ directory }) {
  const of = month();
  const territory = asked('territory', directory.territories[0]?.id);
  const read = useRead(() => get(query('/v1/reports/monthly', { month: of, territory, lang: lang() })), of + territory + lang());
  const state = useRead(() => readSheet(territory, of), of + territory);
  const number = monthNumber(of);
  return html`<div class="filters"><a class="button no-print" href="/manager?view=month&month=${of}">← ${t('manager.month')}</a><${MonthChoice} />
      <${Choice} name="territory" label=${t('filter.territory')} all=${false} options=${directory.territories.map((one) => [one.id, one.name])} />
      <span class="grow"></span>${state.value?.drawn && html`<${Downloads} path="/v1/sheet" values=${{ territory, month: number }} />`}</div>
    <${Read} read=${state}>${(value) => html`<p class=${value.handed_in ? '' : 'soon-text'}>${
      t(value.handed_in ? 'manager.sheet_in' : value.drawn ? 'manager.sheet_out' : 'manager.sheet_none')}</p>`}</${Read}>
    <${Read} read=${read}>${(value) => html`<${PaperTable} table=${value.sheet} of=${of} />`}</${Read}>`;
}
