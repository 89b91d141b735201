// The call above the form: how long it lasts, who calls, and calls that are no report, each recorded by two keys.
import { onKey } from "/static/intake/keys.js";

const call = document.getElementById("call");
const holder = document.getElementById("contact");
const menu = document.getElementById("no-report");
const timer = document.getElementById("timer");
const twoDigits = (n) => String(n).padStart(2, "0");

let since;
let ticking;

function draw() {
  const seconds = Math.floor((performance.now() - since) / 1000);
  timer.textContent = `${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}`;
}

function start() {
  if (since !== undefined) return;
  since = performance.now();
  ticking = setInterval(draw, 1000);
}

function stop() {
  clearInterval(ticking);
  since = undefined;
  timer.textContent = "00:00";
}

const isBlank = (form) => ![...form.elements].some((field) => (/radio|checkbox/.test(field.type) ? field.checked : /text|search|tel|date/.test(field.type) && field.value.trim()));

function sayWhoCalls(form) {
  const buttons = [...call.querySelectorAll("[data-caller]")];
  const relation = document.getElementById("reporter.relation");
  const hint = call.querySelector(".child-hint");
  const given = () => buttons.some((button) => button.dataset.relation === relation.value);
  call.querySelector(".callers").hidden = false;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      start();
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      if (!relation.value.trim() || given()) relation.value = button.dataset.relation;
      const child = button.dataset.caller === "child";
      const kind = form.querySelector("input[name='subject.kind'][value=child]");
      if (child && !form.querySelector("input[name='subject.kind']:checked")) kind.checked = true;
      hint.textContent = child ? hint.dataset.hint : "";
      relation.dispatchEvent(new Event("input", { bubbles: true }));
      document.getElementById("narrative").focus();
    });
  }
}

async function send(form, body) {
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html", "X-Fragment": "1" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    holder.innerHTML = await answer.text();
    const counts = holder.querySelector("[data-counts]");
    document.querySelector("aside [data-counts]")?.replaceWith(counts);
    menu.querySelector("form").action = `/console/contacts/${holder.querySelector("[data-next-id]").dataset.nextId}`;
    return true;
  } catch {
    holder.textContent = holder.dataset.failed;
    return false;
  }
}

let fading;

async function record(report, button) {
  const form = button.form;
  const body = new URLSearchParams(new FormData(form));
  body.set("kind", button.value);
  menu.open = false;
  if (!(await send(form, body))) return;
  if (isBlank(report)) stop();
  holder.querySelector("[data-undo] button")?.focus();
  clearTimeout(fading);
  fading = setTimeout(() => holder.querySelector("[data-undo]")?.remove(), 60000);
}

function listen(report) {
  const kinds = [...menu.querySelectorAll("button[name=kind]")];
  menu.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    record(report, event.submitter ?? kinds[0]);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); return; }
    const digit = event.code.match(/^(?:Digit|Numpad)([1-5])$/)?.[1];
    if (!menu.open || !digit || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    record(report, kinds[Number(digit) - 1]);
  });
  holder.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    send(form, new URLSearchParams(new FormData(form))).then(() => holder.querySelector("[data-open-form]")?.focus());
  });
  holder.addEventListener("click", (event) => {
    if (!event.target.closest("[data-open-form]")) return;
    event.preventDefault();
    start();
    document.getElementById("narrative").focus();
  });
}

/** Watch the call of the report that `form` takes. */
export function watchCall(form) {
  form.addEventListener("keydown", (event) => { if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) start(); });
  form.addEventListener("input", start);
  sayWhoCalls(form);
  listen(form);
  onKey("police", () => document.getElementById("call-113").click());
  onKey("ambulance", () => document.getElementById("call-115").click());
  onKey("noReport", () => {
    menu.open = true;
    menu.querySelector("button").focus();
  });
}
