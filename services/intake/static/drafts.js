// Saves what is typed as a draft: after a pause, on the server or, while that is away, encrypted in this browser. What
// became of it is always said. A form that is opened anew is blank; the address of a draft brings the draft back.
import { renewToken } from "/static/intake/sending.js";
import { replaceWith } from "/static/shared/live.js";
import { drop, keep, resend, savers, waiting } from "/static/shared/outbox.js";

const PAUSE_MS = 1000;
const LONGEST_MS = 2000;
const RETRY_MS = 5000;
const PATIENCE_MS = 4000;
const KEEPALIVE_BYTES = 60000;

const state = document.getElementById("kept");
const form = document.getElementById("report");
const { owner } = form.dataset;
const { key } = state.dataset;
const address = `/console/drafts/${key}`;
const wanted = new URLSearchParams(location.search).get("draft");
const clock = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

let revision = Number(state.dataset.revision);
let seen = "";
let changes = 0;
let onServer = 0;
let onMachine = 0;
let unsavedSince = 0;
let timer;
let running = null;
let queued = false;
let over = false;

const token = () => form.elements.namedItem("csrf").value;

function say(name, value) {
  const spoken = !["idle", "saving", "saved"].includes(name);
  state.setAttribute("aria-live", spoken ? "polite" : "off");
  const text = queued ? "" : (state.dataset[name] ?? value).replace("{time}", value ?? "");
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("st-bad", spoken);
  if (name === "ended") document.getElementById("signin").hidden = false;
}

function typed() {
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("csrf");
  return fields.toString();
}

/** From now on a reload shows this draft. */
function adopt() {
  if (new URLSearchParams(location.search).get("draft") === key) return;
  history.replaceState(null, "", `/console?draft=${key}`);
  const language = document.querySelector("a.lang[hreflang]");
  if (language) language.href = `/console?draft=${key}&lang=${language.hreflang}`;
  replaceWith(`/console/drafts?open=${key}`, "#drafts", () => {}).catch(() => {});
}

async function post(body, again = true) {
  const headers = { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-CSRF-Token": token() };
  const keepalive = document.visibilityState === "hidden" && body.length < KEEPALIVE_BYTES;
  try {
    const answer = await fetch(`${address}?revision=${revision}`, { method: "POST", body, headers, keepalive, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 403 && again && (await renewToken(form, owner))) return await post(body, false);
    if (answer.status === 401 || answer.status === 403) return { state: "ended" };
    if (answer.status === 413) return { state: "large", detail: (await answer.json()).detail };
    return answer.ok ? await answer.json() : { state: "offline" };
  } catch {
    return { state: "offline" };
  }
}

/** Keep what is typed in this browser, as a draft or as the report that waits to be sent. */
async function keepHere(reason) {
  const mine = changes;
  const letter = queued
    ? { url: "/console/reports", body: typed(), instead: { 422: address, 409: `/console/drafts/${crypto.randomUUID?.().replaceAll("-", "")}` } }
    : { url: `${address}?revision=${revision}`, body: typed() };
  const kept = await keep(owner, key, letter);
  if (kept) { onMachine = mine; adopt(); }
  say(reason === "ended" ? "ended" : kept ? "kept" : "offline");
  return kept;
}

async function once() {
  const mine = changes;
  unsavedSince = 0;
  if (queued) { await keepHere("offline"); return; }
  revision = Math.max(revision + 1, Date.now());
  const told = await post(typed());
  if (queued) return;
  if (told.state === "saved") {
    onServer = mine;
    await drop(owner, key).catch(() => {});
    adopt();
    if (changes === mine) say("saved", clock.format(new Date(told.at)));
  } else if (told.state === "sent") {
    over = true;
    await drop(owner, key).catch(() => {});
    say("sent");
  } else if (told.state === "outdated") {
    revision = Math.max(revision, told.revision);
    say("outdated");
  } else if (told.state === "large") {
    say("large", told.detail);
  } else {
    await keepHere(told.state);
    if (!unsavedSince) wait(RETRY_MS);
  }
}

function wait(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
}

/** Save now. */
function save() {
  clearTimeout(timer);
  if (over) return Promise.resolve();
  running ??= once().finally(() => {
    running = null;
    if (unsavedSince) schedule();
  });
  return running;
}

function schedule() {
  wait(Math.max(0, Math.min(PAUSE_MS, unsavedSince + LONGEST_MS - Date.now())));
}

function change() {
  const now = typed();
  if (over || now === seen) return;
  seen = now;
  changes += 1;
  unsavedSince ||= Date.now();
  if (!state.classList.contains("st-bad")) say("saving");
  if (!running) schedule();
}

const pending = () => changes !== onServer;

/** What the sending of the report tells the draft. */
export const draft = {
  isSafe: () => !pending() || changes === onMachine,
  /** The report could not be sent: it waits here instead of the draft; tell whether it does. */
  async keepReport(reason) {
    queued = true;
    const kept = await keepHere(reason);
    queued = kept;
    return kept;
  },
  /** The server has the report. */
  async sent() {
    over = true;
    clearTimeout(timer);
    await running?.catch(() => {});
    await drop(owner, key).catch(() => {});
  },
  /** The server refused the report: it is a draft again. */
  async refused() {
    queued = false;
    await running?.catch(() => {});
    await save();
  },
};

/** Send what waits here from before; a draft that was asked for and waited here is then shown. */
async function sendOld() {
  const own = wanted && (await waiting(owner)).includes(wanted);
  if (own) form.inert = true;
  const sent = await resend(owner, token(), (id) => id === wanted || id !== key);
  form.inert = false;
  if (own && sent.has(wanted) && !changes) { location.replace(sent.get(wanted)); return; }
  if (sent.size) replaceWith(`/console/drafts?open=${key}`, "#drafts", () => {}).catch(() => {});
}

seen = typed();
if (!state.textContent.trim()) say("idle");
for (const name of ["input", "change"]) form.addEventListener(name, change);
document.getElementById("keep").addEventListener("click", (event) => { event.preventDefault(); changes += 1; say("saving"); save(); });
document.addEventListener("heedline:save", () => { changes += 1; say("saving"); save(); });
document.addEventListener("visibilitychange", () => { if (pending() && !queued) save(); });
window.addEventListener("online", () => { if (pending() && !queued) save(); sendOld().catch(() => {}); });
savers.add(async () => { if (pending()) { await running; await save(); } });
if (document.getElementById("errors")) { changes += 1; save(); }
sendOld().catch(() => { form.inert = false; });
setInterval(() => { if (document.visibilityState === "visible") resend(owner, token(), (id) => id !== key).catch(() => {}); }, 6 * RETRY_MS);
