// SPDX-License-Identifier: MIT
// A manager's month end in a real browser, on part of the example day: decides, looks behind a fine,
// closes the month, reads the papers, tries another rulebook. What others may not do, and axe.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { axe, Browser, Installation, shot, signIn, waitFor, watchProblems } from './installation.mjs';

const SOURCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const RULEBOOK = fs.readFileSync(path.join(SOURCE, 'deploy/rulebook.yaml'), 'utf8');
// Orders with a late acceptance and with callbacks that contradict; two reports of the manager; sheets.
const KEPT = /"id":"(d008|d017|d021|d022)-|"ref":"(d008|d017|d021|d022)"|"id":"(c-(d008|d017|d021|d022)|m-box|m-private|sheet-)/;
const DAY = fs.readFileSync(path.join(SOURCE, 'deploy/examples/day.ndjson'), 'utf8').split('\n').filter((line) => KEPT.test(line));

// Two units come back for want of workmanship, and nobody is known who answers for it (7.18).
const returned = (now_ms) => ['back-1', 'back-2'].flatMap((ref) => [
  { id: `${ref}-register`, register: { kind: 'COMPLAINT', complaint_type: 'REPAIR', channel: 'COUNTER', ref, symptom: '不开机',
    customer: { phone: `1300009000${ref.at(-1)}`, name: '郑先生', address: '城东建设路 1 号', area: '城东', city: true },
    product: { category: 'television', model: 'C21' } } },
  { id: `${ref}-return`, ref, record_return: { cause: 'WORKMANSHIP', taken_in: 'EXCHANGE' } },
].map((said) => JSON.stringify({ by: 'zhou', territory: 'county', made_at_ms: now_ms, ...said })));

let one;
let browser;
let page;
let problems;

async function open(user, { dark = false, lang = 'zh' } = {}) {
  const context = await browser.chromium.newContext({ viewport: { width: 1440, height: 900 },
    colorScheme: dark ? 'dark' : 'light', acceptDownloads: true });
  await context.addInitScript((choice) => localStorage.setItem('doorstep.language', choice), lang);
  const opened = await context.newPage();
  await signIn(opened, one.url, user, one.password(user));
  await opened.waitForURL((url) => url.pathname !== '/login');
  return opened;
}

const goTo = async (at, what) => {
  await page.goto(one.url + at);
  await page.waitForSelector(what);
};
const send = () => page.click('dialog[open] .acts button:last-child');
const gone = () => page.waitForSelector('dialog[open]', { state: 'detached' });
const read = (words) => JSON.parse(one.ask(...words, '--json'));

before(async () => {
  one = await Installation.start(DAY, 'step');
  // what to look at is said when the day was played to its end
  await waitFor('the end of the day', () => /ledger --csv/.test(one.said), 300000);
  const now_ms = JSON.parse(one.ask('status', '--json').split('\n')[0]).now_ms;
  const file = path.join(one.root, 'returned.ndjson');
  fs.writeFileSync(file, returned(now_ms).join('\n') + '\n');
  one.ask('submit', file);
  await waitFor('two proposals', () => read(['proposals']).length === 2);
  browser = await Browser.start();
  page = await open('liu');
  problems = watchProblems(page);
});

after(async () => {
  await browser?.close();
  await one?.close();
});

test('a proposal is confirmed with a note, another rejected with a reason, none without', async () => {
  await goTo('/manager?view=decide', '.row-acts');
  const proposals = read(['proposals']);
  assert.equal(proposals.length, 2);
  await shot(page, 'manager-decide');
  assert.deepEqual(await axe(page), []);
  const line = (key) => page.locator('tbody tr', { has: page.locator(`a[href*="${encodeURIComponent(key)}"]`) });
  const [first, second] = proposals.map((item) => item.key);
  await line(first).locator('button').first().click();
  await send();
  assert.equal(await page.locator('dialog [name=account]').getAttribute('aria-invalid'), 'true', 'nobody was known');
  await page.selectOption('dialog [name=account]', 'person:wang');
  await page.fill('dialog [name=note]', '焊点虚焊');
  await send();
  await gone();
  assert.equal(read(['ledger']).find((row) => row.clause === '7.18').account, 'person:wang');
  await line(second).locator('button').nth(1).click();
  await send();
  assert.equal(await page.locator('dialog [name=reason]').getAttribute('aria-invalid'), 'true');
  assert.deepEqual(await axe(page), []);
  await page.fill('dialog [name=reason]', '用户同意脱鞋');
  await send();
  await gone();
  const states = Object.fromEntries(read(['proposals', '--all']).map((item) => [item.key, item.state]));
  assert.equal(states[first], 'confirmed');
  assert.equal(states[second], 'rejected');
});

test('a violation is reported; what is missing or no amount is said beside its field', async () => {
  await goTo('/manager?view=decide', '.filters .primary:not([disabled])');
  await page.click('.filters .primary');
  await page.selectOption('#violation-clause', '7.17');
  await send();
  for (const name of ['account', 'amount_fen', 'note']) {
    assert.equal(await page.locator(`dialog [name=${name}]`).getAttribute('aria-invalid'), 'true', name);
  }
  await page.selectOption('dialog [name=account]', 'person:wang');
  await page.fill('dialog [name=amount_fen]', '十二');
  await page.fill('dialog [name=note]', '少一只遥控器');
  await send();
  assert.equal(await page.locator('dialog [name=amount_fen]').getAttribute('aria-invalid'), 'true');
  await shot(page, 'manager-violation-wrong');
  await page.fill('dialog [name=amount_fen]', '120.50');
  await send();
  await gone();
  const entry = read(['ledger']).find((row) => row.clause === '7.17' && row.account === 'person:wang');
  assert.equal(entry.amount_fen, '-12050');
});

test('from the sums of the ledger to an entry, its clause and its story; it is paid in parts and reversed', async () => {
  await goTo('/manager?view=ledger&month=2007-03', 'table');
  const sum = read(['ledger', '--month', '2007-03']).reduce((all, row) => all + Number(row.amount_fen), 0) / 100;
  const shown = await page.locator('table').first().locator('tr').last().locator('td').last().innerText();
  assert.equal(Number(shown.replace(/[^\d.-]/g, '')), sum);
  await shot(page, 'manager-ledger');
  assert.deepEqual(await axe(page), []);
  await page.click('a[href*="person=person%3Achen"]');
  await page.waitForURL(/person=person/);
  await page.locator('table').nth(1).locator('td.num a').first().click();
  await page.waitForSelector('dialog .story li.about');
  const told = await page.locator('dialog').innerText();
  for (const part of ['派出的工单没有按时接收', '收回 #1', '7.1/person:chen/']) assert.ok(told.includes(part), part);
  await shot(page, 'manager-entry');
  assert.deepEqual(await axe(page), []);
  const key = new URL(page.url()).searchParams.get('key');
  await page.click('dialog .danger');
  await page.fill('dialog [name=reason]', '系网络故障');
  await page.locator('dialog[open]').last().locator('.acts button').last().click();
  await waitFor('the reversal', () => read(['ledger']).find((row) => row.reverses === key));
  const loss = read(['ledger']).find((row) => row.clause === '7.17').key;
  await goTo(`/manager?view=ledger&key=${encodeURIComponent(loss)}`, 'dialog .acts');
  await page.click('dialog .acts button:nth-child(2)');
  await page.fill('dialog [name=months]', '1');
  await page.locator('dialog[open]').last().locator('.acts button').last().click();
  assert.equal(await page.locator('dialog [name=months]').getAttribute('aria-invalid'), 'true');
  await page.fill('dialog [name=months]', '3');
  await page.locator('dialog[open]').last().locator('.acts button').last().click();
  await waitFor('three parts', () => /"months":3/.test(one.ask('statement', '--account', loss.split('/')[1], '--month', '2007-03', '--json')));
});

test('the month is closed; a statement prints; what comes later says so', async () => {
  await goTo('/manager?view=month&month=2007-03', '.card .primary:not([disabled])');
  await page.waitForSelector('tfoot');
  await shot(page, 'manager-month');
  assert.deepEqual(await axe(page), []);
  await page.locator('.card .primary').first().click();
  await send();
  await gone();
  await waitFor('a closed month', () => read(['month']).find((row) => row.closed === '2007-03'));
  await goTo('/manager?view=statement&month=2007-03&account=person:wang', '.statement .sums');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.bar').isVisible(), false);
  assert.equal(await page.locator('.signatures').isVisible(), true);
  await shot(page, 'manager-statement-print');
  await page.emulateMedia({ media: null });
  assert.deepEqual(await axe(page), []);
});

test('papers: charts, tables, and the same as a workbook', async () => {
  await goTo('/manager?view=reports&kind=annual&at=2007', '.chart canvas');
  assert.equal(await page.locator('.chart canvas').count(), 3);
  await shot(page, 'manager-annual');
  assert.deepEqual(await axe(page), []);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.downloads a')]);
  assert.equal(download.suggestedFilename(), 'annual 2007.xlsx');
  assert.equal(fs.readFileSync(await download.path()).subarray(0, 2).toString(), 'PK');
  for (const [kind, at] of [['daily', '2007-03-01'], ['weekly', '2007-03-01'], ['monthly', '2007-03']]) {
    await goTo(`/manager?view=reports&kind=${kind}&at=${at}`, 'section.paper');
    assert.deepEqual(await axe(page), [], kind);
  }
  for (const view of ['waits', 'sheet&month=2007-03']) {
    await goTo(`/manager?view=${view}`, '.filters');
    assert.deepEqual(await axe(page), [], view);
  }
});

test('another rulebook: faults by their place, changes with their cost, then in force from a day', async () => {
  const file = (text) => ({ name: 'rulebook.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) });
  const compare = async (text, what) => {
    await page.locator('input[type=file]').first().setInputFiles(file(text));
    await page.click('.files .primary:not([disabled])');
    await page.waitForSelector(what);
  };
  await goTo('/manager?view=rules', 'input[type=file]');
  assert.ok(await page.locator('.tag.ours').count() > 10);
  assert.deepEqual(await axe(page), []);
  await compare(RULEBOOK.replace('limit: 12h', 'limit: 12x'), '.faults');
  assert.match(await page.locator('.faults').innerText(), /clocks\.result\.limit.*12x/s);
  await compare(RULEBOOK, '.files + p');
  await compare(RULEBOOK.replace('limit: 12h', 'limit: 10h'), '.activate');
  assert.match(await page.locator('#main .paper').innerText(), /10 小时内\(原为 12 小时内\)/);
  await shot(page, 'manager-rules');
  assert.deepEqual(await axe(page), []);
  await page.fill('.activate [type=date]', '2007-03-01');
  assert.equal(await page.locator('.activate [type=date]').getAttribute('aria-invalid'), 'true');
  await page.fill('.activate [type=date]', '2007-06-01');
  await page.check('.activate [type=checkbox]');
  await page.click('.activate .primary');
  await waitFor('a version that waits', () => read(['rulebook', 'list']).versions.find((row) =>
    row.state === 'waits' && row.effective_from.startsWith('2007-05-31T16:00')));
});

test('a clerk and a technician are refused, in the menu and by the server', async () => {
  for (const user of ['zhou', 'chen']) {
    const other = await open(user);
    assert.equal(await other.locator('nav a[href="/manager"]').count(), 0, user);
    const answer = await other.evaluate(async () => {
      const { csrf } = await (await fetch('/v1/session')).json();
      const ask = (path, more) => fetch(path, more).then((reply) => reply.status);
      const headers = { 'X-Doorstep-CSRF': csrf, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
      return [await ask('/v1/reports/annual?year=2007'), await ask('/v1/rulebook/versions/in-force'), await ask('/v1/users'),
        await ask('/v1/rulebook/diff', { method: 'POST', headers, body: '{"rulebook_yaml":""}' }),
        await ask('/v1/commands', { method: 'POST', headers, body: '{"territory":"county","close_month":{"month":200704}}' })];
    });
    assert.deepEqual(answer, [403, 403, 403, 403, 403], user);
    await other.context().close();
  }
});

test('in English and in the dark', async () => {
  const dark = await open('liu', { dark: true, lang: 'en' });
  for (const [name, at, what] of [['decide', 'decide&all=1', 'table'], ['ledger', 'ledger&month=2007-03', 'table'], ['month', 'month&month=2007-03', 'tfoot'],
    ['annual', 'reports&kind=annual&at=2007', '.chart canvas'], ['rules', 'rules', '.tag.ours']]) {
    await dark.goto(`${one.url}/manager?view=${at}`);
    await dark.waitForSelector(what);
    await shot(dark, `manager-${name}-en-dark`);
    assert.deepEqual(await axe(dark), [], name);
  }
  await dark.context().close();
});

test('users, keys, audit, status', async () => {
  page = await open('admin');
  await goTo('/admin?view=users', 'table');
  await shot(page, 'admin-users');
  assert.deepEqual(await axe(page), []);
  await page.click('.filters .primary');
  await page.fill('dialog [name=user]', 'no such name!');
  await send();
  await page.waitForSelector('dialog [role=alert]');
  await page.fill('dialog [name=user]', 'qin');
  await page.selectOption('dialog [name=person]', 'lin');
  await send();
  await gone();
  await page.waitForSelector('text=qin');
  await goTo('/admin?view=keys', '.filters .primary');
  await page.click('.filters .primary');
  await page.fill('dialog [name=name]', 'pbx');
  await page.selectOption('dialog [name=role]', 'phone');
  await page.selectOption('dialog [name=person]', 'phone');
  await send();
  await page.waitForSelector('dialog .secret');
  assert.deepEqual(await axe(page), []);
  for (const view of ['audit', 'status']) {
    await goTo(`/admin?view=${view}`, 'tbody tr');
    await shot(page, `admin-${view}`);
    assert.deepEqual(await axe(page), [], view);
  }
  assert.equal(await page.locator('tbody tr').count(), 5);
});

test('nothing went wrong in the console', () => assert.deepEqual(problems, []));
