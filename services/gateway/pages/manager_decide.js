// What waits for the manager: proposals with their evidence, appeals, what is owed beside money; and
// what he reports himself.
import { get, query } from './api.js';
import { nameOf } from './directory.js';
import { t, word } from './i18n.js';
import { accountOptions, Act, asked, Choice, choose, clauseLink, entryLink, fenOf, inWords, isYuan, Money, personLink, Read,
  ticketLink, when } from './manager_parts.js';
import { ruleOf, useRulebook } from './manager_book.js';
import { now, span } from './time.js';
import { html, Table, useRead, useState } from './ui.js';

const clauseOf = (key) => key.replace(/^reversal\//, '').split('/')[0];
const ticketOf = (item) => item.entry?.ticket || /T\d{3}-\d+/.exec(item.key)?.[0] || '';
// Nobody was known: it stands before the manager, who says whom it concerns.
const isNobodys = (item, directory) => directory.people.some((one) => one.role === 'manager' && item.account === `person:${one.id}`);

// Losses and fees have no price: the manager says one.
const wantsAmount = (rule) => rule && rule.amount_fen === undefined;

function confirmFields(item, rule, directory) {
  const open = isNobodys(item, directory);
  return [
    ...(open ? [{ name: 'account', label: t('manager.who'), need: true, options: accountOptions(directory) }] : []),
    ...(wantsAmount(rule) ? [{ name: 'amount_fen', label: t('manager.amount'), inputmode: 'decimal', check: isYuan,
      expected: t('manager.amount_expected'), hint: t('manager.amount_hint') }] : []),
    ...(rule?.serious ? [{ name: 'serious', type: 'checkbox', label: t('manager.serious', { what: inWords(rule, 'serious') }) }] : []),
    { name: 'note', label: t('manager.note'), rows: 2 },
  ];
}

function Facts({ item, rule }) {
  return html`<p><b>${clauseLink(clauseOf(item.key))}</b> ${rule ? inWords(rule, 'text') : ''}</p>
    <p>${nameOf(item.account)} · <${Money} fen=${item.amount_fen} strong /> · ${inWords(item, 'why')}</p>`;
}

function Confirm({ item, rule, directory, ...more }) {
  return html`<${Act} title=${t('manager.confirm')} said=${t('manager.confirmed', { clause: clauseOf(item.key) })}
    fields=${confirmFields(item, rule, directory)} make=${({ account, amount_fen, serious, note }) => ({ confirm_proposal: {
      proposal: item.key, ...(account && { account }), ...(amount_fen && { amount_fen: fenOf(amount_fen) }),
      ...(serious && { serious: true }), ...(note.trim() && { note: note.trim() }) } })} ...${more}><${Facts} item=${item} rule=${rule} /></${Act}>`;
}

function Reject({ item, rule, directory, ...more }) {
  return html`<${Act} title=${t('manager.reject')} said=${t('manager.rejected', { clause: clauseOf(item.key) })} danger
    fields=${[{ name: 'reason', label: t('manager.reason'), need: true, rows: 2 }]}
    make=${({ reason }) => ({ reject_proposal: { proposal: item.key, reason: reason.trim() } })} ...${more}><${Facts} item=${item} rule=${rule} /></${Act}>`;
}

function Decision({ item, rule, directory, ...more }) {
  return html`<${Act} title=${t('manager.decide_appeal')} fields=${[
    { name: 'grant', label: t('manager.grant'), need: true, options: [['', t('manager.choose')], ['no', t('manager.uphold')], ['yes', t('manager.grant_it')]] },
    { name: 'reason', label: t('manager.reason'), need: true, rows: 2 }]}
    make=${({ grant, reason }) => ({ decide_appeal: { entry: item.key, grant: grant === 'yes', reason: reason.trim() } })} ...${more}>
    <${Facts} item=${item} rule=${rule} /><blockquote>${item.text}</blockquote></${Act}>`;
}

function Close({ item, rule, directory, ...more }) {
  return html`<${Act} title=${t('manager.close_obligation')} fields=${[{ name: 'note', label: t('manager.what_was_done'), need: true, rows: 2 }]}
    make=${({ note }) => ({ close_obligation: { obligation: item.key, note: note.trim() } })} ...${more}>
    <p>${nameOf(item.account)} · ${inWords(item, 'text')}</p></${Act}>`;
}

// A clause that the manager himself reports: what nobody's clock sees.
function Violation({ clauses, directory, onClose, onDone }) {
  const [clause, setClause] = useState('');
  const rule = clauses.find((one) => one.clause === clause);
  const free = clauses.filter((one) => one.how !== 'auto');
  const fields = [
    { name: 'account', label: t('manager.who'), need: true, options: accountOptions(directory) },
    { name: 'about', label: t('manager.about'), check: (text) => /^T\d{3}-\d+$/.test(text), expected: 'T007-123', hint: t('manager.about_hint') },
    ...(wantsAmount(rule) ? [{ name: 'amount_fen', label: t('manager.amount'), need: true, inputmode: 'decimal', check: isYuan,
      expected: t('manager.amount_expected'), hint: t('manager.amount_hint') }] : []),
    ...(rule?.serious ? [{ name: 'serious', type: 'checkbox', label: t('manager.serious', { what: inWords(rule, 'serious') }) }] : []),
    { name: 'note', label: t('manager.note'), need: true, rows: 2 },
  ];
  return html`<${Act} key=${clause} title=${t('manager.report')} fields=${clause ? fields : []} onClose=${onClose} onDone=${onDone}
    make=${(v) => ({ report_violation: { clause, account: v.account, ...(v.about && { about: v.about.trim() }),
      ...(v.amount_fen && { amount_fen: fenOf(v.amount_fen) }), ...(v.serious && { serious: true }), note: v.note.trim() } })}>
    <div class="field"><label for="violation-clause">${t('manager.clause')}</label><select id="violation-clause" required
      onChange=${(e) => setClause(e.target.value)}><option value="">${t('manager.choose')}</option>${free.map((one) =>
      html`<option value=${one.clause} selected=${one.clause === clause}>${one.clause} ${inWords(one, 'text')}</option>`)}</select></div>
    ${rule && html`<p class="quiet">${inWords(rule, 'decided')} ${rule.amount_fen !== undefined && html`<${Money} fen=${rule.amount_fen} strong />`}</p>`}
  </${Act}>`;
}

function Until({ item }) {
  if (!item.until) return '';
  const left_ms = Date.parse(item.until) - now();
  return html`<span class="num nowrap">${when(item.until)}</span>${item.state === 'open' &&
    html`<br /><small class=${left_ms < 3 * 86400000 ? 'soon-text' : ''}>${left_ms > 0 ? t('manager.left', { span: span(left_ms) }) : t('manager.lapsed')}</small>`}`;
}

const proposalColumns = (rules) => [
  { name: t('manager.clause'), show: (item) => html`${clauseLink(clauseOf(item.key))}<br /><small>${inWords(ruleOf(rules, clauseOf(item.key)), 'text')}</small>` },
  { name: t('manager.person'), show: (item) => personLink(item.account) },
  { name: t('manager.money'), num: true, show: (item) => html`<${Money} fen=${item.amount_fen} />` },
];
const evidence = { name: t('manager.evidence'), show: (item) => html`${inWords(item, 'why')}${item.entry?.note ? html`<br />${item.entry.note}` : ''}<br />
  ${ticketLink(ticketOf(item))} ${entryLink(item.key, t('manager.story'))}` };
const decided = { name: t('manager.decided'), show: (item) =>
  html`${word('manager.state', item.state)}<br /><small>${when(item.closed_at)} ${inWords(item, 'closed_why')}</small>` };

function Section({ title, list, columns, act, empty, all }) {
  return html`<section><h2>${title} <span class="count num">${list.filter((one) => one.state === 'open').length}</span></h2>
    <${Table} caption=${title} lines=${list} empty=${empty} columns=${[...columns(list), ...(all ? [decided] : []),
      { name: html`<span class="hidden">${t('manager.acts')}</span>`, show: (item) => item.state === 'open' && html`<span class="row-acts">${act(item)}</span>` }]} /></section>`;
}

export function Decide({ directory }) {
  const all = asked('all') ? '1' : '';
  const account = asked('account');
  const read = useRead(() => Promise.all(['proposals', 'appeals', 'obligations']
    .map((one) => get(query(`/v1/${one}`, { account, all })))), account + all);
  const { rules } = useRulebook();
  const [open, setOpen] = useState(null);
  const button = (form, item, name, kind) => html`<button type="button" class=${kind} onClick=${() => setOpen({ form, item })}>${name}</button>`;
  const rule = (item) => ruleOf(rules, clauseOf(item.key));
  const Form = open?.form;
  return html`<div class="filters"><${Choice} name="account" label=${t('manager.person')} options=${accountOptions(directory).slice(1)} />
      <label class="check"><input type="checkbox" checked=${!!all} onChange=${(e) => choose({ all: e.target.checked ? '1' : '' })} /> ${t('manager.with_decided')}</label>
      <span class="grow"></span><button type="button" class="primary" disabled=${!rules} onClick=${() => setOpen({ form: Violation })}>+ ${t('manager.report')}</button></div>
    <${Read} read=${read}>${([proposals, appeals, obligations]) => html`
      <${Section} title=${t('manager.proposals')} list=${proposals} all=${all} empty=${t('manager.no_proposals')}
        columns=${() => [...proposalColumns(rules), { ...evidence, name: t('manager.evidence') },
          { name: t('manager.until'), show: (item) => html`<${Until} item=${item} />` }]}
        act=${(item) => [button(Confirm, item, t('manager.confirm'), 'primary'), button(Reject, item, t('manager.reject'), '')]} />
      <${Section} title=${t('manager.appeals')} list=${appeals} all=${all} empty=${t('manager.no_appeals')}
        columns=${() => [...proposalColumns(rules), { name: t('manager.appeal_says'), show: (item) => item.text },
          { name: t('manager.since'), show: (item) => html`<span class="num">${when(item.opened_at)}</span> ${entryLink(item.key, t('manager.story'))}` }]}
        act=${(item) => button(Decision, item, t('manager.decide_appeal'), 'primary')} />
      <${Section} title=${t('manager.obligations')} list=${obligations} all=${all} empty=${t('manager.no_obligations')}
        columns=${() => [proposalColumns(rules)[0], proposalColumns(rules)[1], { name: t('manager.owed'), show: (item) => inWords(item, 'text') },
          { name: t('manager.since'), show: (item) => html`<span class="num">${when(item.opened_at)}</span>
            ${entryLink(item.key.replace(/\/owed#\d+$/, ''), t('manager.story'))}` }]}
        act=${(item) => button(Close, item, t('manager.close_obligation'), '')} />`}</${Read}>
    ${Form && html`<${Form} item=${open.item} rule=${open.item && rule(open.item)} clauses=${rules?.clauses || []} directory=${directory} onClose=${() => setOpen(null)}
      onDone=${read.again} />`}`;
}
