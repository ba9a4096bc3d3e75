// SPDX-License-Identifier: MIT
// A clerk's morning through the page, on an installation that runs: calls, a report from its first word
// to the booked visit, wrong inputs, a moment without a line, dispatch, callbacks, the printed order.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Department, PASSWORD } from './department.mjs';
import { axe, Browser, shot, signIn, waitFor, watchProblems } from './installation.mjs';

let department;
let browser;
const problems = [];

before(async () => {
  department = await Department.start([['zhou', 'clerk'], ['tan', 'clerk'], ['liu', 'manager']]);
  browser = await Browser.start();
});
after(async () => {
  await browser?.close();
  await department?.close();
});

async function desk(user, { lang = 'zh', dark = false, width = 1280, height = 800 } = {}) {
  const context = await browser.chromium.newContext({ viewport: { width, height }, locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: dark ? 'dark' : 'light', acceptDownloads: false });
  await context.addInitScript((choice) => localStorage.setItem('doorstep.language', choice), lang);
  const page = await context.newPage();
  problems.push(watchProblems(page));
  page.setDefaultTimeout(45000);
  await signIn(page, department.url, user, PASSWORD);
  await page.waitForSelector('.connection:is(.live, .behind)');
  await page.waitForSelector('.desk');
  return page;
}

const value = (page, name) => page.inputValue(`form [name="${name}"]`);
// The page puts it there when the answer is drawn.
const focusOn = (page, name) => page.waitForFunction((n) => document.activeElement.name === n, name);
const text = (page, selector) => page.locator(selector).innerText();
const gone = (page, selector) => page.waitForSelector(selector, { state: 'detached' });

async function report(page, { phone, name = '钱进', category = 'air_conditioner', symptom = '不制冷' }) {
  await page.keyboard.press('Alt+n');
  await page.waitForFunction(() => document.activeElement.name === 'customer.phone' && !document.activeElement.value);
  await page.keyboard.type(phone);
  await page.keyboard.press('Enter');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await page.keyboard.type('人民路 12 号');
  await page.selectOption('[name="product.category"]', category);
  await page.fill('[name="symptom"]', symptom);
}

const clean = async (page, what) => assert.deepEqual(await axe(page), [], what);

test('a call pops up the customer and takes no focus; one screen brings him from the report to the visit', async () => {
  const page = await desk('zhou');
  await page.fill('[name="customer.name"]', '正在写');
  department.rings('call-1', '13000000001');
  await page.waitForSelector('.ring');
  assert.match(await text(page, '.ring'), /13000000001/);
  await focusOn(page, 'customer.name');
  assert.equal(await value(page, 'customer.name'), '正在写');
  await page.waitForSelector('.ring-who h3');
  await shot(page, 'desk-call-zh');
  await clean(page, 'a call');

  await page.keyboard.press('F2');
  await page.waitForFunction(() => document.querySelector('[name="customer.phone"]').value === '13000000001');
  assert.equal(await value(page, 'customer.name'), '');
  await page.keyboard.press('Control+Enter');
  assert.match(await text(page, '.field:has([name="product.category"])'), /必填/);
  await focusOn(page, 'product.category');
  await shot(page, 'desk-needed-zh');
  await page.selectOption('[name="product.category"]', 'air_conditioner');
  await page.fill('[name="customer.name"]', '钱进');
  await page.fill('[name="customer.address"]', '人民路 12 号');
  await page.fill('[name="product.model"]', 'KFR-35GW');
  await page.fill('[name="symptom"]', '不制冷，外机有响声');
  await page.fill('[name="order_no"]', '1124-0041');
  await page.click('.touches button:last-child');
  await page.fill('[name="from"]', '25');
  await page.keyboard.press('Control+Enter');
  assert.match(await text(page, '.field:has([name="from"])'), /应为时刻/);
  await page.fill('[name="from"]', '1430');
  await page.keyboard.press('Enter');
  assert.equal(await value(page, 'from'), '14:30');
  await shot(page, 'desk-report-zh');
  await clean(page, 'a report');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.sent .primary');
  const [{ ticket }] = department.openOf('13000000001');
  assert.match(await text(page, '.sent'), new RegExp(`${ticket} 已登记、填单、预约`));
  const happened = department.happened(ticket);
  for (const word of ['registered', 'order_filled', 'customer_contacted', 'appointment_booked']) assert.equal(happened[word], 1, word);
  assert.match(await text(page, '.order-clock'), /按时/);
  await page.keyboard.press('Alt+n');
  await page.waitForFunction(() => document.querySelector('[name="order_no"]')?.value === '1124-0042');
  await page.context().close();
});

test('a call about what is open finds its ticket: urge or link, never a second one', async () => {
  const page = await desk('zhou', { lang: 'en' });
  const [{ ticket }] = department.openOf('13000000001');
  await page.keyboard.press('Alt+n');
  await page.fill('[name="customer.phone"]', '13000000001');
  await page.waitForFunction(() => document.querySelector('[name="customer.name"]').value === '钱进');
  await page.selectOption('[name="product.category"]', 'air_conditioner');
  await page.waitForSelector('.repeated');
  assert.match(await text(page, '.repeated'), new RegExp(ticket));
  await page.fill('[name="symptom"]', 'asks when somebody comes');
  await shot(page, 'desk-repeated-en');
  await clean(page, 'a repeated call');
  await page.click('.repeated .primary');
  await page.waitForSelector('.case .facts');
  assert.equal(department.happened(ticket).urged, 1);

  await page.keyboard.press('Alt+n');
  await page.fill('[name="customer.phone"]', '13000000001');
  await page.selectOption('[name="product.category"]', 'air_conditioner');
  await page.click('.repeated button:nth-of-type(2)');
  await page.waitForSelector('.case .facts');
  assert.equal(department.happened(ticket).report_repeated, 1);
  assert.equal(department.openOf('13000000001').length, 1);
  await shot(page, 'desk-ticket-en');
  await page.context().close();
});

test('what is wrong is said beside its field, in both languages', async () => {
  for (const lang of ['zh', 'en']) {
    const page = await desk('zhou', { lang });
    await report(page, { phone: '13x', category: 'television' });
    await page.uncheck('[name="customer.city"]');
    await page.fill('[name="customer.distance_m"]', 'far');
    await page.keyboard.press('Control+Enter');
    assert.match(await text(page, '.field:has([name="customer.distance_m"])'), lang === 'zh' ? /应为数字/ : /A number/);
    await page.fill('[name="customer.distance_m"]', '9.5');
    await page.keyboard.press('Control+Enter');
    const wrong = page.locator('.field:has([name="customer.phone"]) .error');
    await wrong.waitFor();
    assert.match(await wrong.innerText(), lang === 'zh' ? /字符/ : /1\.\.32 of/);
    await focusOn(page, 'customer.phone');
    assert.equal(await page.getAttribute('[name="customer.phone"]', 'aria-invalid'), 'true');
    await shot(page, `desk-wrong-${lang}`);
    await clean(page, 'a fault');
    await page.context().close();
  }
});

test('a draft outlives a reload; without a line nothing is lost and nothing sent twice', async () => {
  const page = await desk('zhou');
  await report(page, { phone: '13000000002', name: '孙丽', category: 'washing_machine', symptom: '不脱水' });
  await page.reload();
  await page.waitForSelector('form.report');
  assert.equal(await value(page, 'customer.name'), '孙丽');
  assert.equal(await value(page, 'symptom'), '不脱水');

  // it arrives, but its answer is lost
  let swallowed = 0;
  await page.route('**/v1/commands', async (route) => {
    if (swallowed < 3) {
      swallowed++;
      await route.fetch();
      await route.abort();
    } else await route.continue();
  });
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.sent');
  const [{ ticket }] = department.openOf('13000000002');
  await waitFor('what was lost to be asked again', () => department.happened(ticket).customer_contacted === 1);
  assert.equal(department.happened(ticket).registered, 1);
  assert.equal(department.openOf('13000000002').length, 1);
  assert.equal(swallowed, 3);
  await page.unroute('**/v1/commands');

  await report(page, { phone: '13000000003', name: '李四', category: 'refrigerator' });
  await page.waitForSelector('.context h3');
  await page.context().setOffline(true);
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.send-line [role=alert] .error');
  assert.match(await text(page, '.send-line'), /恢复连接后自动再发/);
  assert.equal(await page.isDisabled('[name="symptom"]'), true);
  await shot(page, 'desk-offline-zh');
  assert.equal(department.openOf('13000000003').length, 0);
  await page.context().setOffline(false);
  await page.waitForSelector('.sent');
  const [{ ticket: later }] = department.openOf('13000000003');
  assert.equal(department.happened(later).registered, 1);
  await page.context().close();
});

test('a grievance about a job of late is a service complaint about its ticket, and needs no visit', async () => {
  const [{ ticket }] = department.openOf('13000000002');
  department.tell('zhou', 'cancel', { reason: '自行修好' }, { ticket });
  const page = await desk('zhou', { dark: true, width: 1920, height: 1080 });
  await page.keyboard.press('Alt+n');
  await page.fill('[name="customer.phone"]', '13000000002');
  await page.click('.context .job-acts button');
  assert.equal(await value(page, 'about'), ticket);
  await page.keyboard.press('Control+Enter');
  await focusOn(page, 'subject');
  await page.selectOption('[name="subject"]', 'ATTITUDE');
  await page.fill('[name="symptom"]', '接电话的人不耐烦');
  await page.fill('[name="order_no"]', '1124-0050');
  await shot(page, 'desk-complaint-dark-1920');
  await clean(page, 'a service complaint');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.sent .primary');
  const [{ head }] = department.openOf('13000000002');
  assert.deepEqual([head.complaint_type, head.subject, head.about], ['SERVICE', 'ATTITUDE', ticket]);
  await page.context().close();
});

test('dispatch: the ranked technicians with reasons, and a clerk asks one of them', async () => {
  const river = { territory: 'river' };
  const ticket = department.tell('tan', 'register', { kind: 'INSTALL', channel: 'COUNTER', product: { category: 'air_conditioner', model: 'KFR-26' },
    customer: { phone: '13000010001', name: '向老汉', address: '杨家坪村 二组', area: '漆河', distance_m: 9000 } }, river);
  department.tell('tan', 'fill_order', { order_no: 'R-1' }, { ticket });
  department.tell('tan', 'contact_customer', {}, { ticket });
  const from_ms = Date.now() + 4 * 3600000;
  department.tell('tan', 'book_appointment', { from_ms, to_ms: from_ms + 7200000, wish: 'CUSTOMER' }, { ticket });
  const page = await desk('tan', { dark: true });
  await page.click('.lists a:nth-child(2)');
  await page.click('.job > a');
  await page.waitForSelector('.candidate');
  assert.match(await text(page, '.candidate:first-child'), /漆河网点[\s\S]*熟悉该片区/);
  await shot(page, 'desk-dispatch-dark');
  await clean(page, 'dispatch');
  await page.click('.candidate:first-child button');
  await waitFor('the offer', () => department.openOf('13000010001')[0].dispatch.offer?.account === 'outlet:qihe');
  await page.context().close();
});

test('callbacks: the survey with all its questions; done again reopens', async () => {
  const [{ ticket }] = department.openOf('13000000001');
  department.tell('zhou', 'complete', {}, { ticket });
  department.tell('zhou', 'file_result', { fixed: true, cause: '缺氟', remedy: '加氟', labour_fen: 5000, parts_fen: 0 }, { ticket });
  const page = await desk('zhou');
  await page.click('.lists a:nth-child(5)');
  await page.click('.job > a');
  await page.waitForSelector('form.survey .facts, .context .big');
  await page.keyboard.press('Control+Enter');
  assert.match(await text(page, '.choose:has([name="reached"])'), /必填/);
  await page.click('.choose:has([name="reached"]) label:first-of-type');
  for (const question of ['FIXED', 'VISITED', 'ON_TIME', 'WORK_CLOTHES', 'ATTITUDE', 'SHOE_COVERS', 'TOOK_NOTHING', 'NO_EXAGGERATION'])
    await page.click(`.choose:has([name="${question}"]) label:nth-of-type(${question === 'FIXED' ? 2 : 1})`);
  await page.fill('[name="CHARGED_FEN"]', '50,0');
  await page.keyboard.press('Control+Enter');
  assert.match(await text(page, '.field:has([name="CHARGED_FEN"])'), /应为数字/);
  await page.fill('[name="CHARGED_FEN"]', '50.00');
  await page.click('.choose:has([name="satisfaction"]) label:nth-of-type(3)');
  await page.check('[name="redo"]');
  await page.fill('[name="note"]', '还是不制冷');
  await shot(page, 'desk-callback-zh');
  await clean(page, 'a callback');
  await page.keyboard.press('Control+Enter');
  await gone(page, 'form.survey');
  const happened = department.happened(ticket);
  assert.equal(happened.callback_recorded, 1);
  assert.equal(happened.reopened, 1);
  await page.context().close();
});

test('unanswered calls are listed to be called back', async () => {
  const at = Date.now() - 60000;
  department.rings('call-9', '13000000009', '07365550101', { occurred_at_ms: at });
  department.tell('phone', 'call_ended', { call: 'call-9' }, { occurred_at_ms: at + 25000 });
  const page = await desk('zhou', { lang: 'en', width: 1920, height: 1080 });
  await page.click('.lists a:nth-child(6)');
  await page.waitForSelector('.job:has-text("13000000009")');
  await shot(page, 'desk-missed-en-1920');
  await clean(page, 'missed calls');
  await page.click('.job:has-text("13000000009") > a');
  assert.equal(await value(page, 'customer.phone'), '13000000009');
  await page.click('.job:has-text("13000000009") button');
  await gone(page, '.job:has-text("13000000009")');
  await page.context().close();
});

// word: what is typed into its form, and what the journal then says.
const DEEDS = {
  set_urgency: [{ reason: '漏电' }, 'urgency_set'],
  correct_address: [{ address: '解放路 3 号', city: true }, 'address_corrected'],
  book_appointment: ['.touches button:last-child', 'appointment_booked'],
  move_appointment: ['.touches button:nth-last-child(2)', 'appointment_moved'],
  answer_complaint: [{ text: '已说明，明天上门' }, 'complaint_answered'],
  transfer: [{ territory: 'river', reason: '用户在乡下' }, 'cancelled'],
  cancel: [{ reason: '用户自行修好' }, 'cancelled'],
  reopen: [{ reason: '又坏了' }, 'reopened'],
};

test('everything else that a clerk does with a ticket is reachable from it', async () => {
  const register = (phone) => department.tell('zhou', 'register', { kind: 'COMPLAINT', complaint_type: 'REPAIR', channel: 'PHONE',
    product: { category: 'television' }, customer: { phone, name: '周先生', address: '东街', city: true } }, { territory: 'county' });
  const one = register('13000000005');
  const moved = register('13000000006');
  const page = await desk('zhou');
  const words = await page.evaluate(() => fetch('/app/zh.json').then((reply) => reply.json()));
  const deed = async (ticket, word) => {
    const [typed, event] = DEEDS[word];
    await page.goto(`${department.url}/desk?ticket=${ticket}`);
    await page.click(`.acts button:text-is("${words[`deed.${word}`]}")`);
    await page.waitForSelector('dialog[open]');
    if (typeof typed === 'string') await page.click(`dialog ${typed}`);
    else {
      for (const [name, said] of Object.entries(typed)) {
        const field = page.locator(`dialog [name="${name}"]`);
        if (said === true) await field.check();
        else if (await field.evaluate((input) => input.tagName) === 'SELECT') await field.selectOption(said);
        else await field.fill(said);
      }
    }
    if (word === 'correct_address') await clean(page, 'a dialog');
    await page.keyboard.press('Control+Enter');
    await gone(page, 'dialog');
    await waitFor(`${ticket} ${event}`, () => department.happened(ticket)[event] >= 1);
  };
  for (const word of ['set_urgency', 'correct_address', 'book_appointment', 'move_appointment', 'answer_complaint', 'cancel', 'reopen'])
    await deed(one, word);
  await deed(moved, 'transfer');
  await page.context().close();
});

test('the service order prints on one sheet of A5, and its QR code opens the job', async () => {
  const [{ ticket }] = department.openOf('13000000001');
  const page = await desk('zhou');
  await page.goto(`${department.url}/order/${ticket}`);
  await page.waitForSelector('.paper');
  await page.waitForFunction(() => document.querySelector('.qr').naturalWidth > 0);
  await shot(page, 'order-zh');
  await clean(page, 'the order');
  const dir = process.env.DS_SHOTS || department.root;
  const pdf = path.join(dir, 'order.pdf');
  fs.mkdirSync(dir, { recursive: true });
  await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: true });
  const info = execFileSync('pdfinfo', [pdf], { encoding: 'utf8' });
  assert.match(info, /Pages: +1\n/);
  const [, width, height] = /Page size: +([\d.]+) x ([\d.]+)/.exec(info).map(Number);
  assert.ok(Math.abs(width - 419.5) < 1.5 && Math.abs(height - 595.3) < 1.5, info);
  assert.match(execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' }), /安装维修服务单[\s\S]*钱进/);
  execFileSync('pdftoppm', ['-r', '200', '-png', '-singlefile', pdf, path.join(dir, 'order')]);
  const scanned = execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', path.join(dir, 'order.png')], { encoding: 'utf8' }).trim();
  assert.equal(scanned, `${department.url}/jobs?ticket=${ticket}`);
  const stranger = await page.evaluate(() => fetch('/v1/tickets/nobody/qr.svg').then((reply) => reply.status));
  assert.equal(stranger, 404);
  await page.context().close();
});

test('nothing was complained about in the console', () => assert.deepEqual(problems.flat(), []));
