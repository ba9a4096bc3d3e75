// One entry or proposal: how much, by which clause, decided by what; and everything that happened.
import { get, query } from './api.js';
import { nameOf } from './directory.js';
import { lang, t } from './i18n.js';
import { Act, clauseLink, inWords, instant, Money, monthText, personLink, Read, ticketLink } from './manager_parts.js';
import { ruleOf, useRulebook } from './manager_book.js';
import { go } from './place.js';
import { Dialog, html, useRead, useState } from './ui.js';

async function find(key) {
  const [entries, proposals] = await Promise.all([get('/v1/ledger'), get('/v1/proposals?all=1')]);
  const proposal = proposals.find((one) => one.key === key);
  return { entry: entries.find((one) => one.key === key) || proposal?.entry, proposal,
    posted: entries.some((one) => one.key === key), reversal: entries.find((one) => one.reverses === key) };
}

async function readStory(key) {
  const reply = await fetch(query('/v1/ledger/story', { key, format: 'text', lang: lang() }));
  if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).detail || t('problem.status', { status: reply.status }));
  return linesOf(await reply.text());
}

// Names for accounts, except in keys.
const named = (said) => said.replace(/(^|[^/\w])((?:person|outlet):[\w~.-]+)(?!\/)/g, (all, before, account) => before + nameOf(account));

// The command line's own words: a line begins with its time, what is indented explains it.
function linesOf(text) {
  const lines = [];
  for (const line of text.split('\n').slice(1)) {
    const [, at, said] = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d+)?\s+(.*)$/.exec(line) || [];
    if (at) lines.push({ at, said, why: [] });
    else if (line.trim() && lines.length) lines.at(-1).why.push(line.trim());
  }
  return lines;
}

function Story({ id }) {
  const read = useRead(() => readStory(id), id + lang());
  return html`<h3>${t('manager.what_happened')}</h3><${Read} read=${read}>${(lines) => html`<ol class="story">${lines.map((line) =>
    html`<li class=${line.said.includes(id) ? 'about' : ''}><span class="num when">${line.at}</span><span>${named(line.said)}${
      line.why.map((why) => html`<small>${why}</small>`)}</span></li>`)}</ol>`}</${Read}>`;
}

function Facts({ entry, rules, proposal, reversal }) {
  const rule = ruleOf(rules, entry.clause);
  const facts = [
    ['manager.person', personLink(entry.account)],
    ['manager.clause', html`${clauseLink(entry.clause)} ${inWords(rule, 'text')}`],
    ['manager.how_decided', inWords(rule, 'decided')],
    ['manager.why', html`${inWords(entry, 'why')}${entry.note ? ` · ${entry.note}` : ''}`],
    ['manager.about', entry.ticket ? html`${ticketLink(entry.ticket)} · <a
      href="/v1/tickets/${entry.ticket}/page?lang=${lang()}" target="_blank">${t('manager.ticket_page')}</a>` : entry.cause],
    ['manager.due', instant(entry.due_at_ms)], ['manager.actual', instant(entry.actual_at_ms)],
    ['manager.owner', nameOf(entry.owner)],
    ['manager.booked_in', html`<span class="num">${monthText(entry.month)}</span>${
      entry.relates_to ? ` · ${t('manager.relates_to', { month: monthText(entry.relates_to) })}` : ''}`],
    ['manager.confirmed_by', nameOf(entry.confirmed_by)],
    ['manager.rules_version', html`<a class="num" href="/manager?view=rules">${entry.rulebook}</a>`],
    ['manager.reversed', reversal && html`${inWords(reversal, 'why')} ${reversal.note || ''}`],
    ['manager.proposal', proposal && t(`manager.state.${proposal.state}`)],
  ];
  return html`<dl class="facts">${facts.filter(([, value]) => value).map(([name, value]) => html`<dt>${t(name)}</dt><dd>${value}</dd>`)}</dl>`;
}

function Acts({ found, id, rules, onDone }) {
  const [form, setForm] = useState('');
  const rule = ruleOf(rules, found.entry.clause);
  const can = found.posted && !found.entry.reverses && !found.reversal;
  if (!can) return '';
  const close = () => setForm('');
  return html`<p class="acts no-print"><button type="button" class="danger" onClick=${() => setForm('reverse')}>${t('manager.reverse')}</button>
    ${rule.instalments > 0 && html`<button type="button" onClick=${() => setForm('instalments')}>${t('manager.instalments')}</button>`}
    <button type="button" onClick=${() => print()}>${t('manager.print')}</button></p>
    ${form === 'reverse' && html`<${Act} title=${t('manager.reverse')} danger onClose=${close} onDone=${onDone}
      fields=${[{ name: 'reason', label: t('manager.reason'), need: true, rows: 2, hint: t('manager.reverse_hint') }]}
      make=${({ reason }) => ({ reverse_entry: { entry: id, reason: reason.trim() } })} />`}
    ${form === 'instalments' && html`<${Act} title=${t('manager.instalments')} onClose=${close} onDone=${onDone}
      fields=${[{ name: 'months', label: t('manager.months'), need: true, inputmode: 'numeric', hint: t('manager.instalments_hint'),
        check: (text) => /^\d+$/.test(text) && Number(text) >= 2 && Number(text) <= rule.instalments, expected: `2 – ${rule.instalments}` }]}
      make=${({ months }) => ({ set_instalments: { entry: id, months: Number(months) } })} />`}`;
}

export function Entry({ id, close }) {
  const read = useRead(() => find(id), id);
  const { rules } = useRulebook();
  return html`<${Dialog} title=${t('manager.entry')} wide onClose=${() => go(close)}>
    <${Read} read=${read}>${(found) => (found.entry ? html`
      <p class="entry-head"><${Money} fen=${found.entry.amount_fen} strong /> <span class="quiet num">${id}</span></p>
      <${Facts} ...${found} rules=${rules} /><${Acts} found=${found} id=${id} rules=${rules} onDone=${read.again} />
      <${Story} id=${id} />` : html`<p>${t('manager.no_entry')}</p>`)}</${Read}></${Dialog}>`;
}
