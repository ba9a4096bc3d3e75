// Where we are: path and query are the whole state of a page that somebody may send to a colleague.
const listeners = new Set();

export const path = () => location.pathname;
export const params = () => new URLSearchParams(location.search);

export function onPlace(then) {
  listeners.add(then);
  return () => listeners.delete(then);
}

const tell = () => listeners.forEach((then) => then());
addEventListener('popstate', tell);

export function go(to, { replace = false } = {}) {
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  tell();
}

// The address with some of its query changed; an empty value is left out.
export function withParams(changes) {
  const asked = params();
  for (const [name, value] of Object.entries(changes)) {
    if (value) asked.set(name, value); else asked.delete(name);
  }
  return asked.size ? `${path()}?${asked}` : path();
}

// Links of our own open in place, as long as nobody asks for a new tab.
addEventListener('click', (e) => {
  const link = e.target.closest?.('a[href]');
  if (!link || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey ||
      link.target || link.hasAttribute('download') || link.origin !== location.origin ||
      link.pathname.startsWith('/v1/')) return;
  e.preventDefault();
  go(link.href);
});
