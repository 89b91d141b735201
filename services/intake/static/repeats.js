// Beside the form: reports that may tell of the same child, looked for while one types. What is typed goes in the body
// of a request, never in its address.

const PAUSE_MS = 600;
const LOOKED_FOR = /^(narrative|reporter\.phone|subject\.(name|birth_date|age_min|age_max)|place\..+)$/;

const form = document.getElementById("report");
const holder = document.getElementById("typed-repeats");
const boxes = () => [...holder.querySelectorAll("input[type=checkbox]")];
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

form.addEventListener("input", lookSoon);
form.addEventListener("change", lookSoon);
document.addEventListener("keydown", (event) => {
  const [first] = boxes();
  if (!event.altKey || event.code !== "KeyG" || !first) return;
  event.preventDefault();
  first.checked = !first.checked;
  first.focus();
});
