// The demo's phones: reads all messages and calls once a second, shows one phone, sends its replies, answers its calls.

const PAUSE_MS = 1000;
const ASKED = /\bOK ([A-Z]\d[A-Z]\d{3})\b/;
const find = document.getElementById("find");
const list = document.getElementById("phones");
const thread = document.getElementById("thread");
const body = document.getElementById("body");
const error = document.getElementById("error");
const states = JSON.parse(document.body.dataset.states);
const acts = JSON.parse(document.body.dataset.acts);
const RINGING = ["queued", "ringing"];
const KEYS = ["1", "2", "3"];
const CALLS_SHOWN = 3;
let phones = {};
let calls = {};
let chosen = decodeURIComponent(location.hash.slice(1));
let drawnList = "";
let drawnThread = "";
let drawnCalls = "";

const local = (number) => (number.startsWith("+84") ? `0${number.slice(3)}` : number);
const time = (at) => new Date(at).toLocaleTimeString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit" });

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const ended = (call) => states[call.answered_by === "machine_start" && call.status === "completed" ? "machine" : call.status] ?? call.status;
const rings = (number) => (calls[number] ?? []).some((call) => RINGING.includes(call.status));

function drawList() {
  const wanted = find.value.replace(/\s/g, "").toLowerCase();
  const shown = Object.entries(phones)
    .filter(([number, messages]) => !wanted || local(number).includes(wanted) || number.includes(wanted) || messages.some((m) => m.body.toLowerCase().includes(wanted)))
    .sort(([m, a], [n, b]) => rings(n) - rings(m) || b.at(-1).at.localeCompare(a.at(-1).at))
    .slice(0, 200);
  document.getElementById("none").hidden = Object.keys(phones).length > 0;
  const key = JSON.stringify([chosen, shown.map(([n, m]) => [n, m.length, rings(n)])]);
  if (key === drawnList) return;
  drawnList = key;
  const focused = document.activeElement?.dataset?.number;
  list.replaceChildren(...shown.map(([number, messages]) => {
    const button = element("button");
    button.type = "button";
    button.dataset.number = number;
    if (number === chosen) button.setAttribute("aria-current", "true");
    button.append(element("b", local(number)), element("small", document.body.dataset.count.replace("{n}", messages.length)), element("span", messages.at(-1).body));
    if (rings(number)) button.append(element("em", states.ringing));
    const item = element("li");
    item.append(button);
    return item;
  }));
  if (focused) list.querySelector(`[data-number="${CSS.escape(focused)}"]`)?.focus();
}

function drawThread() {
  const messages = phones[chosen];
  document.body.classList.toggle("has-open", Boolean(messages));
  document.getElementById("choose").hidden = Boolean(messages);
  document.getElementById("open").hidden = !messages;
  if (!messages) return;
  const key = JSON.stringify([chosen, messages.map((m) => [m.sid, m.status])]);
  if (key === drawnThread) return;
  drawnThread = key;
  document.getElementById("number").textContent = local(chosen);
  thread.replaceChildren(...messages.map((message) => {
    const item = element("li", message.body, message.direction);
    item.append(element("small", `${time(message.at)} · ${states[message.status] ?? message.status}`));
    return item;
  }));
  thread.scrollTop = thread.scrollHeight;
  const code = messages.filter((m) => m.direction === "to_phone").map((m) => m.body.match(ASKED)?.[1]).filter(Boolean).at(-1);
  document.getElementById("quick").replaceChildren(...(code ? [`OK ${code}`, `KHONG ${code}`] : []).map((text) => {
    const button = element("button", text);
    button.type = "button";
    button.addEventListener("click", () => send(text));
    return button;
  }));
}

function drawCalls() {
  const shown = (calls[chosen] ?? []).slice(-CALLS_SHOWN).reverse();
  const key = JSON.stringify([chosen, shown]);
  if (key === drawnCalls) return;
  drawnCalls = key;
  const focused = document.activeElement?.dataset?.act;
  document.getElementById("calls").replaceChildren(...shown.map((call) => {
    const item = element("li", "", RINGING.includes(call.status) ? "ringing" : "");
    const pressed = call.pressed.map((digit) => acts.key.replace("{key}", digit)).join(", ");
    item.append(element("b", `${time(call.at)} · ${RINGING.includes(call.status) ? states.ringing : ended(call)}${pressed ? ` · ${pressed}` : ""}`));
    item.append(...call.said.filter((text, index) => text !== call.said[index - 1]).map((text) => element("p", text)));
    const offered = RINGING.includes(call.status) ? ["answer", "decline", "ring", "machine"] : call.keys ? [...KEYS, "hang_up"] : [];
    if (!offered.length) return item;
    const row = element("p", "", "acts");
    row.append(...offered.map((act) => {
      const button = element("button", acts[act] ?? acts.key.replace("{key}", act));
      button.type = act === "answer" || act === "1" ? "submit" : "button";
      button.dataset.act = `${call.sid} ${act}`;
      button.addEventListener("click", () => actOn(call.sid, act));
      return button;
    }));
    item.append(row);
    return item;
  }));
  if (focused) (document.querySelector(`[data-act="${CSS.escape(focused)}"]`) ?? document.querySelector("#calls button"))?.focus();
}

async function actOn(sid, act) {
  error.textContent = "";
  const answer = await fetch(`/demo/calls/${sid}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ do: act }) });
  if (!answer.ok) error.textContent = document.body.dataset.failed.replace("{why}", (await answer.json().catch(() => ({}))).error ?? answer.status);
  await refresh();
}

function choose(number) {
  chosen = number;
  history.replaceState(null, "", number ? `#${encodeURIComponent(number)}` : location.pathname + location.search);
  error.textContent = "";
  drawnThread = "";
  drawList();
  drawThread();
  drawCalls();
}

async function send(text) {
  error.textContent = "";
  const answer = await fetch(`/demo/phones/${encodeURIComponent(chosen)}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ body: text }) });
  if (!answer.ok) {
    error.textContent = document.body.dataset.failed.replace("{why}", (await answer.json().catch(() => ({}))).error ?? answer.status);
    return;
  }
  body.value = "";
  await refresh();
}

async function refresh() {
  const [messages, placed] = await Promise.all([fetch("/demo/phones.json"), fetch("/demo/calls.json")]);
  if (!messages.ok || !placed.ok) return;
  phones = await messages.json();
  calls = await placed.json();
  drawList();
  drawThread();
  drawCalls();
}

list.addEventListener("click", (event) => { const button = event.target.closest("button"); if (button) { choose(button.dataset.number); body.focus(); } });
find.addEventListener("input", drawList);
document.getElementById("back").addEventListener("click", () => choose(""));
document.getElementById("form").addEventListener("submit", (event) => { event.preventDefault(); send(body.value); });
setInterval(() => refresh().catch(() => undefined), PAUSE_MS);
refresh();
