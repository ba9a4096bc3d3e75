// Reads of the technician's page: what the server says, else what it said last.
import { keepSeen, seenBefore } from './store.js';
import { now } from './time.js';
import { useEffect, useState } from './ui.js';

// {value, at_ms of what was kept, problem, busy, again}
export function useKept(user, what, read, turn) {
  const [answer, setAnswer] = useState({ busy: true });
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let current = true;
    let fresh = false;
    const show = (next) => current && setAnswer(next);
    setAnswer((before) => (before.what === what ? { ...before, busy: true } : { what, busy: true }));
    const kept = seenBefore(user, what).then((found) => {
      if (found && !fresh) show({ what, busy: true, ...found });
      return found;
    });
    read().then((value) => {
      fresh = true;
      show({ what, value });
      keepSeen(user, what, value, now());
    }, async (problem) => show({ what, problem, ...await kept }));
    return () => { current = false; };
  }, [user, what, turn, again]);
  return { ...answer, again: () => setAgain((n) => n + 1) };
}
