// What could not be sent waits in this browser, encrypted, for its owner: sent with its own address and content once
// the server is back, then cleared. The key can be used but never read, belongs to one person and lies in another
// database than what it opens. Without a secure context there is no WebCrypto, and `keep` says so.

const ENTRIES = "heedline-outbox";
const KEYS = "heedline-outbox-keys";
const PATIENCE_MS = 8000;

/** Saved before one signs out: functions that return a promise. */
export const savers = new Set();

const answerOf = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function inStore(name, mode, work) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
  const database = await answerOf(opening);
  try {
    const transaction = database.transaction("rows", mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const found = await work(transaction.objectStore("rows"));
    await done;
    return found;
  } finally {
    database.close();
  }
}

async function keyOf(owner) {
  const kept = await inStore(KEYS, "readonly", (rows) => answerOf(rows.get(owner)));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return inStore(KEYS, "readwrite", async (rows) => {
    const first = await answerOf(rows.get(owner));
    if (!first) await answerOf(rows.put(made, owner));
    return first ?? made;
  });
}

const bound = (owner, id) => new TextEncoder().encode(`${owner}:${id}`);

/** Keep `letter` ({url, body, instead}) under the owner and an id; tell whether it is kept. */
export async function keep(owner, id, letter) {
  try {
    const key = await keyOf(owner);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(letter));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(owner, id) }, key, plain);
    await inStore(ENTRIES, "readwrite", (rows) => answerOf(rows.put({ iv, sealed }, [owner, id])));
    return true;
  } catch {
    return false;
  }
}

/** Clear what is kept under an id; with `iv` only that version of it. */
export async function drop(owner, id, iv) {
  if (!globalThis.crypto?.subtle) return;
  await inStore(ENTRIES, "readwrite", async (rows) => {
    const kept = await answerOf(rows.get([owner, id]));
    if (kept && (!iv || String(kept.iv) === String(iv))) await answerOf(rows.delete([owner, id]));
  });
}

const range = (owner) => IDBKeyRange.bound([owner], [owner, []]);

/** Return the ids of what waits for an owner. */
export async function waiting(owner) {
  try {
    return (await inStore(ENTRIES, "readonly", (rows) => answerOf(rows.getAllKeys(range(owner))))).map(([, id]) => id);
  } catch {
    return [];
  }
}

async function opened(owner, id) {
  const kept = await inStore(ENTRIES, "readonly", (rows) => answerOf(rows.get([owner, id])));
  if (!kept) return null;
  const opening = { name: "AES-GCM", iv: kept.iv, additionalData: bound(owner, id) };
  const plain = await crypto.subtle.decrypt(opening, await keyOf(owner), kept.sealed);
  return { ...JSON.parse(new TextDecoder().decode(plain)), iv: kept.iv };
}

async function post(url, body, token) {
  const headers = { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-CSRF-Token": token };
  return fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
}

/** Send one; `instead` names, by status, where the same content goes when it is refused there. Returns the answer. */
async function deliver(letter, token) {
  const answer = await post(letter.url, letter.body, token);
  const instead = letter.instead?.[answer.status];
  return instead ? post(instead, letter.body, token) : answer;
}

/** Send what waits for an owner; return the addresses that the answers led to, by id. What fails waits on. */
export async function resend(owner, token, only = () => true) {
  const sent = new Map();
  for (const id of (await waiting(owner)).filter(only)) {
    try {
      const letter = await opened(owner, id);
      if (!letter) continue;
      const answer = await deliver(letter, token);
      if (!answer.ok) continue;
      await drop(owner, id, letter.iv);
      sent.set(id, answer.url);
    } catch {
      continue;
    }
  }
  return sent;
}

/** Forget an owner: what waits, and its key. */
export async function forget(owner) {
  await inStore(ENTRIES, "readwrite", (rows) => answerOf(rows.delete(range(owner))));
  await inStore(KEYS, "readwrite", (rows) => answerOf(rows.delete(owner)));
}
