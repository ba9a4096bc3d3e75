import { t } from './i18n.js';
import { markAge, state, subscribe } from './live.js';
import { html, useNow, useRedraw } from './ui.js';

const PHASES = { connecting: '◌', live: '●', behind: '◆', down: '▲' };

// The connection, and how far behind the watcher is: always in sight.
export function Connection() {
  useNow();
  useRedraw(subscribe);
  const age_ms = markAge('sla-watcher');
  const age = age_ms === null ? '' : t('connection.mark', { s: Math.floor(age_ms / 1000) });
  const why = state.store === 'down' ? t('connection.store') : age;
  return html`<span class="connection ${state.phase}" title=${t(`connection.${state.phase}.why`)}>
    <span role="status"><span class="shape" aria-hidden="true">${PHASES[state.phase]}</span> ${
    t(`connection.${state.phase}`)}</span><span class="mark num">${why}</span></span>`;
}
