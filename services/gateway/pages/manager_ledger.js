// The ledger: who pays or gets what in a month, and each entry behind the sums.
import { get, query } from './api.js';
import { nameOf } from './directory.js';
import { t } from './i18n.js';
import { asked, Choice, choose, clauseLink, Downloads, entryLink, inWords, Money, monthText, Read, ticketLink, instant }
  from './manager_parts.js';
import { ruleOf, useRulebook } from './manager_book.js';
import { params, withParams } from './place.js';
import { html, Table, useRead } from './ui.js';

// Sums by account, the most expensive first.
function sumsOf(entries) {
  const sums = new Map();
  for (const entry of entries) {
    const sum = sums.get(entry.account) || { account: entry.account, n: 0, fines: 0, rewards: 0, reversed: 0, all: 0 };
    const fen = Number(entry.amount_fen);
    sum.n++;
    sum[entry.reverses ? 'reversed' : fen < 0 ? 'fines' : 'rewards'] += fen;
    sum.all += fen;
    sums.set(entry.account, sum);
  }
  return [...sums.values()].sort((a, b) => a.all - b.all || (a.account < b.account ? -1 : 1));
}

const total = (sums) => sums.reduce((all, one) => ({ ...all, n: all.n + one.n, fines: all.fines + one.fines,
  rewards: all.rewards + one.rewards, reversed: all.reversed + one.reversed, all: all.all + one.all }),
{ account: '', n: 0, fines: 0, rewards: 0, reversed: 0, all: 0 });

const money = (key, name) => ({ name, num: true, show: (sum) => (sum[key] ? html`<${Money} fen=${sum[key]} />` : html`<span class="quiet">–</span>`) });

function Sums({ entries }) {
  const sums = sumsOf(entries);
  return html`<${Table} caption=${t('manager.by_person')} lines=${sums.length > 1 ? [...sums, total(sums)] : sums} columns=${[
    { name: t('manager.person'), show: (sum) => (sum.account ? html`<a href=${withParams({ person: sum.account })}>${nameOf(sum.account)}</a>`
      : html`<b>${t('manager.all')}</b>`) },
    { name: t('manager.entries'), num: true, show: (sum) => (sum.account ? html`<a href=${withParams({ person: sum.account })}>${sum.n}</a>` : html`<b>${sum.n}</b>`) },
    money('fines', t('manager.fines')), money('rewards', t('manager.rewards')), money('reversed', t('manager.reversals')),
    { name: t('manager.sum'), num: true, show: (sum) => html`<${Money} fen=${sum.all} strong />` },
  ]} />`;
}

function Entries({ entries, rules, title }) {
  const gone = new Set(entries.map((one) => one.reverses).filter(Boolean));
  return html`<${Table} caption=${title} lines=${entries} empty=${t('manager.no_entries')} columns=${[
    { name: t('manager.due'), show: (entry) => html`<span class="num nowrap">${instant(entry.due_at_ms ?? entry.actual_at_ms)}</span>` },
    { name: t('manager.person'), show: (entry) => html`<span class="nowrap">${nameOf(entry.account)}</span>` },
    { name: t('manager.clause'), show: (entry) => html`${clauseLink(entry.clause)} <small>${inWords(ruleOf(rules, entry.clause), 'text')}</small>` },
    { name: t('manager.money'), num: true, show: (entry) => entryLink(entry.key, html`<${Money} fen=${entry.amount_fen} />`) },
    { name: t('manager.about'), show: (entry) => ticketLink(entry.ticket) || html`<small>${entry.cause}</small>` },
    { name: t('manager.why'), show: (entry) => html`${inWords(entry, 'why')}${entry.note ? html`<br /><small>${entry.note}</small>` : ''}
      ${gone.has(entry.key) ? html` <em class="tag">${t('manager.reversed')}</em>` : ''}${entry.relates_to
      ? html` <em class="tag">${t('manager.relates_to', { month: monthText(entry.relates_to) })}</em>` : ''}` },
    { name: html`<span class="hidden">${t('manager.acts')}</span>`, show: (entry) => entryLink(entry.key, t('manager.story')) },
  ]} />`;
}

const ORDER = (a, b) => Number(a.due_at_ms ?? a.actual_at_ms) - Number(b.due_at_ms ?? b.actual_at_ms) || (a.key < b.key ? -1 : 1);

export function Ledger() {
  const month = asked('month');
  const [person, clause] = [asked('person'), asked('clause')];
  const read = useRead(() => get(query('/v1/ledger', { month })), month);
  const { rules } = useRulebook();
  return html`<${Read} read=${read}>${(all) => {
    const entries = all.filter((one) => (!person || one.account === person) && (!clause || one.clause === clause)).sort(ORDER);
    const people = [...new Set(all.map((one) => one.account))].map((one) => [one, nameOf(one)]).sort((a, b) => (a[1] < b[1] ? -1 : 1));
    const clauses = [...new Set(all.map((one) => one.clause))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    return html`<div class="filters"><label class="choice"><span>${t('manager.month')}</span><input type="month" value=${month}
        onChange=${(e) => choose({ month: e.target.value })} /></label>
      <${Choice} name="person" label=${t('manager.person')} options=${people} />
      <${Choice} name="clause" label=${t('manager.clause')} options=${clauses.map((one) => [one, `${one} ${inWords(ruleOf(rules, one), 'text')}`])} />
      ${(params().get('person') || clause || month) && html`<a class="button" href=${withParams({ person: '', clause: '', month: '' })}>${t('filter.clear')}</a>`}
      <span class="grow"></span><${Downloads} path="/v1/ledger" values=${{ month, person }} formats=${['csv']} /></div>
    <h2>${t('manager.by_person')}${month ? ` · ${month}` : ''}</h2><${Sums} entries=${entries} />
    <h2>${t('manager.entries')} <span class="count num">${entries.length}</span></h2>
    <${Entries} entries=${entries} rules=${rules} title=${t('manager.entries')} />`;
  }}</${Read}>`;
}
