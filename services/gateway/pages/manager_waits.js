// Jobs that stand still: for what, since when, how long yet. Past their cap they need somebody.
import { get, query } from './api.js';
import { nameOf, territoryName } from './directory.js';
import { t, word } from './i18n.js';
import { asked, Choice, Downloads, instant, Read, ticketLink } from './manager_parts.js';
import { now, span } from './time.js';
import { html, Table, useRead } from './ui.js';

const REASONS = ['parts', 'major_repair', 'customer', 'other'];

export function Waits({ directory }) {
  const values = { reason: asked('reason'), territory: asked('territory') };
  const read = useRead(() => get(query('/v1/waits', values)), JSON.stringify(values));
  const reason = (name) => word('delay_reason', name.toUpperCase());
  return html`<div class="filters"><${Choice} name="reason" label=${t('manager.waits_for')} options=${REASONS.map((one) => [one, reason(one)])} />
      <${Choice} name="territory" label=${t('filter.territory')} options=${directory.territories.map((one) => [one.id, one.name])} />
      <span class="grow"></span><${Downloads} path="/v1/waits" values=${values} formats=${['csv']} /></div>
    <${Read} read=${read}>${(list) => html`<h2>${t('manager.waits')} <span class="count num">${list.length}</span></h2>
      <${Table} caption=${t('manager.waits')} lines=${list} empty=${t('manager.no_waits')} columns=${[
        { name: t('board.col.id'), show: (one) => ticketLink(one.ticket) },
        { name: t('filter.territory'), show: (one) => territoryName(one.territory) },
        { name: t('manager.waits_for'), show: (one) => reason(one.reason) },
        { name: t('manager.since'), show: (one) => html`<span class="num nowrap">${instant(one.since_ms)}</span>` },
        { name: t('manager.waited'), num: true, show: (one) => span(now() - Number(one.since_ms)) },
        { name: t('manager.cap'), show: (one) => html`<span class="num nowrap">${instant(one.cap_at_ms)}</span>${
          one.past_cap ? html` <em class="tag late">${t('manager.past_cap')}</em>` : ''}` },
        { name: t('manager.owner'), show: (one) => nameOf(one.owner) }]} />`}</${Read}>`;
}
