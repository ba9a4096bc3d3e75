// SPDX-License-Identifier: MIT
// A whole installation for the pages' tests: `doorstep up` in a directory of its own, its logins, a
// browser to look at it. Ends what it started, by process id.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(path.join(process.env.DS_NODE, 'x.js'));
const { chromium } = require('playwright-core');
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const BIN = path.join(process.env.DS_BUILD, 'bin');
const SOURCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const LIMIT_MS = 60000;

export async function waitFor(what, condition, limit_ms = LIMIT_MS) {
  const until = Date.now() + limit_ms;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > until) throw new Error(`not in ${limit_ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

// One command a line, on the example's Thursday.
export const command = (id, by, at, word, said, more = {}) => JSON.stringify(
  { id, by, made_at_ms: `2007-03-01T${at}+08:00`, ...more, [word]: said });

export class Installation {
  // day: lines of commands that are played at `clock`
  static async start(day, clock = '1x') {
    const one = new Installation();
    one.root = fs.mkdtempSync(path.join(os.tmpdir(), 'dspages'));
    one.data = path.join(one.root, 'data');
    fs.mkdirSync(path.join(one.root, 'home'));
    const file = path.join(one.root, 'day.ndjson');
    fs.writeFileSync(file, day.join('\n') + '\n');
    one.said = '';
    one.up = spawn(path.join(BIN, 'doorstep'), ['up', '--dir', one.data, '--rules', path.join(SOURCE, 'deploy'),
      '--play', file, '--clock', clock], { cwd: one.root, env: one.env(), stdio: ['ignore', 'pipe', 'pipe'] });
    one.ended = new Promise((done) => one.up.on('exit', done));
    for (const from of [one.up.stdout, one.up.stderr]) from.on('data', (text) => { one.said += text; });
    try {
      one.url = await waitFor('the address of the pages', () => {
        if (one.up.exitCode !== null) throw new Error(one.said);
        return /^Pages: (http\S+)\/$/m.exec(one.said)?.[1];
      });
    } catch (wrong) {
      await one.close();
      throw wrong;
    }
    return one;
  }

  env() {
    return { ...process.env, LC_ALL: 'C.UTF-8', HOME: path.join(this.root, 'home'), XDG_RUNTIME_DIR: this.root,
      DOORSTEP_DIR: this.data };
  }

  password(user) {
    return new RegExp(`^ *${user} .* (\\S+)$`, 'm').exec(this.said)[1];
  }

  // The command line's answer.
  ask(...words) {
    return execFileSync(path.join(BIN, 'doorstep'), words, { env: this.env(), encoding: 'utf8' });
  }

  gateway() {
    for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (words.includes('doorstep-gateway') && words.includes(this.data)) return Number(pid);
      } catch { /* it has ended meanwhile */ }
    }
    return 0;
  }

  // Facts that intake has recorded about a ticket, in the order of the journal.
  facts(ticket) {
    return JSON.parse(this.ask('explain', ticket, '--json')).filter((one) =>
      one.source === 'INTAKE' || /^intake\//.test(one.id || ''));
  }

  async close() {
    if (this.up.exitCode === null && this.up.signalCode === null) this.up.kill('SIGINT');
    await this.ended;
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

export class Browser {
  static async start() {
    const one = new Browser();
    one.chromium = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', '--no-first-run'] });
    return one;
  }

  // A phone in somebody's hand; problems: what its console complained about.
  async phone({ lang = 'zh', dark = false, ...more } = {}) {
    const context = await this.chromium.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true,
      isMobile: true, deviceScaleFactor: 2, colorScheme: dark ? 'dark' : 'light', ...more });
    await context.addInitScript((choice) => {
      if (!localStorage.getItem('doorstep.language')) localStorage.setItem('doorstep.language', choice);
    }, lang);
    return context;
  }

  close() { return this.chromium.close(); }
}

export function watchProblems(page) {
  const problems = [];
  page.on('pageerror', (wrong) => problems.push(wrong.stack));
  page.on('console', (line) => {
    if (line.type() === 'error' && !/Failed to load resource|ERR_/.test(line.text())) problems.push(line.text());
  });
  return problems;
}

export async function signIn(page, url, user, password) {
  await page.goto(`${url}/login`);
  await page.fill('[name=user]', user);
  await page.fill('[name=password]', password);
  await page.click('button.primary');
}

// What axe finds, as lines.
export async function axe(page) {
  await page.evaluate(`${AXE};0`);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 200)} ${one.nodes[0].failureSummary}`);
}

// Kept where somebody asks for them: DS_SHOTS=DIR.
export async function shot(page, name) {
  if (!process.env.DS_SHOTS) return;
  fs.mkdirSync(process.env.DS_SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(process.env.DS_SHOTS, `${name}.png`) });
}
