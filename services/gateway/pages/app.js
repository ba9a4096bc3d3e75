// The shell: who is signed in, which page is shown, the bar above it.
import { del, get, onSignedOut, useCsrf } from './api.js';
import { Connection } from './connection.js';
import { loadDirectory } from './directory.js';
import { chooseLanguage, lang, languageChosen, loadWords, t } from './i18n.js';
import { startLive } from './live.js';
import { Login, Password } from './login.js';
import { go, onPlace, path } from './place.js';
import { homeOf, routeOf, routesFor } from './routes.js';
import { forgetSession, keepSession, keptSession } from './offline.js';
import { complain, Dialog, html, render, Toasts, useEffect, useRef, useState, writing }
  from './ui.js';

const THEME = 'doorstep.theme';
const pages = new Map(); // file -> its module, once fetched

function theme(choice) {
  if (choice) localStorage.setItem(THEME, choice);
  const kept = localStorage.getItem(THEME) || 'auto';
  document.documentElement.dataset.theme = kept;
  return kept;
}
theme();

function signOut(session) {
  del('/v1/session').then(() => forgetSession(session.user))
    .then(() => location.assign('/login'), complain);
}

function Menu({ session, onLanguage, onTheme }) {
  const box = useRef(null);
  const [dialog, setDialog] = useState(null);
  const choose = (then) => () => { box.current.open = false; then(); };
  useEffect(() => {
    const outside = (e) => { if (!box.current?.contains(e.target)) box.current.open = false; };
    const escape = (e) => {
      if (e.key === 'Escape' && box.current?.open) {
        box.current.open = false;
        box.current.querySelector('summary').focus();
      }
    };
    addEventListener('click', outside);
    addEventListener('keydown', escape);
    return () => { removeEventListener('click', outside); removeEventListener('keydown', escape); };
  }, []);
  const themes = ['auto', 'light', 'dark'];
  return html`<details class="menu" ref=${box}><summary>${session?.user || t('menu')}</summary>
    <div class="menu-box">
      ${session && html`<p class="quiet">${t('menu.signed_in', { user: session.user, role: t(`role.${session.role}`) })}</p>`}
      <button type="button" lang=${lang() === 'zh' ? 'en' : 'zh-CN'} onClick=${choose(onLanguage)}>${
        lang() === 'zh' ? 'English' : '中文'}</button>
      <fieldset><legend>${t('menu.theme')}</legend>${themes.map((one) => html`<label><input type="radio"
        name="theme" checked=${theme() === one} onChange=${() => onTheme(one)} /> ${t(`theme.${one}`)}</label>`)}</fieldset>
      ${session && html`<button type="button" onClick=${choose(() => setDialog('password'))}>${t('password.change')}</button>
      <button type="button" onClick=${choose(() => setDialog('keys'))}>${t('keys')} <kbd>?</kbd></button>
      <button type="button" onClick=${choose(() => signOut(session))}>${t('menu.sign_out')}</button>`}
    </div></details>
    ${dialog === 'password' && html`<${Dialog} title=${t('password.change')} onClose=${() => setDialog(null)}>
      <${Password} onDone=${() => location.assign('/login')} /></${Dialog}>`}
    ${dialog === 'keys' && html`<${Keys} onClose=${() => setDialog(null)} />`}`;
}

const KEYS = ['/', 'j k', 'Enter', 'Esc', 'h', '.', '?'];

function Keys({ onClose }) {
  return html`<${Dialog} title=${t('keys')} onClose=${onClose}><dl class="keys">${KEYS.map((key) => html`
    <dt>${key.split(' ').map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${t(`keys.${key}`)}</dd>`)}</dl></${Dialog}>`;
}

// Keys that mean the same everywhere; a page listens for its own.
function useKeys(onHelp) {
  useEffect(() => {
    const press = (e) => {
      if (writing(e) || document.querySelector('dialog[open]')) return;
      if (e.key === '?') onHelp();
      else if (e.key === '/') document.querySelector('[data-search]')?.focus();
      else return;
      e.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

function usePage(route) {
  const [, draw] = useState(0);
  useEffect(() => {
    if (!route || pages.has(route.file)) return;
    import(route.file).then((module) => pages.set(route.file, module),
      () => pages.set(route.file, { missing: true })).then(() => draw((n) => n + 1));
  }, [route?.file]);
  return route && pages.get(route.file);
}

function Shown({ route, ...more }) {
  const page = usePage(route);
  if (!route) return html`<main class="page" id="main"><h1>${t('page.none')}</h1></main>`;
  if (!page) return html`<main class="page" id="main" aria-busy="true"><p class="quiet">${t('loading')}</p></main>`;
  if (page.missing) return html`<main class="page" id="main"><h1>${t('page.missing')}</h1>
    <button type="button" onClick=${() => location.reload()}>${t('again')}</button></main>`;
  return html`<${page.Page} ...${more} />`;
}

function App({ first }) {
  const [session, setSession] = useState(first);
  const [directory, setDirectory] = useState(null);
  const [help, setHelp] = useState(false);
  const [, draw] = useState(0);
  const redraw = () => draw((n) => n + 1);
  useEffect(() => onPlace(redraw), []);
  useKeys(() => setHelp(true));
  const signedIn = (next) => {
    useCsrf(next.csrf);
    keepSession(next);
    setSession(next);
    if (path() === '/login' || path() === '/') go(homeOf(next.role), { replace: true });
  };
  useEffect(() => {
    onSignedOut(() => setSession(null));
    if (!session || session.must_change) return;
    startLive();
    loadDirectory(session.user).then(setDirectory, complain);
  }, [session]);
  const onLanguage = () => chooseLanguage(lang() === 'zh' ? 'en' : 'zh').then(redraw, complain);
  const menu = html`<${Menu} session=${session} onLanguage=${onLanguage}
    onTheme=${(choice) => { theme(choice); redraw(); }} />`;
  if (!session || session.must_change) {
    return html`<div class="shell"><header class="bar"><span class="grow"></span>${menu}</header>
      ${session ? html`<main class="login" id="main"><h1>${t('password.first')}</h1>
        <${Password} onDone=${() => location.assign('/')} /></main>`
        : html`<${Login} onSession=${signedIn} />`}<${Toasts} /></div>`;
  }
  const route = routeOf(path());
  document.title = `${route ? t(`nav.${route.path.slice(1)}`) : ''} · ${t('app.name')}`;
  const shown = html`<${Shown} key=${lang()} route=${route} session=${session} directory=${directory} />`;
  if (route?.bare) return html`${shown}<${Toasts} />`;
  return html`<div class="shell"><a class="skip" href="#main" onClick=${(e) => {
      e.preventDefault(); document.querySelector('#main')?.focus(); }}>${t('skip')}</a>
    <header class="bar"><img src="/app/icon.svg" alt=${t('app.name')} width="24" height="24" />
      <nav aria-label=${t('nav')}>${routesFor(session.role).map((one) => html`<a href=${one.path}
        aria-current=${one === route ? 'page' : undefined}>${t(`nav.${one.path.slice(1)}`)}</a>`)}</nav>
      <span class="grow"></span><${Connection} />${menu}</header>
    ${shown}<${Toasts} />${help && html`<${Keys} onClose=${() => setHelp(false)} />`}</div>`;
}

async function begin() {
  await loadWords();
  let session = null;
  try {
    session = await get('/v1/session');
    useCsrf(session.csrf);
    keepSession(session);
    if (session.language && !languageChosen()) await loadWords(session.language.slice(0, 2));
    if (path() === '/' || path() === '/login') go(homeOf(session.role), { replace: true });
  } catch (problem) {
    session = problem.status === 401 ? null : keptSession(path());
    if (problem.status !== 401 && !session) throw problem;
  }
  document.body.textContent = '';
  render(html`<${App} first=${session} />`, document.body);
}

// The gateway may be away at this very moment: a page that was opened then comes by itself.
(async () => {
  for (let wait_ms = 500; ; wait_ms = Math.min(wait_ms * 2, 10000)) {
    try {
      await begin();
      return;
    } catch {
      document.body.textContent = t('problem.unreachable') === 'problem.unreachable'
        ? '正在连接 … connecting …' : t('problem.unreachable');
      await new Promise((done) => setTimeout(done, wait_ms));
    }
  }
})();
