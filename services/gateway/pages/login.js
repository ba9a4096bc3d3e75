// Who are you? Also: a first password that somebody else has set must be changed.
import { post } from './api.js';
import { t } from './i18n.js';
import { Field, html, useState } from './ui.js';

const PASSWORD_MIN = 10;

function useForm(send) {
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const submit = async (e) => {
    e.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await send(Object.fromEntries(new FormData(e.target)));
    } catch (wrong) {
      setProblem(wrong);
    }
    setBusy(false);
  };
  return { problem, busy, submit };
}

const Alert = ({ problem }) => html`<div role="alert">${problem &&
  html`<p class="error">▲ ${problem.message}</p>`}</div>`;

export function Login({ onSession }) {
  const { problem, busy, submit } = useForm(async (form) => onSession(await post('/v1/session', form)));
  return html`<main class="login" id="main"><h1><img src="/app/icon.svg" alt="" width="40" height="40" />
      ${t('app.name')}</h1>
    <form onSubmit=${submit}>
      <${Field} label=${t('login.user')} name="user" autocomplete="username" autocapitalize="none"
        spellcheck=${false} required autofocus />
      <${Field} label=${t('login.password')} name="password" type="password"
        autocomplete="current-password" required />
      <${Alert} problem=${problem} />
      <button type="submit" class="primary" disabled=${busy}>${t(busy ? 'login.busy' : 'login.go')}</button>
    </form></main>`;
}

export function Password({ onDone }) {
  const { problem, busy, submit } = useForm(async (form) => {
    await post('/v1/session/password', form);
    onDone();
  });
  return html`<form onSubmit=${submit} class="password">
    <${Field} label=${t('password.old')} name="old" type="password" autocomplete="current-password" required />
    <${Field} label=${t('password.new')} name="new" type="password" autocomplete="new-password"
      hint=${t('password.hint', { n: PASSWORD_MIN })} minlength=${PASSWORD_MIN} required
      error=${problem?.fields?.new} />
    <${Alert} problem=${problem} />
    <button type="submit" class="primary" disabled=${busy}>${t('password.change')}</button></form>`;
}
