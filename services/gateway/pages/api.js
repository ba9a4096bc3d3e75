// Requests to the gateway. An answer that is no success becomes a Problem whose message is a sentence
// in the reader's language; a page shows it and does not need to know status codes.
import { lang, t } from './i18n.js';

const ATTEMPTS_MAX = 8;
const BACKOFF_MS_MAX = 10000;
const ANSWER_MS_MAX = 30000;
let csrf = '';
let signedOut = () => {};

export const useCsrf = (token) => { csrf = token || ''; };
export const onSignedOut = (then) => { signedOut = then; };

export class Problem extends Error {
  constructor(status, body = {}) {
    super(sentence(status, body));
    this.status = status;
    this.code = body.code || (status ? 'http' : 'unreachable');
    // field -> what was expected there, for the form that asked
    this.fields = Object.fromEntries((body.errors || []).filter((e) => e.field)
      .map((e) => [e.field, expected(e)]));
    this.outcome = body.outcome;
    this.body = body; // says it again after a change of language
  }
}

const expected = (e) => (lang() === 'zh' ? e.expected_zh || e.expected : e.expected) || '';

function sentence(status, body) {
  const detail = lang() === 'zh' ? body.detail_zh || body.detail : body.detail || body.title;
  const said = detail || (status ? t('problem.status', { status }) : t('problem.unreachable'));
  const hints = (body.errors || []).filter((e) => expected(e) && !said.includes(expected(e)))
    .map((e) => t('problem.expected', { field: e.field || '', expected: expected(e) }));
  return [said, ...hints].join(' ');
}

async function request(method, path, body, more = {}) {
  const headers = { Accept: 'application/json', 'Accept-Language': lang(), ...more };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrf) headers['X-Doorstep-CSRF'] = csrf;
  let reply;
  try {
    reply = await fetch(path, { method, headers, body: body === undefined ? undefined
      : typeof body === 'string' ? body : JSON.stringify(body), cache: 'no-cache',
      signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  } catch {
    throw new Problem(0);
  }
  const text = await reply.text().catch(() => '');
  let answer = null;
  const lines = /ndjson/.test(reply.headers.get('Content-Type'));
  try {
    answer = !text ? null : lines ? text.trim().split('\n').map((line) => JSON.parse(line)) : JSON.parse(text);
  } catch { /* no JSON: the status has to do */ }
  if (reply.ok && (answer !== null || !text)) return answer;
  const problem = new Problem(reply.ok ? 502 : reply.status, answer || {});
  problem.retryAfterMs = Number(reply.headers.get('Retry-After')) * 1000 || 0;
  if (reply.status === 401 && problem.code !== 'bad_login') signedOut();
  throw problem;
}

export const get = (path) => request('GET', path);
export const post = (path, body) => request('POST', path, body ?? {});
export const patch = (path, body) => request('PATCH', path, body ?? {});
export const del = (path) => request('DELETE', path);

// get('/v1/board', {territory: 'county'}): what is empty is left out.
export function query(path, values) {
  const asked = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
  return asked.size ? `${path}?${asked}` : path;
}

// crypto.randomUUID exists only over https and on localhost; these pages are also opened by address.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

// A command is fixed once: its id and bytes are the same in every attempt, so that the second of two
// arrivals is recognised as a duplicate. `body`: {ticket | territory+ref, occurred_at_ms?, <word>: {}}.
export function newCommand(body, now_ms) {
  return { id: newId(), body: JSON.stringify({ made_at_ms: Math.round(now_ms), ...body }) };
}

export const sendOnce = (command) => request('POST', '/v1/commands', command.body,
  { 'Idempotency-Key': command.id });

// Sends until it is recorded, refused, or the attempts are used up; then the last Problem is thrown
// and the same command may be given to sendCommand again.
export async function sendCommand(command, attempts = ATTEMPTS_MAX) {
  for (let n = 1; ; n++) {
    try {
      return await sendOnce(command);
    } catch (problem) {
      if (n >= attempts || !(problem.status === 0 || problem.status >= 502 ||
                             problem.status === 429)) throw problem;
      const wait_ms = Math.max(problem.retryAfterMs || 0, Math.min(250 * 2 ** n, BACKOFF_MS_MAX));
      await new Promise((done) => setTimeout(done, wait_ms));
    }
  }
}
