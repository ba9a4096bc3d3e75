// Users and their roles, keys of programs, who did what, and whether everything runs.
import { del, get, patch, post, query } from './api.js';
import { nameOf } from './directory.js';
import { t, word } from './i18n.js';
import { asked, choose, instant, Read, wantStyle } from './manager_parts.js';
import { onPlace } from './place.js';
import { complain, Dialog, Field, html, Table, toast, useRead, useRedraw, useState } from './ui.js';

await wantStyle('/app/manager.css');

const ROLES = ['admin', 'manager', 'clerk', 'technician', 'board', 'phone'];
const USER_ROLES = ROLES.filter((one) => one !== 'phone');
const roles = (list) => list.map((one) => [one, t(`role.${one}`)]);
const people = (directory) => [['', t('admin.nobody')], ...directory.people.map((one) => [one.id, `${one.name} (${one.id})`])];
const newPassword = () => [...crypto.getRandomValues(new Uint8Array(12))].map((x) => 'abcdefghjkmnpqrstuvwxyz23456789'[x % 31])
  .join('').replace(/^(.{4})(.{4})/, '$1-$2-');

// A dialog whose fields are sent as they are; make(values) answers a promise.
function Form({ title, fields, make, said, onClose, onDone, children }) {
  const [values, setValues] = useState(() => Object.fromEntries(fields.map((one) => [one.name, one.value ?? ''])));
  const [faults, setFaults] = useState({});
  const [busy, setBusy] = useState(false);
  const send = async (e) => {
    e.preventDefault();
    setBusy(true);
    try {
      const answer = await make(values);
      toast(said);
      onDone(answer);
    } catch (problem) {
      setFaults({ ...problem.fields, '': problem.message });
    } finally { setBusy(false); }
  };
  return html`<${Dialog} title=${title} onClose=${onClose}><form onSubmit=${send} novalidate autocomplete="off">${children}
    ${fields.map(({ name, ...one }) => html`<${Field} key=${name} ...${one} name=${name} value=${values[name]} error=${faults[name]}
      onInput=${(e) => setValues({ ...values, [name]: e.target.value })} />`)}
    ${faults[''] && html`<p class="error" role="alert">▲ ${faults['']}</p>`}
    <p class="acts"><button type="button" onClick=${onClose}>${t('manager.cancel')}</button><button class="primary" disabled=${busy}>${title}</button></p></form></${Dialog}>`;
}

const filled = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

function Users({ directory }) {
  const read = useRead(() => get('/v1/users'));
  const [open, setOpen] = useState(null);
  const done = () => { setOpen(null); read.again(); };
  const change = (user, what, said) => patch(`/v1/users/${encodeURIComponent(user.user)}`, what)
    .then(() => { toast(said); read.again(); }, complain);
  const role = (value) => ({ name: 'role', label: t('admin.role'), options: roles(USER_ROLES), value });
  const person = (value) => ({ name: 'person', label: t('admin.person'), hint: t('admin.person_hint'), options: people(directory), value });
  return html`<div class="filters"><span class="grow"></span><button type="button" class="primary"
    onClick=${() => setOpen({ fresh: newPassword() })}>+ ${t('admin.new_user')}</button></div>
    <${Read} read=${read}>${({ users }) => html`<${Table} caption=${t('admin.users')} lines=${users} columns=${[
      { name: t('login.user'), show: (one) => html`<b>${one.user}</b>${one.disabled ? html` <em class="tag late">${t('admin.disabled')}</em>` : ''}${one.must_change
        ? html` <em class="tag">${t('admin.must_change')}</em>` : ''}` },
      { name: t('admin.role'), show: (one) => t(`role.${one.role}`) },
      { name: t('admin.person'), show: (one) => (one.person ? nameOf(one.person) : '–') },
      { name: t('admin.last_login'), show: (one) => html`<span class="num">${one.login_at_ms ? instant(one.login_at_ms) : '–'}</span>` },
      { name: html`<span class="hidden">${t('manager.acts')}</span>`, show: (one) => html`<span class="row-acts">
        <button type="button" onClick=${() => setOpen({ user: one })}>${t('admin.change')}</button>
        <button type="button" onClick=${() => setOpen({ reset: one, fresh: newPassword() })}>${t('admin.reset')}</button>
        <button type="button" class=${one.disabled ? '' : 'danger'}
          onClick=${() => change(one, { disabled: !one.disabled }, t('admin.saved'))}>${t(one.disabled ? 'admin.enable' : 'admin.disable')}</button></span>` },
    ]} />`}</${Read}>
    ${open?.fresh && !open.reset && html`<${Form} title=${t('admin.new_user')} said=${t('admin.saved')} onClose=${() => setOpen(null)} onDone=${done}
      make=${(v) => post('/v1/users', filled(v))}
      fields=${[{ name: 'user', label: t('login.user'), autocomplete: 'off' }, role('clerk'), person(''),
        { name: 'password', label: t('login.password'), hint: t('admin.password_hint'), value: open.fresh, autocomplete: 'off' }]} />`}
    ${open?.user && html`<${Form} title=${t('admin.change')} said=${t('admin.saved')} onClose=${() => setOpen(null)} onDone=${done}
      fields=${[role(open.user.role), person(open.user.person)]}
      make=${(v) => patch(`/v1/users/${encodeURIComponent(open.user.user)}`, v)}><p><b>${open.user.user}</b></p></${Form}>`}
    ${open?.reset && html`<${Form} title=${t('admin.reset')} said=${t('admin.saved')} onClose=${() => setOpen(null)} onDone=${done}
      fields=${[{ name: 'password', label: t('password.new'), hint: t('admin.password_hint'), value: open.fresh, autocomplete: 'off' }]}
      make=${(v) => patch(`/v1/users/${encodeURIComponent(open.reset.user)}`, v)}><p><b>${open.reset.user}</b></p></${Form}>`}`;
}

function Keys({ directory }) {
  const read = useRead(() => get('/v1/keys'));
  const [open, setOpen] = useState(null);
  const revoke = (one) => del(`/v1/keys/${encodeURIComponent(one.name)}`).then(() => { toast(t('admin.revoked')); setOpen(null); read.again(); }, complain);
  return html`<div class="filters"><p class="quiet">${t('admin.keys_hint')}</p><span class="grow"></span><button type="button" class="primary"
    onClick=${() => setOpen({ fresh: true })}>+ ${t('admin.new_key')}</button></div>
    <${Read} read=${read}>${({ keys }) => html`<${Table} caption=${t('admin.keys')} lines=${keys} empty=${t('admin.no_keys')} columns=${[
      { name: t('admin.key'), show: (one) => html`<b>${one.name}</b>` }, { name: t('admin.role'), show: (one) => t(`role.${one.role}`) },
      { name: t('admin.person'), show: (one) => (one.person ? nameOf(one.person) : '–') },
      { name: t('admin.made'), show: (one) => html`<span class="num">${instant(one.made_at_ms)}</span>` },
      { name: t('admin.used'), show: (one) => html`<span class="num">${one.used_at_ms ? instant(one.used_at_ms) : '–'}</span>` },
      { name: html`<span class="hidden">${t('manager.acts')}</span>`, show: (one) => (one.revoked_at_ms
        ? html`<em class="tag late">${t('admin.revoked')}</em> <span class="num">${instant(one.revoked_at_ms)}</span>`
        : html`<button type="button" class="danger" onClick=${() => setOpen({ revoke: one })}>${t('admin.revoke')}</button>`) },
    ]} />`}</${Read}>
    ${open?.fresh && html`<${Form} title=${t('admin.new_key')} said=${t('admin.saved')} onClose=${() => setOpen(null)} make=${(v) => post('/v1/keys', filled(v))}
      onDone=${(answer) => { setOpen({ key: answer.key }); read.again(); }} fields=${[{ name: 'name', label: t('admin.key'), autocomplete: 'off' },
        { name: 'role', label: t('admin.role'), options: roles(ROLES), value: 'phone' }, { name: 'person', label: t('admin.person'), options: people(directory) }]} />`}
    ${open?.key && html`<${Dialog} title=${t('admin.new_key')} onClose=${() => setOpen(null)}><p>${t('admin.key_once')}</p><p><code class="secret">${open.key}</code></p>
      <p class="acts"><button type="button" class="primary" onClick=${
        () => navigator.clipboard?.writeText(open.key).then(() => toast(t('admin.copied')), complain)}>${t('admin.copy')}</button></p></${Dialog}>`}
    ${open?.revoke && html`<${Dialog} title=${t('admin.revoke')} onClose=${() => setOpen(null)}><p>${t('admin.revoke_sure', { name: open.revoke.name })}</p>
      <p class="acts"><button type="button" class="danger" onClick=${() => revoke(open.revoke)}>${t('admin.revoke')}</button></p></${Dialog}>`}`;
}

function Audit() {
  const after = asked('after');
  const read = useRead(() => get(query('/v1/audit', { after })), after);
  return html`<${Read} read=${read}>${({ rows }) => html`<${Table} caption=${t('admin.audit')} lines=${rows} columns=${[
      { name: t('admin.at'), show: (one) => html`<span class="num nowrap">${instant(one.at_ms)}</span>` }, { name: t('admin.who'), show: (one) => one.who || '–' },
      { name: t('admin.address'), show: (one) => html`<span class="num">${one.address}</span>` },
      { name: t('admin.action'), show: (one) => word('admin.action', one.action) }, { name: t('admin.subject'), show: (one) => one.subject },
      { name: t('admin.outcome'), show: (one) => word('admin.outcome', one.outcome) }]} />
    <p class="acts">${after && html`<button type="button" onClick=${() => choose({ after: '' })}>${t('admin.first')}</button>`}
      ${rows.length > 0 && html`<button type="button" onClick=${() => choose({ after: String(rows.at(-1).id) })}>${t('admin.next')}</button>`}</p>`}</${Read}>`;
}

const sum = (list, name) => list.reduce((all, one) => all + Number(one[name]), 0);

function Status() {
  const read = useRead(() => get('/v1/status'));
  return html`<div class="filters"><span class="grow"></span><button type="button" onClick=${read.again}>${t('admin.again')}</button></div>
    <${Read} read=${read}>${(list) => html`<${Table} caption=${t('admin.status')} lines=${list} columns=${[
      { name: t('admin.service'), show: (one) => html`<b>${word('admin.service', one.service)}</b>` },
      { name: t('admin.state'), show: (one) => (one.store === 'up' && one.caught_up && !one.clock_alarm ? html`<span class="good">● ${t('admin.fine')}</span>`
        : html`<span class="error">▲ ${t(one.store !== 'up' ? 'admin.store_down' : one.clock_alarm ? 'admin.clock_alarm' : 'admin.behind')}</span>`) },
      { name: t('admin.now'), show: (one) => html`<span class="num">${instant(one.now_ms)}</span>` },
      { name: t('admin.pid'), num: true, show: (one) => one.pid },
      { name: t('admin.partitions'), num: true, show: (one) => one.partitions.length },
      { name: t('admin.entities'), num: true, show: (one) => sum(one.partitions, 'entities') },
      { name: t('admin.armed'), num: true, show: (one) => sum(one.partitions, 'armed') },
      { name: t('admin.tail'), num: true, show: (one) => sum(one.partitions, 'tail') }]} />`}</${Read}>`;
}

const VIEWS = { users: Users, keys: Keys, audit: Audit, status: Status };

export function Page({ directory }) {
  useRedraw(onPlace);
  const view = VIEWS[asked('view')] ? asked('view') : 'users';
  return html`<main class="page manager" id="main" tabindex="-1"><h1 class="hidden">${t('nav.admin')}</h1>
    <nav class="tabs" aria-label=${t('nav.admin')}>${Object.keys(VIEWS).map((one) => html`<a href="/admin?view=${one}"
      aria-current=${one === view ? 'page' : undefined}>${t(`admin.${one}`)}</a>`)}</nav>
    ${directory ? html`<${VIEWS[view]} key=${view} directory=${directory} />` : html`<p class="quiet">${t('loading')}</p>`}</main>`;
}
