// What a job is to its technician: the row as the server told it, and on top of it what he has done
// since and the server does not know yet. Pure.
import { holderOf } from './lines.js';

const READ_AFTER_MS = 3000; // a row that was read so long after an act was sent knows of it
const HAPPENED = new Set(['APPLIED', undefined]);

// The newest instance of a clock; of one that is a person's, his.
function clockOf(row, name, owner) {
  const all = (row.clocks || []).filter((one) => one.clock === name && (!owner || one.owner === owner));
  return all.reduce((last, one) => (!last || one.n > last.n ? one : last), null);
}

const stopped = (clock) => !!clock && clock.stop_at_ms !== undefined && clock.state !== 'cancelled';

function fromRow(row) {
  const holder = row.dispatch?.holder || '';
  const result = clockOf(row, 'result');
  return {
    row, ticket: row.ticket, head: row.head || {},
    phase: row.dispatch?.phase,
    accept_due_ms: row.dispatch?.offer ? Number(row.dispatch.offer.accept_due_at_ms) : 0,
    called: stopped(clockOf(row, 'contact', holder)),
    onSite: stopped(clockOf(row, 'visit')),
    done: !!result && result.state !== 'cancelled',
    filed: row.phase === 'FINISHED' || stopped(result),
    waits: (row.waits || []).map((one) => one.reason),
    appointment: row.appointment && { from_ms: Number(row.appointment.from_ms),
      to_ms: Number(row.appointment.to_ms) },
    unsent: 0, refused: 0,
  };
}

const EFFECTS = {
  accept: (job) => { job.phase = 'HELD'; },
  reject: (job) => { job.phase = 'GONE'; },
  contact_customer: (job, said) => { job.called ||= !said.failed; },
  check_in: (job, said) => { job.onSite = !said.customer_absent; job.called = true; },
  report_delay: (job, said) => { job.waits = [...job.waits, said.reason]; },
  resume: (job) => { job.waits = []; },
  complete: (job) => { job.done = true; },
  file_result: (job) => { job.done = job.filed = true; },
  book_appointment: (job, said) => { job.appointment = said; job.onSite = false; },
  move_appointment: (job, said) => { job.appointment = said; job.onSite = false; },
};

// readAt: device time at which this row was read.
const unknownYet = (act, readAt) => act.state === 'waiting' ||
  (act.state === 'sent' && HAPPENED.has(act.outcome?.outcome?.outcome) &&
   readAt < act.sent_device_ms + READ_AFTER_MS);

export function jobOf(row, acts, readAt) {
  const job = fromRow(row);
  for (const act of acts) {
    if (act.key !== row.ticket) continue;
    if (act.state === 'waiting') job.unsent++;
    if (act.state === 'refused') job.refused++;
    if (unknownYet(act, readAt)) EFFECTS[act.word]?.(job, act.said);
  }
  return job;
}

// Offered first, by the time left; then what he holds, by the agreed time; then what is written up.
export const GROUPS = ['offered', 'held', 'waiting', 'filed'];

export function groupOf(job) {
  if (job.phase === 'OFFERED') return 'offered';
  if (job.phase !== 'HELD') return '';
  if (job.filed) return 'filed';
  return job.waits.length ? 'waiting' : 'held';
}

const placeOf = (job) => (job.phase === 'OFFERED' ? job.accept_due_ms
  : job.appointment?.from_ms || Number(job.head.reported_at_ms));

export function groupsOf(jobs) {
  const groups = Object.fromEntries(GROUPS.map((name) => [name, []]));
  for (const job of jobs) groups[groupOf(job)]?.push(job);
  for (const list of Object.values(groups))
    list.sort((a, b) => placeOf(a) - placeOf(b) || (a.ticket < b.ticket ? -1 : 1));
  return groups;
}

// The step that comes next; the others stay within reach.
export function nextOf(job) {
  if (job.phase === 'OFFERED') return 'accept';
  if (job.filed) return '';
  if (job.waits.length) return 'resume';
  if (job.done) return 'result';
  if (job.head.kind === 'SYSTEM') return 'complete'; // nobody to call, nowhere to go
  if (job.onSite) return 'complete';
  return job.called ? 'check_in' : 'contact';
}

// One acceptance an offer; one completion and one result until it is opened again.
export function onceOf(job, word) {
  const offer = job.row.dispatch?.offer?.n;
  if (word === 'accept' || word === 'reject') return `${job.ticket}/offer#${offer}`;
  return ['complete', 'file_result'].includes(word)
    ? `${job.ticket}/${word}/${job.row.cycle || 0}/${holderOf(job.row)}` : undefined;
}
