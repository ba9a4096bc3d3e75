// Who and where: read once after the login, names for ids everywhere else.
import { get } from './api.js';
import { word } from './i18n.js';
import { keepSeen, seenBefore } from './store.js';
import { DEFAULT_ZONE } from './time.js';

let known = { territories: [], people: [], outlets: [] };
const names = new Map();

// Without a connection: as this user saw it last.
export async function loadDirectory(user) {
  let said;
  try {
    said = await get('/v1/directory');
    keepSeen(user, 'directory', said, 0);
  } catch (problem) {
    said = (await seenBefore(user, 'directory'))?.value;
    if (!said) throw problem;
  }
  known = { territories: [], people: [], outlets: [], ...said };
  names.clear();
  for (const person of known.people) names.set(`person:${person.id}`, person.name);
  for (const outlet of known.outlets) names.set(`outlet:${outlet.id}`, outlet.name);
  return known;
}

// "person:wang", "outlet:qihe" or a bare person's id -> the name; the id itself if nobody has it.
export const nameOf = (account) => (account
  ? names.get(account) || names.get(`person:${account}`) || account.replace(/^\w+:/, '') : '');
export const accounts = () => [...names];
export const territories = () => known.territories;
export const territoryName = (id) => known.territories.find((one) => one.id === id)?.name || id || '';
export const zoneOf = (id) => known.territories.find((one) => one.id === id)?.zone || DEFAULT_ZONE;

// What a ticket is about, in a few words.
export function subjectOf(head = {}) {
  const kind = head.kind === 'COMPLAINT' && head.complaint_type
    ? word('complaint_type', head.complaint_type) : word('kind', head.kind);
  const product = [head.category && word('category', head.category), head.model].filter(Boolean).join(' ');
  return { kind, product };
}
