// The manager's pages: what waits for a decision, the ledger down to the events of an entry, the
// month's end, the department's papers, what stands still, and the rules.
import { Decide } from './manager_decide.js';
import { Entry } from './manager_entry.js';
import { Ledger } from './manager_ledger.js';
import { Month, Sheet, Statement } from './manager_month.js';
import { asked, wantStyle } from './manager_parts.js';
import { Reports } from './manager_reports.js';
import { Rules } from './manager_rules.js';
import { Waits } from './manager_waits.js';
import { t } from './i18n.js';
import { onPlace, params, withParams } from './place.js';
import { html, useRedraw } from './ui.js';

await wantStyle('/app/manager.css');

const VIEWS = { decide: Decide, ledger: Ledger, month: Month, statement: Statement, sheet: Sheet,
  reports: Reports, waits: Waits, rules: Rules };
const UNDER = { statement: 'month', sheet: 'month' }; // pages of another
const KEPT = ['month']; // goes along from page to page

function Tabs({ view }) {
  const kept = KEPT.map((name) => params().get(name) && `&${name}=${encodeURIComponent(params().get(name))}`).join('');
  return html`<nav class="tabs no-print" aria-label=${t('nav.manager')}>${Object.keys(VIEWS).filter((one) => !UNDER[one]).map((one) =>
    html`<a href="/manager?view=${one}${kept}" aria-current=${(UNDER[view] || view) === one ? 'page' : undefined}>${t(`manager.tab.${one}`)}</a>`)}</nav>`;
}

export function Page(props) {
  useRedraw(onPlace);
  const view = VIEWS[asked('view')] ? asked('view') : 'decide';
  const key = asked('key');
  return html`<main class="page manager" id="main" tabindex="-1"><h1 class="hidden">${t('nav.manager')}</h1>
    <${Tabs} view=${view} />
    ${props.directory ? html`<${VIEWS[view]} key=${view} ...${props} />` : html`<p class="quiet">${t('loading')}</p>`}
    ${props.directory && key && html`<${Entry} key=${key} id=${key} close=${withParams({ key: '' })} />`}</main>`;
}
