// What this device keeps while there is no connection: acts that are on their way, and what was last
// seen. IndexedDB, because it outlives a reload and is shared by all tabs of a browser.
const NAME = 'doorstep-phone';
const FORMAT = 1;

let opening = null;

function open() {
  opening ||= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, FORMAT);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('acts', { keyPath: 'n', autoIncrement: true })
        .createIndex('user', 'user');
      asked.result.createObjectStore('seen'); // "user what" -> {at_ms, value}
      asked.result.createObjectStore('lease'); // where the browser has no locks
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opening = null; };
      done(asked.result);
    };
    asked.onerror = () => { opening = null; failed(asked.error); };
  });
  return opening;
}

// One transaction on one store: `work(store, ret)` asks for whatever it needs; its answer is what it
// gave to ret, once everything is on the disk.
export async function inStore(name, mode, work) {
  const db = await open();
  return new Promise((done, failed) => {
    const turn = db.transaction(name, mode, mode === 'readwrite' ? { durability: 'strict' } : {});
    let answer;
    turn.oncomplete = () => done(answer);
    turn.onerror = turn.onabort = () => failed(turn.error);
    work(turn.objectStore(name), (value) => { answer = value; });
  });
}

// What was seen last, for when it cannot be read: {at_ms, value} or undefined. Nobody sees what another
// user of this device has seen.
export const keepSeen = (user, what, value, at_ms) => inStore('seen', 'readwrite',
  (store) => store.put({ at_ms, value }, `${user} ${what}`)).catch(() => {});
export const seenBefore = (user, what) => inStore('seen', 'readonly', (store, ret) => {
  store.get(`${user} ${what}`).onsuccess = (e) => ret(e.target.result);
}).catch(() => undefined);
// Customers' names and numbers do not stay behind when somebody signs out. `but`: those that do.
export const forgetSeen = (user, but = () => false) => inStore('seen', 'readwrite', (store) => {
  store.openKeyCursor().onsuccess = (e) => {
    const at = e.target.result;
    if (!at) return;
    if (at.key.startsWith(`${user} `) && !but(at.key.slice(user.length + 1))) store.delete(at.key);
    at.continue();
  };
}).catch(() => {});
