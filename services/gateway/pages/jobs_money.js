// My money: the statement of a month, each entry with its story, and an appeal against one.
import { get, query } from './api.js';
import { lang, t, word } from './i18n.js';
import { useKept } from './kept.js';
import { act, acts } from './outbox.js';
import { clockPace, dayTime, shortTime, yuan } from './time.js';
import { complain, Dialog, Field, html, toast, useState } from './ui.js';

const monthOf = (at_ms) => new Date(at_ms + 8 * 3600000).toISOString().slice(0, 7);

function moved(month, by) {
  const [year, of] = month.split('-').map(Number);
  return new Date(Date.UTC(year, of - 1 + by, 1)).toISOString().slice(0, 7);
}

const Fen = ({ fen }) => html`<b class="num ${Number(fen) < 0 ? 'late' : ''}">${yuan(fen)}</b>`;

function Statement({ statement }) {
  const lines = [['pieces', statement.pieces_fen], ['fines', statement.fines_fen],
    ['rewards', statement.rewards_fen], ['carried', statement.carried_fen]];
  return html`<section class="sheet"><h2>${t('jobs.statement')} <span class="tag">${
      t(statement.closed ? 'jobs.closed' : 'jobs.open')}</span></h2>
    <dl class="sums">${lines.map(([name, fen]) => html`<dt>${t(`jobs.${name}`)}</dt><dd><${Fen} fen=${fen} /></dd>`)}
      <dt class="total">${t('jobs.settlement')}</dt><dd class="total"><${Fen} fen=${statement.settlement_fen} /></dd></dl>
    ${statement.jobs?.length > 0 && html`<details><summary>${t('jobs.pieces')}</summary><ul class="plain">${statement.jobs.map((one) => html`
      <li class="split"><span>${word('piece', one.kind)} ${one.category ? word('category', one.category) : ''} ${
        one.zone ? word('zone', one.zone.toUpperCase()) : ''} × <span class="num">${one.jobs}</span></span><${Fen} fen=${one.sum_fen} /></li>`)}</ul></details>`}
    </section>`;
}

// The events behind an entry that belongs to no ticket.
function Evidence({ entry, user }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" onClick=${() => setOpen(true)}>${t('jobs.story')}</button>${open && html`
    <${Dialog} title=${`${entry.clause} · ${entry.cause}`} onClose=${() => setOpen(false)}>
      <${Events} entry=${entry} user=${user} /></${Dialog}>`}`;
}

function Events({ entry, user }) {
  const { value, problem } = useKept(user, `entry ${entry.key}`, () => get(query('/v1/ledger/story', { key: entry.key })));
  if (problem && !value) return html`<p class="error" role="alert">▲ ${problem.message}</p>`;
  return html`<ol class="plain">${(value || []).map((one) => html`<li><span class="num">${
    dayTime(Number(one.occurred_at_ms || one.received_at_ms))}</span> ${one.id || ''}</li>`)}</ol>`;
}

function Appeal({ entry, onClose }) {
  const send = async (e) => {
    e.preventDefault();
    const reason = new FormData(e.target).get('reason').trim();
    try {
      await act({ to: {}, word: 'appeal_entry', said: { entry: entry.key, reason }, once: `appeal ${entry.key}`,
        pace: clockPace() });
      toast(t('jobs.stored', { what: t('act.appeal_entry') }));
      onClose();
    } catch (problem) {
      complain({ message: t('jobs.not_stored', { why: problem.name }) });
    }
  };
  return html`<${Dialog} title=${t('act.appeal_entry')} onClose=${onClose}><form class="phone-form" onSubmit=${send}>
    <p>${entry.clause} · ${yuan(entry.amount_fen)} · ${entry.ticket || entry.cause}</p>
    <${Field} label=${t('jobs.appeal_why')} name="reason" rows="4" required maxlength="1000" />
    <button type="submit" class="primary">${t('act.appeal_entry')}</button></form></${Dialog}>`;
}

function Entry({ entry, appeal, onAppeal, user }) {
  const sent = acts.some((one) => one.word === 'appeal_entry' && one.said.entry === entry.key && one.state !== 'refused');
  const clock = /\/(\w+)#\d+$/.exec(entry.cause || '');
  return html`<li class="entry"><p class="split"><span><b>${entry.clause}</b> ${clock ? word('clock', clock[1]) : ''}</span>
      <${Fen} fen=${entry.amount_fen} /></p>
    <p class="quiet">${entry.ticket || entry.cause} ${entry.due_at_ms ? html`· ${t('story.due')} <span class="num">${
      dayTime(Number(entry.due_at_ms))}</span>` : ''}</p>
    ${entry.reverses && html`<p>${t('jobs.reversal')}</p>`}
    ${appeal && html`<p>${lang() === 'zh' ? appeal.text_zh : appeal.text}</p>`}
    <div class="pair">${entry.ticket ? html`<a class="button" href="/jobs?tab=money&ticket=${entry.ticket}">${t('jobs.story')}</a>`
      : html`<${Evidence} entry=${entry} user=${user} />`}
      ${sent || appeal ? html`<span class="quiet">${t('jobs.appealed')}</span>`
        : html`<button type="button" onClick=${() => onAppeal(entry)}>${t('act.appeal_entry')}</button>`}</div></li>`;
}

export function Money({ session, now_ms }) {
  const current = monthOf(now_ms);
  const [month, setMonth] = useState(current);
  const [appealing, setAppealing] = useState(null);
  const statement = useKept(session.user, `statement ${month}`, () => get(query('/v1/statements', { month })));
  const ledger = useKept(session.user, `ledger ${month}`, () => get(query('/v1/ledger', { month })));
  const appeals = useKept(session.user, 'appeals', () => get('/v1/appeals?all=1'));
  const entries = ledger.value || [];
  const problem = statement.problem || ledger.problem;
  const appealOf = (entry) => (appeals.value || []).find((one) => one.key === entry.key);
  return html`<header class="months"><button type="button" onClick=${() => setMonth(moved(month, -1))}
      aria-label=${t('jobs.month_before')}>‹</button><h1 class="num">${month}</h1>
    <button type="button" onClick=${() => setMonth(moved(month, 1))} disabled=${month >= current}
      aria-label=${t('jobs.month_after')}>›</button></header>
    ${problem && html`<p class="notice soon" role="alert"><span>◆ ${ledger.at_ms
      ? t('jobs.as_of', { time: shortTime(ledger.at_ms) }) : problem.message}</span></p>`}
    ${statement.value && html`<${Statement} statement=${statement.value} />`}
    <section class="sheet"><h2>${t('jobs.entries')}</h2>${entries.length ? html`<ul class="entries">${entries.map((entry) => html`
      <${Entry} key=${entry.key} entry=${entry} appeal=${appealOf(entry)} onAppeal=${setAppealing} user=${session.user} />`)}</ul>`
      : html`<p class="quiet">${t(ledger.value ? 'jobs.entries_none' : 'loading')}</p>`}</section>
    ${appealing && html`<${Appeal} entry=${appealing} onClose=${() => setAppealing(null)} />`}`;
}
