// The department's papers as the command line makes them, with the year's course drawn above the year.
import { get, query } from './api.js';
import { Chart } from './chart.js';
import { lang, t } from './i18n.js';
import { asked, choose, dateOf, Downloads, mondayOf, monthOf, PaperTable, Read, wantStyle } from './manager_parts.js';
import { withParams } from './place.js';
import { now } from './time.js';
import { html, useRead } from './ui.js';

await wantStyle('/app/vendor/uplot/uPlot.min.css');

// kind: its option, the input that asks for it, and the value when nobody said one
const KINDS = {
  daily: ['date', 'date', () => dateOf(now())],
  weekly: ['week', 'date', () => mondayOf(dateOf(now()))],
  monthly: ['month', 'month', () => monthOf(now())],
  annual: ['year', 'number', () => dateOf(now()).slice(0, 4)],
};

const FORMS = { date: /^\d{4}-\d\d-\d\d$/, month: /^\d{4}-\d\d$/, number: /^20\d\d$/ };

function Charts({ paper, target }) {
  const rows = paper.months.rows;
  const labels = rows.map((row) => row.month.slice(5));
  const course = (key, per) => rows.map((row) => (row[key] === null || (key === 'received' && row.month > monthOf(now())) ? null : row[key] / per));
  const theme = document.documentElement.dataset.theme;
  return html`<div class="charts">
    <${Chart} theme=${theme} title=${t('manager.chart.received')} labels=${labels} digits=${0}
      series=${[{ label: t('manager.chart.n'), values: course('received', 1), colour: '--act' }]} />
    <${Chart} theme=${theme} title=${t('manager.chart.first_time')} labels=${labels} digits=${0}
      series=${[{ label: '%', values: course('first_time_permille', 10), colour: '--running' }]} />
    <${Chart} theme=${theme} title=${t('manager.chart.cost')} labels=${labels} digits=${1} series=${[
      { label: t('manager.chart.yuan'), values: course('cost_per_repair_yuan_10', 10), colour: '--act' },
      ...(target ? [{ label: t('manager.chart.target', { target: (target / 10).toFixed(1) }), values: rows.map(() => target / 10), colour: '--late', dash: [6, 4] }] : [])]} />
  </div>`;
}

// The list behind a number: entries in the ledger, a month behind its row, what was broken by whom.
function linksOf(kind, when) {
  const month = kind === 'monthly' ? when : kind === 'daily' || kind === 'weekly' ? when.slice(0, 7) : '';
  const ledger = (row) => query('/manager', { view: 'ledger', month: row.month || month, person: row.account, clause: row.clause });
  return {
    fines_fen: ledger, rewards_fen: ledger, entries: ledger, sum_fen: (row) => row.clause && ledger(row), amount_fen: (row) => row.key && withParams({ key: row.key }),
    settlement_fen: (row) => row.account && query('/manager', { view: 'statement', month, account: row.account }),
    broken: (row) => row.account && withParams({ owner: row.account }),
    month: (row) => /^\d{4}-\d\d$/.test(row.month) && query('/manager', { view: 'reports', kind: 'monthly', at: row.month }),
    open: (row) => row.account && `/board?person=${encodeURIComponent(row.account)}`,
    now: (row) => (/^(fines|rewards)_fen$/.test(row.figure) ? '/manager?view=ledger' : ''),
  };
}

export function Reports({ directory }) {
  const kind = KINDS[asked('kind')] ? asked('kind') : 'daily';
  const [option, type, otherwise] = KINDS[kind];
  const at = FORMS[type].test(asked('at')) ? asked('at') : otherwise();
  const when = kind === 'weekly' ? mondayOf(at) : at;
  const territory = asked('territory');
  const owner = asked('owner');
  const values = { [option]: when, territory };
  const read = useRead(() => get(query(`/v1/reports/${kind}`, { ...values, lang: lang() })), kind + when + territory + lang());
  return html`<nav class="tabs second no-print" aria-label=${t('manager.reports')}>${Object.keys(KINDS).map((one) =>
      html`<a href="/manager?view=reports&kind=${one}" aria-current=${one === kind ? 'page' : undefined}>${t(`manager.${one}`)}</a>`)}</nav>
    <div class="filters"><label class="choice"><span>${t(`manager.of.${option}`)}</span><input key=${kind} type=${type} value=${when}
        min=${type === 'number' ? 2000 : undefined}
        max=${type === 'number' ? 2060 : undefined} onChange=${(e) => FORMS[type].test(e.target.value) && choose({ at: e.target.value })} /></label>
      <label class="choice"><span>${t('filter.territory')}</span><select onChange=${(e) => choose({ territory: e.target.value })}>
        <option value="">${t('filter.all')}</option>${
        directory.territories.map((one) => html`<option value=${one.id} selected=${one.id === territory}>${one.name}</option>`)}</select></label>
      ${owner && html`<a class="button" href=${withParams({ owner: '' })}>${t('filter.clear')}</a>`}
      <span class="grow"></span><${Downloads} path="/v1/reports/${kind}" values=${values} /></div>
    <${Read} read=${read}>${(paper) => html`<h2 class="title">${paper.title}</h2>
      ${paper.months && html`<${Charts} paper=${paper} target=${paper.figures.rows.find((row) => row.figure === 'cost_target_yuan_10')?.now} />`}
      ${Object.entries(paper).filter(([, table]) => table?.columns).map(([name, table]) =>
        html`<${PaperTable} key=${name} id=${name} table=${table} of=${kind === 'monthly' ? when : ''}
        links=${linksOf(kind, when)} filter=${owner && name === 'broken' ? (row) => row.owner === owner : undefined} />`)}`}</${Read}>`;
}
