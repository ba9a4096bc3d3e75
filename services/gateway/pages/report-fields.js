// The fields of a report and of its service order, in the order in which a clerk asks for them.
import { territoryName } from './directory.js';
import { t, word } from './i18n.js';

const KINDS = ['REPAIR', 'INSTALL', 'SERVICE', 'SYSTEM'];
const SUBJECTS = ['NOT_ON_TIME', 'ATTITUDE', 'CHARGE', 'WORKMANSHIP', 'OTHER'];
const CHANNELS = ['PHONE', 'COUNTER', 'MESSAGE', 'MAKER'];
const WORK = new Set(['install', 'repair']); // skills that are no categories of products
const LAST_ORDER = 'doorstep.order_no';

export const personOf = (session, directory) => directory?.people.find((one) => one.id === session.person);
const options = (prefix, list) => list.map((one) => [one, word(prefix, one)]);
const sorted = (list) => [...new Set(list)].sort();

export const categories = (directory) => sorted([...directory.people, ...directory.outlets]
  .flatMap((one) => one.skills || [])).filter((one) => !WORK.has(one));
const areas = (directory) => sorted(directory.outlets.flatMap((one) => one.areas || []));

// Order numbers are without gaps (P1.2): after 0703-0041 comes 0703-0042.
export function nextOrderNo() {
  const last = localStorage.getItem(LAST_ORDER) || '';
  return last.replace(/\d+$/, (digits) => String(Number(digits) + 1).padStart(digits.length, '0'));
}
export const filledLast = (order_no) => localStorage.setItem(LAST_ORDER, order_no.trim());

export function reportFields(directory, values, caller) {
  const service = values.sort === 'SERVICE';
  const system = values.sort === 'SYSTEM';
  const product = !service && !system;
  const about = [...(caller?.open || []), ...(caller?.recent || [])]
    .map((one) => [one.ticket, `${one.ticket} ${one.head.category ? word('category', one.head.category) : ''}`]);
  const label = (name) => t(`field.${name}`);
  return [
    { name: 'sort', type: 'choice', label: label('kind'), options: options('report.sort', KINDS), stands: 'kind' },
    { name: 'urgent', type: 'check', label: label('urgent') },
    { name: 'subject', label: label('subject'), options: [['', '–'], ...options('subject', SUBJECTS)], when: () => service, need: true },
    { name: 'about', label: label('about'), options: [['', '–'], ...about], when: () => service && about.length > 0 },
    { name: 'about_ref', label: label('about_ref'), when: () => service && !values.about },
    { name: 'customer.phone', type: 'tel', label: label('phone'), need: !system },
    { name: 'customer.name', label: label('name'), when: () => !system },
    { name: 'customer.address', label: label('address'), wide: 2, when: () => !system },
    { name: 'customer.city', type: 'check', label: label('city'), when: () => !system },
    { name: 'customer.area', label: label('area'), list: areas(directory), when: () => !system },
    { name: 'customer.distance_m', as: 'km', label: label('distance'), need: product, when: () => !system && !values['customer.city'] },
    { name: 'product.category', label: label('category'), need: product, when: () => !system,
      options: [['', '–'], ...options('category', categories(directory))] },
    { name: 'product.brand', label: label('brand'), when: () => product },
    { name: 'product.model', label: label('model'), when: () => product },
    { name: 'product.serial', label: label('serial'), when: () => product },
    { name: 'symptom', label: label(values.sort === 'INSTALL' ? 'wish_install' : service ? 'complaint' : 'symptom'), wide: values['customer.city'] || !product ? 3 : 2 },
    { name: 'note', label: label('note'), wide: 2 },
    ...rare(directory, { product, system, label }),
  ];
}

// What the defaults or the papers answer more often than the customer does: behind a fold.
function rare(directory, { product, system, label }) {
  return [
    { name: 'channel', label: label('channel'), options: options('channel', CHANNELS) },
    { name: 'reported_date', type: 'date', label: label('reported_date'), need: true, local: true, stands: 'occurred_at_ms' },
    { name: 'reported_time', inputmode: 'numeric', label: label('reported_time'), need: true, local: true },
    { name: 'territory', label: label('territory'), need: true,
      options: directory.territories.map((one) => [one.id, territoryName(one.id)]) },
    { name: 'ref', label: label('ref') },
    { name: 'product.invoiced_on', type: 'date', label: label('invoiced_on'), when: () => product },
    { name: 'product.price_fen', as: 'yuan', label: label('price'), when: () => product },
    { name: 'customer.purchases_fen', as: 'yuan', label: label('purchases'), when: () => !system },
    { name: 'customer.institution', type: 'check', label: label('institution'), when: () => !system },
  ].map((field) => ({ ...field, rare: true }));
}

export const orderFields = (done) => [
  { name: 'order_no', label: t('field.order_no'), hint: t('field.order_no.hint'), when: () => !done.fill_order },
  { name: 'order_note', label: t('field.order_note'), when: () => !done.fill_order },
  { name: 'contacted', type: 'check', label: t('field.contacted'), when: () => !done.contact_customer },
];
