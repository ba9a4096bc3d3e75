// One ticket beside the board: what it is, which clocks run, and its story: each promise as a line,
// who held it when, what it cost and why.
import { get } from './api.js';
import { ClockBar, clockName, runningClocks } from './clock.js';
import { holderOf } from './lines.js';
import { nameOf, zoneOf } from './directory.js';
import { lang, t, word } from './i18n.js';
import { rows } from './live.js';
import { withParams } from './place.js';
import { dayTime, fullTime, shortTime, yuan } from './time.js';
import { html, useRead } from './ui.js';

const W = 300;
const DUE_X = 230; // where the due lies; what is beyond is late

function ClockLine({ clock, now_ms }) {
  const start_ms = clock.start_at_ms;
  const whole_ms = Math.max(1, (clock.due_at_ms ?? now_ms) - start_ms);
  const x = (at_ms) => Math.min(W - 8, Math.max(4, 4 + (at_ms - start_ms) / whole_ms * (DUE_X - 4)));
  const end_ms = clock.stop_at_ms ?? (clock.final ? clock.due_at_ms : now_ms);
  const late = clock.late;
  return html`<svg viewBox="0 0 ${W} 16" class="clock-line-drawn" aria-hidden="true">
    <line x1="4" x2=${W - 4} y1="8" y2="8" class="rail" />
    <line x1="4" x2=${x(Math.min(end_ms, clock.due_at_ms ?? end_ms))} y1="8" y2="8" class="done" />
    ${late && html`<line x1=${DUE_X} x2=${clock.stop_at_ms ? Math.max(DUE_X + 8, x(clock.stop_at_ms)) : W - 4} y1="8" y2="8" class="beyond" />`}
    ${(clock.pauses || []).map((one) => html`<rect x=${x(one.from_at_ms)} y="4" height="8" class="pause"
      width=${Math.max(2, x(one.to_at_ms ?? end_ms) - x(one.from_at_ms))} />`)}
    <line x1="4" x2="4" y1="3" y2="13" class="edge" />
    ${clock.due_at_ms !== undefined && html`<line x1=${DUE_X} x2=${DUE_X} y1="1" y2="15" class="due" />`}
    ${clock.stop_at_ms !== undefined && html`<circle cx=${x(clock.stop_at_ms)} cy="8" r="4.5" class=${late ? 'stop late' : 'stop'} />`}
  </svg>`;
}

function PromiseLine({ clock, zone, now_ms }) {
  return html`<li class="promise ${clock.late ? 'late' : ''}"><div class="row"><b>${clockName(clock)}</b>
      <span class="verdict">${clock.late ? '▲ ' : ''}${clock.verdict}${clock.final ? '' : ` · ${t('story.provisional')}`}</span></div>
    <${ClockLine} clock=${clock} now_ms=${now_ms} />
    <small class="num">${[dayTime(clock.start_at_ms, zone),
      clock.due_at_ms !== undefined && `${t('story.due')} ${dayTime(clock.due_at_ms, zone)}`,
      clock.stop_at_ms !== undefined && `${t('story.done')} ${dayTime(clock.stop_at_ms, zone)}`,
      clock.owner?.replace(/ \(.*\)$/, '')].filter(Boolean).join(' · ')}</small>
    ${clock.why && html`<p class="why">${clock.why}</p>`}</li>`;
}

// Who held it, to scale.
function Held({ spans, now_ms, zone }) {
  const from_ms = spans[0].from_at_ms;
  const to_ms = Math.max(...spans.map((one) => one.to_at_ms ?? now_ms));
  const x = (ms) => 4 + (ms - from_ms) / Math.max(1, to_ms - from_ms) * (W - 8);
  return html`<svg viewBox="0 0 ${W} 14" class="held" aria-hidden="true">${spans.map((one, i) => html`
      <rect x=${x(one.from_at_ms)} width=${Math.max(2, x(one.to_at_ms ?? now_ms) - x(one.from_at_ms) - 1)} y="2" height="10" class="h${i % 3}" />`)}</svg>
    <ul class="held-list">${spans.map((one, i) => html`<li><span class="swatch h${i % 3}" aria-hidden="true"></span>
      ${one.name?.replace(/ \(.*\)$/, '')} <small class="num">${dayTime(one.from_at_ms, zone)} – ${
      one.to_at_ms ? dayTime(one.to_at_ms, zone) : t('story.now')}</small></li>`)}</ul>`;
}

function Story({ story, zone, now_ms }) {
  return html`${story.held?.length > 0 && html`<h3>${t('story.held')}</h3><${Held} spans=${story.held} zone=${zone} now_ms=${now_ms} />`}
    <h3>${t('story.promises')}</h3>
    <p class="legend">${[['├', 'story.started'], ['┃', 'story.due'], ['●', 'story.done'], ['━', 'story.late'], ['░', 'clock_state.paused']]
      .map(([shape, key]) => html`<span>${shape} ${t(key)}</span> `)}</p>
    <ul class="promises">${(story.clocks || []).map((clock) => html`<${PromiseLine} clock=${clock} zone=${zone} now_ms=${now_ms} />`)}</ul>
    ${story.money?.length > 0 && html`<h3>${t('story.money')}</h3><ul class="money">${story.money.map((one) => html`
      <li><b>${one.clause}</b> ${nameOf(one.account)} <b class="num">${yuan(one.amount_fen)}</b></li>`)}</ul>`}
    <h3>${t('story.events')}</h3><ol class="events">${(story.events || []).map((one) => html`
      <li><span class="num when">${dayTime(one.at_ms, zone)}</span><span><b>${one.what}</b> ${one.text || ''}${
      one.by ? html` <small>${one.by.replace(/ \(.*\)$/, '')}</small>` : ''}</span></li>`)}</ol>`;
}

function Facts({ row, story, zone }) {
  const head = row?.head || {};
  const facts = [
    ['customer', story?.customer], ['phone', story?.phone || head.phone],
    ['address', story?.address || head.area],
    ['product', story?.product || [head.category && word('category', head.category), head.model].filter(Boolean).join(' ')],
    ['symptom', story?.fault || head.symptom], ['ref', row?.ref],
    ['reported', head.reported_at_ms && fullTime(Number(head.reported_at_ms), zone)],
    ['holder', row && (nameOf(holderOf(row)) || t('board.desk'))],
    ['appointment', row?.appointment && `${dayTime(Number(row.appointment.from_ms), zone)} – ${shortTime(Number(row.appointment.to_ms), zone)}`],
    ['waits', row?.waits?.map((one) => word('delay_reason', one.reason)).join(', ')],
  ];
  return html`<dl class="facts">${facts.filter(([, value]) => value).map(([name, value]) => html`
    <dt>${t(`fact.${name}`)}</dt><dd>${value}</dd>`)}</dl>`;
}

export function Ticket({ id, now_ms }) {
  const row = rows.get(id);
  // the story is told again when the row has changed
  const { value: story, problem, busy, again } = useRead(() => get(`/v1/tickets/${encodeURIComponent(id)}/story?lang=${lang()}`), row);
  const zone = zoneOf(row?.head?.territory);
  return html`<header class="ticket-head"><h2 class="num">${id}</h2>${row?.head?.urgent &&
      html`<em class="tag urgent">${t('board.urgent')}</em>`}<span class="quiet">${story?.kind || ''} ${story?.state ? `· ${story.state}` : ''}</span>
      <span class="grow"></span><a class="button icon" href=${withParams({ ticket: '' })} aria-label=${t('close')} title="Esc">✕</a></header>
    <div class="side-body" tabindex="0" role="region" aria-label=${id}>
    ${row && html`<div class="ticket-clocks">${runningClocks(row).map((clock) => html`<${ClockBar} clock=${clock}
      now_ms=${now_ms} owner=${nameOf(clock.owner)} />`)}</div>`}
    <${Facts} row=${row} story=${story} zone=${zone} />
    ${problem && html`<p class="error" role="alert">▲ ${problem.message} <button type="button" onClick=${again}>${t('again')}</button></p>`}
    ${!story && busy && html`<p class="quiet">${t('loading')}</p>`}
    ${story && html`<${Story} story=${story} zone=${zone} now_ms=${now_ms} />`}</div>`;
}
