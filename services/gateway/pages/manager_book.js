// The rules in force, read once: clause texts stand beside every entry.
import { get } from './api.js';
import { useRead } from './ui.js';

let known = null;

export const forgetRules = () => { known = null; };

export function useRulebook() {
  const { value, problem, again } = useRead(() => (known ||= get('/v1/rulebook').then((book) => ({ ...book,
    clauses: book.clauses.map((one) => ({ ...one, text: one.en, text_zh: one.zh, decided: one.decided_en })),
    clocks: book.clocks.map((one) => ({ ...one, promise: one.promise_en, owner: one.owner_en, breach: one.breach_en })) }))
    .catch((wrong) => { known = null; throw wrong; })));
  return { rules: value, problem, again };
}

export const ruleOf = (rules, clause) => rules?.clauses.find((one) => one.clause === clause) || {};
