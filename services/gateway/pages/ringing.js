// Calls that ring now, from the feed. They are shown above whatever somebody works at and take no
// focus: who is writing goes on writing, and F2 goes to the caller.
import { query } from './api.js';
import { Caller, useCaller } from './caller.js';
import { territories, territoryName } from './directory.js';
import { t } from './i18n.js';
import { subscribe } from './live.js';
import { go, params } from './place.js';
import { span } from './time.js';
import { html, useEffect, useRedraw, useState } from './ui.js';

const GONE_MS = 10 * 60000; // of a call whose end the telephone system never told
const ringing = new Map(); // call -> {call, caller, called, at_ms, answered_by?}
const listeners = new Set();

function hear(event) {
  const [, what] = /^doorstep\.intake\.call_(offered|answered|ended)$/.exec(event.type) || [];
  const call = event.subject;
  const at_ms = Date.parse(event.time);
  if (what === 'offered') ringing.set(call, { call, at_ms, ...event.data.call_offered });
  else if (what === 'answered' && event.data.call_answered.answered_by === 'PERSON' && ringing.has(call))
    ringing.set(call, { ...ringing.get(call), agent: event.data.call_answered.agent, answered_at_ms: at_ms });
  else if (what === 'ended') ringing.delete(call);
  else return;
  listeners.forEach((then) => then());
}

subscribe(({ event }) => event && hear(event));

export const callOf = (call) => ringing.get(call);
export const territoryOf = (called) => territories().find((one) => one.numbers?.includes(called))?.id || '';

// Those nobody has answered yet, and the one that this person is on.
function mine(session, now_ms) {
  const own = territories().length && session.territory;
  for (const [call, one] of ringing) if (now_ms - one.at_ms > GONE_MS && !one.agent) ringing.delete(call);
  return [...ringing.values()].filter((one) => (one.agent ? one.agent === session.person : true) &&
    (!own || !territoryOf(one.called) || territoryOf(one.called) === own));
}

const place = (one) => query('/desk', { report: one.call, phone: /\d{5}/.test(one.caller) ? one.caller : '' });

function Call({ one, now_ms, first, onClose }) {
  const caller = useCaller(one.caller);
  return html`<article class="ring ${one.agent ? 'answered' : ''}"><header><b>${t(one.agent ? 'ring.on_line' : 'ring.rings')}</b>
      <span class="num">${one.caller}</span><span class="grow"></span><span class="num">${span(now_ms - (one.answered_at_ms || one.at_ms))}</span></header>
    <p class="quiet">${[territoryName(territoryOf(one.called)), one.queue].filter(Boolean).join(' · ')}</p>
    <div class="ring-who"><${Caller} caller=${caller} now_ms=${now_ms} /></div>
    <footer><button type="button" class="primary" onClick=${() => go(place(one))}>${t('ring.take')} ${first && html`<kbd>F2</kbd>`}</button>
      <button type="button" onClick=${onClose}>${t('close')}</button></footer></article>`;
}

export function Ringing({ session, now_ms }) {
  useRedraw((then) => { listeners.add(then); return () => listeners.delete(then); });
  const [put, setPut] = useState(new Set());
  const shown = mine(session, now_ms).filter((one) => !put.has(one.call) &&
    one.call !== params().get('report'));
  useEffect(() => {
    const press = (e) => {
      if (e.key !== 'F2' || !shown.length || document.querySelector('dialog[open]')) return;
      e.preventDefault();
      go(place(shown.find((one) => one.agent) || shown[0]));
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
  return html`<section class="rings" aria-label=${t('ring.title')}><p class="hidden" role="status">${shown.map((one) =>
    t('ring.said', { caller: one.caller })).join(' ')}</p>${shown.map((one, i) => html`
    <${Call} key=${one.call} one=${one} now_ms=${now_ms} first=${i === 0}
      onClose=${() => setPut(new Set([...put, one.call]))} />`)}</section>`;
}
