// SPDX-License-Identifier: MIT
// A department at work, at the real time: nothing is played, whatever happens is done by its people
// through the pages or said by the telephone system and the technicians' phones through the command
// line. Every clerk has the same password.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Installation, waitFor } from './installation.mjs';

const BIN = path.join(process.env.DS_BUILD, 'bin', 'doorstep');
const SOURCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const PASSWORD = 'a calm morning';

export class Department extends Installation {
  static async start(users) {
    const one = new Department();
    one.root = fs.mkdtempSync(path.join(os.tmpdir(), 'dsdesk'));
    one.data = path.join(one.root, 'data');
    one.n = 0;
    one.said = '';
    fs.mkdirSync(path.join(one.root, 'home'));
    one.up = spawn(BIN, ['up', '--dir', one.data, '--rules', path.join(SOURCE, 'deploy')],
      { cwd: one.root, env: one.env(), stdio: ['ignore', 'pipe', 'pipe'] });
    one.ended = new Promise((done) => one.up.on('exit', done));
    for (const from of [one.up.stdout, one.up.stderr]) from.on('data', (text) => { one.said += text; });
    try {
      one.url = await waitFor('the address of the pages', () => {
        if (one.up.exitCode !== null) throw new Error(one.said);
        return /^Pages: (http\S+)\/$/m.exec(one.said)?.[1];
      });
      for (const [name, role] of users) {
        execFileSync(BIN, ['users', 'new', name, '--role', role, '--person', name, '--keep'],
          { env: one.env(), input: `${PASSWORD}\n` });
      }
    } catch (wrong) {
      await one.close();
      throw wrong;
    }
    return one;
  }

  // One command; its ticket.
  tell(by, word, said, more = {}) {
    const line = JSON.stringify({ id: `told-${++this.n}`, by, made_at_ms: Date.now(), ...more, [word]: said });
    return JSON.parse(execFileSync(BIN, ['submit', '-', '--json'], { env: this.env(), input: `${line}\n`, encoding: 'utf8' })
      .trim().split('\n')[0]).ticket;
  }

  rings(call, caller, called = '07365550101', more = {}) {
    this.tell('phone', 'call_offered', { call, called, caller }, more);
  }

  // The page of a customer: which tickets are open.
  openOf(phone) {
    return JSON.parse(this.ask('customer', phone, '--json')).open;
  }

  // How often something happened to a ticket: {registered: 1, ...}
  happened(ticket) {
    const counts = {};
    for (const event of JSON.parse(this.ask('explain', ticket, '--json'))) {
      const word = event.type.split('.').at(-1);
      counts[word] = (counts[word] || 0) + 1;
    }
    return counts;
  }
}
