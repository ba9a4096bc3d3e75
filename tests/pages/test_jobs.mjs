// SPDX-License-Identifier: MIT
// A technician's day on his phone, with a running installation behind it: without a signal, with a
// gateway that is killed, with two thumbs and two tabs, and each fact is recorded once, as of when it
// happened.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Department, PASSWORD } from './department.mjs';
import { axe, Browser, shot, signIn, waitFor, watchProblems } from './installation.mjs';

const USER = 'yang'; // the only one in the county town who repairs refrigerators
const JOBS = 3;
const TARGET_PX = 48;
let installation, browser, context, page, problems;

// What the front desk has done about a repair: it is his, the clock is the real one.
function aRepair(n) {
  const ticket = installation.tell('zhou', 'register', { kind: 'COMPLAINT', complaint_type: 'REPAIR', channel: 'PHONE',
    urgent: n === 3 || undefined, symptom: '不制冷，压缩机不转', customer: { phone: `1300000010${n}`, name: '陈国庆',
      address: `城东沿江路 ${n} 号 2 栋 301`, area: '城东', city: true, distance_m: 2000 },
    product: { category: 'refrigerator', brand: '沅水', model: 'BCD-186', serial: `YS2006-00${n}` } }, { territory: 'county' });
  const from_ms = Date.now() + 25 * 60000;
  installation.tell('zhou', 'fill_order', { order_no: `0703-${n}` }, { ticket });
  installation.tell('zhou', 'contact_customer', {}, { ticket });
  installation.tell('zhou', 'book_appointment', { from_ms, to_ms: from_ms + 7200000, wish: 'CUSTOMER' }, { ticket });
  return ticket;
}

// What this phone has stored, oldest first.
const stored = (at = page) => at.evaluate(async () => {
  const { inStore } = await import('/app/store.js');
  return inStore('acts', 'readonly', (store, ret) => {
    store.getAll().onsuccess = (e) => ret(e.target.result);
  });
});
const waiting = async () => (await stored()).filter((one) => one.state === 'waiting');
const nothingWaits = () => waitFor('everything to be sent', async () => !(await waiting()).length);

// What intake has recorded by him about a ticket, in the order of its journal.
const facts = (ticket) => JSON.parse(installation.ask('explain', ticket, '--json'))
  .filter((one) => one.id.startsWith('intake/') && one.data.by === USER)
  .map((one) => ({ word: one.type.replace('doorstep.intake.', ''), id: one.data.command_id,
    occurred_at_ms: Number(one.data.occurred_at_ms), data: one.data }));

const open = (ticket, at = page) => at.goto(`${installation.url}/jobs?job=${ticket}`)
  .then(() => at.waitForSelector('.job-head'));
const tab = (name) => page.tap(`.tabs a:nth-child(${['jobs', 'day', 'money', 'outbox'].indexOf(name) + 1})`);
const say = (text, at = page) => at.getByRole('button', { name: text, exact: true }).tap();
const tickets = [];

before(async () => {
  installation = await Department.start([[USER, 'technician'], ['chen', 'technician']]);
  for (let n = 1; n <= JOBS; n++) tickets.push(aRepair(n));
  browser = await Browser.start();
  context = await browser.phone();
  page = await context.newPage();
  problems = watchProblems(page);
  await signIn(page, installation.url, USER, PASSWORD);
  await page.waitForSelector('.tabs');
  await waitFor('all jobs', async () => await page.locator('.card').count() === JOBS);
  // the phone has what it needs to do without us
  await waitFor('the details on the phone', () => page.evaluate(async () => {
    const { inStore } = await import('/app/store.js');
    const keys = await inStore('seen', 'readonly', (store, ret) => {
      store.getAllKeys().onsuccess = (e) => ret(e.target.result);
    });
    return keys.filter((key) => key.includes(' order ')).length === 3 && keys.some((key) => key.endsWith(' rows')) &&
      (await navigator.serviceWorker.getRegistration('/jobs'))?.active?.state === 'activated';
  }));
});

after(async () => {
  await browser?.close();
  await installation?.close();
});

test('two taps are one acceptance', async () => {
  await shot(page, 'list');
  await open(tickets[0]);
  await shot(page, 'offered');
  const button = page.getByRole('button', { name: '接单', exact: true });
  const at = await button.boundingBox();
  await button.evaluate((one) => { one.click(); one.click(); });
  await page.waitForSelector('.steps');
  // where the next step's button is by now
  await page.touchscreen.tap(at.x + at.width / 2, at.y + at.height / 2);
  await page.waitForSelector('.steps');
  await nothingWaits();
  assert.deepEqual(facts(tickets[0]).map((one) => one.word), ['accepted']);
});

test('two tabs are one acceptance', async () => {
  const other = await context.newPage();
  await Promise.all([open(tickets[1]), open(tickets[1], other)]);
  await Promise.all([page, other].map((one) => one.evaluate(() => [...document.querySelectorAll('.act-bar .primary')]
    .find((button) => button.textContent === '接单')?.click())));
  await Promise.all([page, other].map((one) => one.waitForSelector('.steps')));
  await nothingWaits();
  assert.deepEqual(facts(tickets[1]).map((one) => one.word), ['accepted']);
  await other.close();
});

test('three acts without a signal, a reload, a killed gateway: three facts as of when they happened', async () => {
  await open(tickets[0]);
  await context.setOffline(true);
  await say('已联系上');
  await waitFor('stored', async () => (await waiting()).length === 1);
  await shot(page, 'offline');
  await page.reload();
  await page.waitForSelector('.job-head');
  await page.getByText('城东沿江路').waitFor(); // the details were kept, too
  const arrived = page.getByRole('button', { name: /^(已到现场|早到，用户在家)$/ });
  await arrived.tap();
  await say('已完工');
  await waitFor('stored', async () => (await waiting()).length === 3);
  await waitFor('the badge', async () => parseInt(await page.locator('.tabs .badge').innerText(), 10) === 3);
  await shot(page, 'offline-done');
  await tab('outbox');
  await page.waitForSelector('.act.waiting');
  await shot(page, 'outbox-offline');
  const made = await waiting();
  assert.deepEqual(made.map((one) => one.word), ['contact_customer', 'check_in', 'complete']);
  const pid = await waitFor('the gateway', () => installation.gateway());
  process.kill(pid, 'SIGKILL');
  await context.setOffline(false);
  await nothingWaits();
  const recorded = facts(tickets[0]).slice(1);
  assert.deepEqual(recorded.map((one) => one.word), ['customer_contacted', 'checked_in', 'completed']);
  assert.deepEqual(recorded.map((one) => one.id), made.map((one) => one.id));
  assert.deepEqual(recorded.map((one) => one.occurred_at_ms), made.map((one) => one.occurred_at_ms));
  // and all bytes were those of the first attempt
  assert.deepEqual((await stored()).filter((one) => made.some((was) => was.id === one.id)).map((one) => one.body),
    made.map((one) => one.body));
});

test('a gateway that dies with the answer on its way: the fact is there once', async () => {
  await open(tickets[1]);
  let cut = 0;
  await page.route('**/v1/commands', async (route) => {
    if (cut++) return route.continue();
    await route.fetch(); // it is recorded,
    return route.abort(); // and nobody hears of it
  });
  await say('已联系上');
  await nothingWaits();
  await page.unroute('**/v1/commands');
  assert.ok(cut >= 2);
  assert.deepEqual(facts(tickets[1]).map((one) => one.word), ['accepted', 'customer_contacted']);
});

test('the result, with what helped; the job leaves the list', async () => {
  await open(tickets[0]);
  await say('填报结果');
  await page.waitForSelector('dialog[open]');
  await page.getByText('修好了', { exact: true }).tap();
  await page.getByLabel('故障原因').fill('启动电容失效');
  await page.getByLabel('处理方法').fill('更换启动电容');
  await page.getByLabel('所用配件').fill('电容 4uF');
  await page.getByLabel('工时费', { exact: true }).fill('3,5,0');
  await shot(page, 'result');
  assert.deepEqual(await axe(page), []);
  await say('提交结果');
  await page.getByText('应为金额').waitFor();
  await page.getByLabel('工时费', { exact: true }).fill('35.50');
  await page.getByLabel('材料费', { exact: true }).fill('12');
  await say('提交结果');
  await nothingWaits();
  const result = facts(tickets[0]).at(-1);
  assert.equal(result.word, 'result_filed');
  const said = result.data.result_filed.result;
  assert.deepEqual([said.fixed, said.cause, said.remedy, Number(said.labour_fen), Number(said.parts_fen)],
    [true, '启动电容失效', '更换启动电容', 3550, 1200]);
  assert.match(said.note, /机号: YS2006-00\d/);
  await page.goto(`${installation.url}/jobs`);
  await waitFor('it to leave', async () => await page.locator('.card').count() === JOBS - 1);
});

test('a delay pauses, and goes on', async () => {
  await open(tickets[1]);
  await say('报告延误');
  await page.getByText('待配件').tap();
  await page.getByLabel('等什么配件').fill('压缩机');
  await shot(page, 'delay');
  await say('登记');
  await page.getByRole('button', { name: '恢复施工' }).waitFor();
  await nothingWaits();
  await say('恢复施工');
  await nothingWaits();
  assert.deepEqual(facts(tickets[1]).slice(2).map((one) => one.word), ['delay_reported', 'resumed']);
});

test('a job is rejected with its reason', async () => {
  await open(tickets[2]);
  await say('拒单');
  await page.getByText('太远，赶不到').tap();
  await shot(page, 'reject');
  assert.deepEqual(await axe(page), []);
  await page.locator('dialog').getByRole('button', { name: '拒单' }).tap();
  await nothingWaits();
  const [rejected] = facts(tickets[2]);
  assert.equal(rejected.word, 'rejected');
  assert.equal(rejected.data.rejected.reason, '太远，赶不到');
});

const inPage = (work, more) => page.evaluate(work, more);

test('what is refused is shown with its sentence, holds up nobody, and stays until it is deleted', async () => {
  await page.goto(`${installation.url}/jobs?tab=outbox`);
  await page.waitForSelector('.tabs');
  await inPage(async (ticket) => {
    const { act } = await import('/app/outbox.js');
    await act({ to: { ticket: 'T007-99999' }, word: 'urge', said: {} });
    await act({ to: { ticket: 'T007-99999' }, word: 'report_delay', said: { reason: 'PARTS', note: 'x' } });
    await act({ to: { ticket }, word: 'contact_customer', said: { note: '后来的' } });
  }, tickets[1]);
  await nothingWaits();
  await waitFor('the refusals', async () => await page.locator('.act.refused .error').count() === 2);
  assert.match(await page.locator('.act.refused .error').first().innerText(), /[\u4e00-\u9fff]/);
  assert.deepEqual(await axe(page), []);
  await shot(page, 'refused');
  await page.reload();
  await waitFor('they stay', async () => await page.locator('.act.refused').count() === 2);
  await page.getByRole('button', { name: '更正' }).last().tap();
  await page.waitForSelector('dialog[open]');
  await page.locator('dialog').getByLabel('备注').fill('压缩机');
  await page.getByRole('button', { name: '重新发送' }).tap();
  await waitFor('it to be tried again', async () => (await stored()).some((one) => one.supersedes && one.state === 'refused'));
  for (let left = 2; left > 0; left--) {
    await page.getByRole('button', { name: '删除' }).first().tap();
    await waitFor('it to go', async () => await page.locator('.act.refused').count() === left - 1);
  }
  assert.equal(facts(tickets[1]).at(-1).data.customer_contacted.note, '后来的');
});

test('what is too old to be recognised goes anew: the same fact of the same instant', async () => {
  const old = await inPage(async (ticket) => {
    const { inStore } = await import('/app/store.js');
    const { now } = await import('/app/time.js');
    const { sendAll } = await import('/app/outbox.js');
    const at_ms = Math.round(now());
    const one = { user: 'yang', by: 'yang', id: `old-${at_ms}`, key: ticket, to: { ticket }, word: 'contact_customer',
      said: { failed: true }, pace: 1, made_at_ms: at_ms - 25 * 3600000, occurred_at_ms: at_ms - 60000,
      device_ms: Date.now(), state: 'waiting' };
    one.body = JSON.stringify({ made_at_ms: one.made_at_ms, occurred_at_ms: one.occurred_at_ms, by: one.by, ticket,
      contact_customer: one.said });
    await inStore('acts', 'readwrite', (store) => { store.add(one); });
    sendAll();
    return one;
  }, tickets[1]);
  await nothingWaits();
  const again = (await stored()).find((one) => one.supersedes === old.id);
  assert.equal(again.state, 'sent');
  const told = facts(tickets[1]).find((one) => one.id === again.id);
  assert.equal(told.occurred_at_ms, old.occurred_at_ms);
  assert.equal(facts(tickets[1]).filter((one) => one.occurred_at_ms === old.occurred_at_ms).length, 1);
});

test('signed out: what he does waits for him, and for nobody else', async () => {
  await open(tickets[1]);
  await context.clearCookies();
  await inPage(async (ticket) => {
    const { act } = await import('/app/outbox.js');
    await act({ to: { ticket }, word: 'contact_customer', said: { note: 'signed out' } });
  }, tickets[1]);
  await page.waitForSelector('[name=password]'); // the shell asks
  assert.equal((await waiting()).length, 1);
  await signIn(page, installation.url, 'chen', PASSWORD);
  await page.waitForSelector('.tabs');
  assert.equal(await page.locator('.badge').count(), 0);
  assert.equal((await waiting()).length, 1);
  await context.clearCookies();
  await signIn(page, installation.url, USER, PASSWORD);
  await page.waitForSelector('.tabs');
  await nothingWaits();
  const told = facts(tickets[1]).filter((one) => one.data.customer_contacted?.note === 'signed out');
  assert.equal(told.length, 1);
});

test('a phone whose clock is wrong reports by the department\'s', async () => {
  const wrong = await browser.phone();
  const ahead_ms = 7 * 60000;
  await wrong.addInitScript((by) => {
    const true_now = Date.now.bind(Date);
    Date.now = () => true_now() + by;
  }, ahead_ms);
  const other = await wrong.newPage();
  await signIn(other, installation.url, USER, PASSWORD);
  await other.waitForSelector('.tabs');
  await other.getByText(/手机时间快了 0[67]:/).waitFor();
  await shot(other, 'skew');
  await open(tickets[1], other);
  const before_ms = await other.evaluate(async () => (await import('/app/time.js')).now());
  assert.ok(Math.abs(before_ms - await inPage(async () => (await import('/app/time.js')).now())) < 3000);
  await other.evaluate(async (ticket) => {
    const { act } = await import('/app/outbox.js');
    await act({ to: { ticket }, word: 'contact_customer', said: { note: 'skewed' } });
  }, tickets[1]);
  const told = await waitFor('the fact', () =>
    facts(tickets[1]).find((one) => one.data.customer_contacted?.note === 'skewed'));
  assert.ok(Math.abs(told.occurred_at_ms - before_ms) < 3000);
  await wrong.close();
});

test('the report of the day, and my money', async () => {
  await tab('day');
  await page.getByLabel('今天的情况').fill('三单，一单待配件');
  await shot(page, 'day');
  assert.deepEqual(await axe(page), []);
  await say('登记');
  await page.getByText('已报').waitFor();
  await nothingWaits();
  await tab('money');
  await page.getByText('月结单').waitFor();
  await shot(page, 'money');
  assert.deepEqual(await axe(page), []);
});

test('one thumb: targets, width, both languages, both themes', async () => {
  for (const [lang, dark] of [['zh', false], ['en', true]]) {
    const look = await browser.phone({ lang, dark });
    const at = await look.newPage();
    const said = watchProblems(at);
    await signIn(at, installation.url, USER, PASSWORD);
    await at.waitForSelector('.card');
    for (const where of ['', `?job=${tickets[1]}`, '?tab=day', '?tab=money', '?tab=outbox', `?job=${tickets[1]}&ticket=${tickets[1]}`]) {
      await at.goto(`${installation.url}/jobs${where}`);
      await at.waitForSelector(where.includes('ticket=') ? '.promise' : where.includes('job=') ? '.who' : '.card, .sheet');
      assert.deepEqual(await axe(at), [], where);
      assert.ok(await at.evaluate(() => document.documentElement.scrollWidth <= 390), where);
      const small = await at.evaluate((least) => [...document.querySelectorAll(
        '.jobs button, .jobs .button, .jobs .card, .jobs input, .tabs a, .back')]
        .filter((one) => one.getBoundingClientRect().height < least).map((one) => one.outerHTML), TARGET_PX);
      if (!where.includes('ticket=')) assert.deepEqual(small, [], where);
      await shot(at, `${lang}-${dark ? 'dark' : 'light'}${where.replace(/\W+/g, '-')}`);
    }
    assert.deepEqual(said, []);
    await look.close();
  }
  assert.deepEqual(problems, []);
});
