// What a technician's phone needs to begin without a connection: who was signed in, and a worker that
// keeps the pages themselves. Where the browser has no worker the page works as long as it stays open.
import { forgetSeen } from './store.js';

const KEPT_AS = 'doorstep.session';
const PAGE = '/jobs';

// Only a technician's own page works on what is stored; its proof (cookie, token) is not among it.
export function keepSession({ user, role, person, must_change }) {
  if (role === 'technician' && !must_change)
    localStorage.setItem(KEPT_AS, JSON.stringify({ user, role, person }));
  else localStorage.removeItem(KEPT_AS);
}

export function keptSession(path) {
  try {
    return path === PAGE ? JSON.parse(localStorage.getItem(KEPT_AS)) : null;
  } catch {
    return null;
  }
}

export async function forgetSession(user) {
  localStorage.removeItem(KEPT_AS);
  await forgetSeen(user);
}

export function startWorker() {
  navigator.serviceWorker?.register('/app/worker.js', { scope: PAGE, updateViaCache: 'none' })
    .catch(() => {}); // not over https: nothing is kept, everything else works
}
