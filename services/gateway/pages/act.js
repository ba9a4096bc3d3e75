// One act, one command. What is about to be sent is written down first and kept until its fate is
// known: a second attempt, also after the page was loaded anew, sends the same id and bytes, and what
// was recorded the first time is found rather than done twice.
import { newCommand, sendCommand } from './api.js';
import { now } from './time.js';

const ATTEMPTS = 3;
const PREFIX = 'doorstep.act.';
const DRAFT = 'doorstep.draft.';

const read = (key) => {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
};
const write = (key, value) => sessionStorage.setItem(key, JSON.stringify(value));

// Nobody knows whether it was recorded.
export const isUnsent = (slot) => read(PREFIX + slot) !== null;
export const isOpen = (problem) => problem.status === 0 || problem.status >= 500 ||
  problem.status === 429 || problem.status === 401;

// body counts only if nothing is kept under this slot.
export async function act(slot, body) {
  const key = PREFIX + slot;
  let command = read(key);
  if (!command) {
    command = newCommand(body, now());
    write(key, command);
  }
  try {
    const answer = await sendCommand(command, ATTEMPTS);
    sessionStorage.removeItem(key);
    return answer;
  } catch (problem) {
    if (!isOpen(problem)) sessionStorage.removeItem(key);
    throw problem;
  }
}

export const readDraft = (name) => read(DRAFT + name);
export const keepDraft = (name, draft) => write(DRAFT + name, draft);
export const dropDraft = (name) => sessionStorage.removeItem(DRAFT + name);

// An outcome that is no success, as the decider said it; null if all is well or not known yet.
export function refusal(answer) {
  const said = answer?.outcome;
  const code = said?.outcome?.outcome;
  return code === 'REFUSED' || code === 'NO_EFFECT' ? { code, reason: said.reason || '' } : null;
}
