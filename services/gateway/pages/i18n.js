// The words of the pages, in Chinese and English. Everything a person reads comes from zh.json and
// en.json, which have the same keys; Chinese first, because that is what the department speaks.

export const LANGUAGES = ['zh', 'en'];
const KEPT_AS = 'doorstep.language';
let language = kept();
let words = {};

function kept() {
  const choice = localStorage.getItem(KEPT_AS);
  return LANGUAGES.includes(choice) ? choice : 'zh';
}

export const lang = () => language;
export const locale = () => (language === 'zh' ? 'zh-CN' : 'en-GB');

export async function loadWords(choice = language) {
  const reply = await fetch(`/app/${choice}.json`);
  if (!reply.ok) throw new Error(`/app/${choice}.json: ${reply.status}`);
  words = await reply.json();
  language = choice;
  document.documentElement.lang = choice === 'zh' ? 'zh-CN' : 'en';
}

export async function chooseLanguage(choice) {
  await loadWords(choice);
  localStorage.setItem(KEPT_AS, choice);
}

// Somebody's choice on the server counts only until a choice was made in this browser.
export const languageChosen = () => localStorage.getItem(KEPT_AS) !== null;

// t('board.changed', {n: 3}): {n} in the sentence is replaced. A key without words shows itself, so
// that it is seen and mended.
export function t(key, values) {
  const sentence = words[key] ?? key;
  return values ? sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : sentence;
}

// The word for a value that may be newer than these pages: the value itself if there is none.
export const word = (prefix, value) => words[`${prefix}.${value}`] ?? String(value ?? '');
