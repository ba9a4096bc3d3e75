// The rules in plain words: clauses, clocks with their values and which of them are our own defaults,
// versions; and a new rulebook looked at, with what it would have cost, before it is activated.
import { get, newCommand, post, sendCommand } from './api.js';
import { lang, t, word } from './i18n.js';
import { asked, clauseLink, dateOf, dayStart, inWords, Money, PaperTable, Read, when } from './manager_parts.js';
import { forgetRules, useRulebook } from './manager_book.js';
import { now } from './time.js';
import { complain, Field, html, Table, toast, useEffect, useRef, useState } from './ui.js';

const UNITS = [[86400000, 'day'], [3600000, 'hour'], [60000, 'minute'], [1000, 'second']];

// The largest unit that leaves nothing over, from two days on in days: 24 h, 72 h are the document's words.
function spanText(ms) {
  const [per, unit] = UNITS.find(([one, name]) => ms % one === 0 && (name !== 'day' || ms > 3 * one)) || UNITS[3];
  return t(`unit.${unit}`, { n: ms / per });
}

const clockOfDay = (ms) => `${String(Math.floor(ms / 3600000)).padStart(2, '0')}:${String(ms / 60000 % 60).padStart(2, '0')}`;

function limitText(limit) {
  if (limit.city_ms !== undefined) {
    return t('rules.bands', { city: spanText(limit.city_ms), near: spanText(limit.near_ms), far: spanText(limit.far_ms), km: limit.near_up_to_m / 1000 });
  }
  if (limit.at === 'end_of_day') return t('rules.end_of_day');
  if (limit.at === 'end_of_work') return t('rules.end_of_work', { n: limit.workdays });
  if (limit.at === 'weekday') return t('rules.weekday', { day: t(`weekday.${limit.day}`), time: clockOfDay(limit.time_ms) });
  return spanText(limit.span_ms) + (limit.urgent_ms ? t('rules.urgent', { span: spanText(limit.urgent_ms) }) : '');
}

const warnText = (clock) => (clock.warn_after_ms !== undefined ? t('rules.warn_after', { span: spanText(clock.warn_after_ms) })
  : clock.warn_permille !== undefined ? t('rules.warn_at', { share: clock.warn_permille / 10 }) : t('rules.no_warn'));

const Ours = () => html` <em class="tag ours" title=${t('rules.ours_why')}>${t('rules.ours')}</em>`;
const VALUES = { limit: (clock) => limitText(clock.limit), base: (clock) => t(`rules.base.${clock.base}`), warn: warnText,
  grace: (clock) => (clock.grace_ms ? spanText(clock.grace_ms) : t('rules.no_grace')) };
const SAME = { warn_after: 'warn' };

function Clocks({ clocks }) {
  const ours = (clock, name) => clock.ours.some((one) => (SAME[one] || one) === name);
  return html`<section><h2>${t('rules.clocks')}</h2><${Table} caption=${t('rules.clocks')} lines=${clocks} columns=${[
    { name: t('filter.clock'), show: (clock) => html`<b>${word('clock', clock.clock)}</b><br />${/^\d/.test(clock.clause) ? clauseLink(clock.clause) : clock.clause}` },
    { name: t('rules.promise'), show: (clock) => html`${inWords(clock, 'promise')}<br /><small>${t('rules.owner')}: ${inWords(clock, 'owner')}</small>` },
    ...Object.keys(VALUES).map((name) => ({ name: t(`rules.${name}`), show: (clock) => html`<span class="num">${VALUES[name](clock)}</span>${ours(clock, name)
      ? html`<${Ours} />` : ''}` })),
    { name: t('rules.breach'), show: (clock) => html`${inWords(clock, 'breach')} ${clock.cost ? clauseLink(clock.cost) : ''}` },
    { name: t('rules.other_ours'), show: (clock) => clock.ours.filter((one) => !VALUES[SAME[one] || one])
      .map((one) => word('rules.key', one)).join(lang() === 'zh' ? '、' : ', ') },
  ]} /></section>`;
}

function Clauses({ clauses, chosen }) {
  useEffect(() => { document.getElementById(`clause-${chosen}`)?.scrollIntoView({ block: 'center' }); }, [chosen]);
  return html`<section><h2>${t('rules.clauses')}</h2><${Table} caption=${t('rules.clauses')} lines=${clauses} columns=${[
    { name: t('manager.clause'), show: (one) => html`<a class="num nowrap ${one.clause === chosen ? 'chosen' : ''}" id="clause-${one.clause}"
      href="/manager?view=ledger&clause=${one.clause}" title=${t('rules.entries_of')}>${one.clause}</a>` },
    { name: t('rules.text'), show: (one) => inWords(one, 'text') },
    { name: t('manager.money'), num: true, show: (one) => (one.amount_fen !== undefined ? html`<${Money} fen=${one.amount_fen} />` : t('rules.assessed')) },
    { name: t('rules.how'), show: (one) => html`<span class="nowrap">${t(`rules.how.${one.how}`)}</span>` },
    { name: t('manager.how_decided'), show: (one) => html`${inWords(one, 'decided')}${one.obligation
      ? html`<br /><small>${t('manager.owed')}: ${inWords(one, 'obligation')}</small>` : ''}` },
  ]} /></section>`;
}

function Versions({ versions }) {
  const [busy, setBusy] = useState(false);
  const keep = async (number) => { // as files, because that is what is edited and sent back
    setBusy(true);
    try {
      const files = await get(`/v1/rulebook/versions/${number}`);
      for (const [name, text] of [['rulebook', files.rulebook], ['directory', files.directory]]) {
        const href = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
        Object.assign(document.createElement('a'), { href, download: `${name}-${number}.yaml` }).click();
        setTimeout(() => URL.revokeObjectURL(href), 60000);
      }
    } catch (problem) { complain(problem); } finally { setBusy(false); }
  };
  return html`<section><h2>${t('rules.versions')}</h2><${Table} caption=${t('rules.versions')} lines=${[...versions].reverse()} columns=${[
    { name: t('rules.number'), num: true, show: (one) => one.number },
    { name: t('rules.state'), show: (one) => html`${one.state === 'in_force' ? '✓ ' : ''}${t(`rules.state.${one.state}`)}` },
    { name: t('rules.from'), show: (one) => html`<span class="num">${when(one.effective_from)}</span>` },
    { name: t('rules.activated'), show: (one) => html`<span class="num">${when(one.activated_at)}</span> ${one.by || ''}` },
    { name: t('rules.hash'), show: (one) => html`<code>${one.hash.slice(0, 12)}</code>` },
    { name: html`<span class="hidden">${t('manager.acts')}</span>`, show: (one) => html`<button type="button" disabled=${busy}
      onClick=${() => keep(one.number)}>⤓ YAML</button>` },
  ]} /></section>`;
}

// Faults of the files: where, and what was expected there.
const Faults = ({ problem }) => html`<div role="alert"><p class="error">▲ ${problem.code === 'bad_rules' ? t('rules.bad') : problem.message}</p>
  ${problem.code === 'bad_rules' && html`<ul class="faults">${
    Object.entries(problem.fields).map(([path, expected]) => html`<li><code>${path}</code> ${expected}</li>`)}</ul>`}</div>`;

function Activate({ files, onDone }) {
  const today = dateOf(now());
  const [date, setDate] = useState('');
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const kept = useRef(null);
  const late = date && dayStart(date) <= now();
  const send = async (e) => {
    e.preventDefault();
    if (late) return;
    setBusy(true);
    try {
      const directory = files.directory_yaml ?? (await get('/v1/rulebook/versions/in-force')).directory;
      kept.current ||= newCommand({ activate: { rulebook: files.rulebook_yaml, directory,
        ...(date && { effective_from_ms: String(dayStart(date)) }) } }, now());
      await sendCommand(kept.current, 4);
      kept.current = null;
      toast(date ? t('rules.scheduled', { date }) : t('rules.activated_now'));
      onDone();
    } catch (problem) {
      if (problem.status && problem.status < 500) kept.current = null;
      complain(problem);
    } finally { setBusy(false); }
  };
  return html`<form class="activate" onSubmit=${send}><${Field} type="date" min=${today} label=${t('rules.activate_from')} hint=${t('rules.activate_hint')}
      value=${date} error=${late ? t('rules.too_late') : ''} onInput=${(e) => { kept.current = null; setDate(e.target.value); }} />
    <label class="check"><input type="checkbox" checked=${sure} onChange=${(e) => setSure(e.target.checked)} /> ${t('rules.sure')}</label>
    <p class="acts"><button class="primary" disabled=${!sure || busy || late}>${busy ? t('manager.busy') : t('rules.activate')}</button></p></form>`;
}

function Diff({ again }) {
  const [files, setFiles] = useState({});
  const [answer, setAnswer] = useState({});
  const put = (name) => async (e) => {
    const file = e.target.files[0];
    setAnswer({});
    setFiles({ ...files, [name]: file ? await file.text() : undefined });
  };
  const compare = async (e) => {
    e.preventDefault();
    setAnswer({ busy: true });
    try { setAnswer({ value: await post('/v1/rulebook/diff', files) }); } catch (problem) { setAnswer({ problem }); }
  };
  const changes = answer.value?.changes;
  return html`<section class="no-print"><h2>${t('rules.diff')}</h2><p class="quiet">${t('rules.diff_hint')}</p>
    <form class="files" onSubmit=${compare}><${Field} type="file" accept=".yaml,.yml" label="rulebook.yaml" onChange=${put('rulebook_yaml')} />
      <${Field} type="file" accept=".yaml,.yml" label="directory.yaml" hint=${t('rules.directory_hint')} onChange=${put('directory_yaml')} />
      <p class="acts"><button class="primary" disabled=${!files.rulebook_yaml || answer.busy}>${answer.busy ? t('manager.busy') : t('rules.compare')}</button></p></form>
    ${answer.problem && html`<${Faults} problem=${answer.problem} />`}
    ${changes && (changes.rows.length ? html`<${PaperTable} table=${changes} hide=${['path']} /><${Activate} files=${files} onDone=${() => { setAnswer({}); again(); }} />`
      : html`<p>${t('rules.same')}</p>`)}</section>`;
}

export function Rules() {
  const { rules, problem, again } = useRulebook();
  const renew = () => { forgetRules(); again(); };
  return html`<${Read} read=${{ value: rules, problem, busy: !rules && !problem, again: renew }}>${(book) => html`
    <${Versions} versions=${book.versions} /><${Diff} again=${renew} />
    <${Clauses} clauses=${book.clauses} chosen=${asked('clause')} /><${Clocks} clocks=${book.clocks} />`}</${Read}>`;
}
