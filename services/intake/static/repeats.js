// Beside the form: reports that may tell of the same child, looked for while one types. What is typed goes in the body
// of a request, never in its address.

import { onKey } from "/static/intake/keys.js";

const PAUSE_MS = 600;
const LOOKED_FOR = /^(narrative|reporter\.phone|subject\.(name|birth_date|age_min|age_max)|place\..+)$/;

const form = document.getElementById("report");
const holder = document.getElementById("typed-repeats");
const boxes = () => [...(holder?.querySelectorAll("input[type=checkbox]") ?? [])];
let turn = 0;
let pause;

async function look() {
  const mine = ++turn;
  const answer = await fetch("/console/repeats", { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const html = await answer.text();
  if (mine !== turn) return;
  const marked = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
  const focused = holder.contains(document.activeElement) ? document.activeElement.value : null;
  holder.innerHTML = html;
  for (const box of boxes()) {
    box.checked = marked.has(box.value);
    if (box.value === focused) box.focus();
  }
}

function lookSoon(event) {
  if (!LOOKED_FOR.test(event.target.name ?? "") && !event.target.matches("[data-place]")) return;
  clearTimeout(pause);
  pause = setTimeout(() => look().catch(() => {}), PAUSE_MS);
}

if (holder) {
  form.addEventListener("input", lookSoon);
  form.addEventListener("change", lookSoon);
}
onKey("merge", () => {
  const [first] = boxes();
  if (!first) return false;
  first.checked = !first.checked;
  first.focus();
  return true;
});
