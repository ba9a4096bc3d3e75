// The service order on paper, A5: what is known is printed, what the technician finds out is a line
// to be written on. The QR code opens the job on his phone.
import { get } from './api.js';
import { nameOf, territoryName, zoneOf } from './directory.js';
import { lang, t, word } from './i18n.js';
import { runs } from './clock.js';
import { path } from './place.js';
import { dayTime, fullTime, shortTime, yuan } from './time.js';
import { html, useEffect, useRead } from './ui.js';

const Row = ({ name, children, wide }) => html`<div class=${wide ? 'wide' : ''}><dt>${t(name)}</dt><dd>${children || ''}</dd></div>`;
const text = (...parts) => parts.filter(Boolean).join(' ');

function Paper({ id, order }) {
  const { head = {}, customer = {}, product = {} } = order;
  const zone = zoneOf(head.territory);
  const label = (line) => (lang() === 'zh' ? line.label_zh : line.label);
  const window = order.appointment && `${dayTime(Number(order.appointment.from_ms), zone)} – ${shortTime(Number(order.appointment.to_ms), zone)}`;
  const promised = (order.promises || []).filter((one) => one.due_at_ms !== undefined && runs(one))
    .map((one) => `${word('clock', one.clock)} ${dayTime(Number(one.due_at_ms), zone)}`).join(' · ');
  const money = (line) => html`<div><dt>${label(line)}</dt><dd>${line.amount_fen === undefined ? '' : yuan(line.amount_fen)}</dd></div>`;
  return html`<article class="paper"><header><div><h1>${t('order.title')}</h1><p class="paper-no"><b class="num">${id}</b>${
    order.order_no ? html` <span>${t('order.no')} <b class="num">${order.order_no}</b></span>` : ''}</p>
    <p>${text(territoryName(head.territory), head.complaint_type ? word('complaint_type', head.complaint_type) : word('kind', head.kind),
    head.urgent ? `【${t('board.urgent')}】` : '')}</p></div>
    <img class="qr" src=${`/v1/tickets/${encodeURIComponent(id)}/qr.svg`} alt=${t('order.qr', { ticket: id })} /></header>
  <dl class="paper-rows"><${Row} name="fact.customer">${customer.name}</${Row}><${Row} name="fact.phone">${customer.phone || head.phone}</${Row}>
    <${Row} name="fact.address" wide>${text(customer.area || head.area, customer.address)}</${Row}>
    <${Row} name="fact.product">${text(head.category && word('category', head.category), product.brand, product.model)}</${Row}>
    <${Row} name="field.serial">${product.serial}</${Row}><${Row} name="field.invoiced_on">${product.invoiced_on}</${Row}>
    <${Row} name="fact.reported">${head.reported_at_ms && fullTime(Number(head.reported_at_ms), zone)}</${Row}>
    <${Row} name="fact.symptom" wide>${order.symptom}</${Row}><${Row} name="field.note" wide>${order.note}</${Row}>
    <${Row} name="fact.appointment">${window}</${Row}><${Row} name="order.technician">${nameOf(order.technician?.account)}</${Row}>
    <${Row} name="order.promised" wide>${promised}</${Row}></dl>
  ${order.remedies?.length > 0 && html`<p class="paper-hint">${t('order.helped')} ${order.remedies.map((one) => text(one.cause, one.remedy)).join('；')}</p>`}
  <dl class="paper-rows blank"><${Row} name="order.arrived" /><${Row} name="order.finished" /><${Row} name="order.cause" wide /><${Row} name="order.remedy" wide /></dl>
  <dl class="paper-rows money">${(order.charges || []).map(money)}</dl>
  <dl class="paper-rows sign">${(order.signatures || []).map((line) => html`<div><dt>${label(line)}</dt><dd></dd></div>`)}</dl>
  <footer>${t('order.foot')}</footer></article>`;
}

export function Page({ directory }) {
  const id = decodeURIComponent(path().slice('/order/'.length));
  const { value, problem } = useRead(() => get(`/v1/tickets/${encodeURIComponent(id)}/order`), id);
  useEffect(() => { document.title = `${t('order.title')} ${id}`; });
  if (problem) return html`<main class="page" id="main"><p class="error" role="alert">▲ ${problem.message}</p></main>`;
  if (!value || !directory) return html`<main class="page" id="main" aria-busy="true"><p class="quiet">${t('loading')}</p></main>`;
  return html`<main class="paper-page" id="main" tabindex="-1"><p class="paper-acts"><button type="button" class="primary"
      onClick=${() => print()}>${t('desk.print')} <kbd>Ctrl+P</kbd></button></p>
    <${Paper} id=${id} order=${value} /></main>`;
}
