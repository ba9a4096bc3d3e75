// Forms that are filled while somebody speaks on the telephone: Enter goes on to the next field,
// Ctrl+Enter sends, what is wrong stands beside its field, and a draft survives a reload.
//
// A field: {name, label, type?, options?, need?, when?(values), as?, hint?, list?, wide?}. `name` is
// its path in the command's body ("customer.phone"); `as` is what a number typed means: yuan, km.
import { dropDraft, keepDraft, readDraft } from './act.js';
import { t } from './i18n.js';
import { Field, html, useRef, useState } from './ui.js';

const PER = { yuan: 100, km: 1000 };
const NUMBER = /^\d{1,9}(\.\d{1,3})?$/;

export const shownIn = (field, values) => !field.when || field.when(values);
const filled = (value) => value !== undefined && value !== '' && value !== false &&
  (typeof value !== 'string' || value.trim() !== '');

// name -> what is missing or is no number, before anything is sent.
export function faultsOf(fields, values) {
  const faults = {};
  for (const field of fields) {
    if (!shownIn(field, values)) continue;
    const value = values[field.name];
    const needed = typeof field.need === 'function' ? field.need(values) : field.need;
    if (needed && !filled(value)) faults[field.name] = t('form.needed');
    else if (field.as && filled(value) && !NUMBER.test(String(value).trim())) faults[field.name] = t('form.number');
  }
  return faults;
}

// The values as a message: nested by the dots of their names, nothing that is empty.
export function messageOf(fields, values) {
  const message = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.local || !shownIn(field, values) || !filled(value)) continue;
    const path = field.name.split('.');
    let at = message;
    for (const step of path.slice(0, -1)) at = at[step] ||= {};
    const said = typeof value === 'string' ? value.trim() : value;
    at[path.at(-1)] = field.as ? String(Math.round(Number(said) * PER[field.as])) : said;
  }
  return message;
}

// Faults of a refusal by field: "register.customer.phone" is said of customer.phone. One whose field
// the form does not have is returned under ''.
export function faultsSaid(problem, word, fields) {
  const faults = {};
  for (const [path, expected] of Object.entries(problem.fields || {})) {
    const name = path.startsWith(`${word}.`) ? path.slice(word.length + 1) : path;
    const field = fields.find((one) => one.name === name || one.stands === name);
    faults[field ? field.name : ''] = expected || problem.message;
  }
  if (!Object.keys(faults).length) faults[''] = problem.message;
  return faults;
}

// Values, faults, and a draft under `name` in this tab.
export function useForm(name, defaults) {
  const [state, setState] = useState(() => ({ values: { ...defaults, ...readDraft(name)?.values },
    extra: readDraft(name)?.extra || {}, faults: {} }));
  const latest = useRef(state);
  latest.current = state;
  const change = (next) => {
    latest.current = { ...latest.current, ...next };
    setState(latest.current);
    keepDraft(name, { values: latest.current.values, extra: latest.current.extra });
  };
  return {
    get values() { return latest.current.values; },
    get extra() { return latest.current.extra; },
    get faults() { return latest.current.faults; },
    set: (values) => {
      const faults = { ...latest.current.faults };
      for (const one of Object.keys(values)) delete faults[one];
      delete faults[''];
      change({ values: { ...latest.current.values, ...values }, faults });
    },
    keep: (extra) => change({ extra: { ...latest.current.extra, ...extra } }),
    fault: (faults) => change({ faults }),
    drop: () => dropDraft(name),
  };
}

const FIELDS = 'input:not([disabled], [type="radio"]:not(:checked)), select:not([disabled]), textarea:not([disabled])';

// For onKeyDown of a <form>. A Chinese keyboard's own Enter chooses a word and is left alone.
export const keysOf = (send) => (e) => {
  if (e.key !== 'Enter' || e.isComposing || e.keyCode === 229) return;
  if (e.ctrlKey || e.metaKey) {
    e.preventDefault();
    send();
  } else if (/^(INPUT|SELECT)$/.test(e.target.tagName)) {
    e.preventDefault();
    const all = [...e.currentTarget.querySelectorAll(`${FIELDS}, button.primary`)].filter((one) => one.offsetParent);
    all[all.indexOf(e.target) + 1]?.focus();
  }
};

// When what has just changed is drawn: to a field of it, or to the first that is wrong.
export const toField = (selector) => requestAnimationFrame(() => requestAnimationFrame(() =>
  document.querySelector(selector)?.focus()));
export const toFault = () => toField('form [aria-invalid="true"]');

export function Check({ label, error, ...input }) {
  return html`<div class="field check"><label><input type="checkbox" ...${input} /> ${label}</label>
    ${error && html`<p class="error"><span aria-hidden="true">▲ </span>${error}</p>`}</div>`;
}

export function Choice({ label, name, options, value, onChoose, error }) {
  return html`<fieldset class="choose" aria-invalid=${error ? 'true' : undefined}><legend>${label}</legend>
    ${options.map(([one, text]) => html`<label class=${one === value ? 'chosen' : ''}><input type="radio"
      name=${name} checked=${one === value} onChange=${() => onChoose(one)} /> ${text}</label>`)}
    ${error && html`<p class="error"><span aria-hidden="true">▲ </span>${error}</p>`}</fieldset>`;
}

export function Fields({ form, fields, prefix = '' }) {
  const { values, faults } = form;
  return fields.filter((field) => shownIn(field, values)).map((field) => {
    const { name, label, options, as, list, wide, need, when, stands, local, rare, type, ...more } = field;
    const needed = typeof need === 'function' ? need(values) : need;
    const id = list && `${prefix}list-${name}`;
    const error = faults[name];
    if (type === 'check') return html`<${Check} key=${name} label=${label} name=${name} checked=${!!values[name]} error=${error}
      onChange=${(e) => form.set({ [name]: e.target.checked })} ...${more} />`;
    if (type === 'choice') return html`<${Choice} key=${name} label=${label} name=${name} options=${options} value=${values[name]}
      error=${error} onChoose=${(one) => form.set({ [name]: one })} />`;
    return html`<div key=${name} class=${wide ? `wide wide-${wide}` : ''}><${Field} label=${needed ? `${label} *` : label} name=${name}
      type=${options ? undefined : type || 'text'} options=${options} value=${values[name] ?? ''} error=${error} list=${id || undefined}
      aria-required=${needed ? 'true' : undefined} autocomplete="off" spellcheck=${false}
      inputmode=${as ? 'decimal' : undefined} onInput=${(e) => form.set({ [name]: e.target.value })} ...${more} />
      ${id && html`<datalist id=${id}>${list.map((one) => html`<option value=${one} />`)}</datalist>`}</div>`;
  });
}
