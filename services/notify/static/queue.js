// The escalation queue: follows changes, filters rows, moves by keyboard.
import { follow, replaceWith } from "/static/shared/live.js";

const find = document.getElementById("find");
const failed = document.getElementById("failed");
const announce = document.getElementById("announce");
const levels = [...document.querySelectorAll("[data-level][type=checkbox]")];
let overdue = Number(document.querySelector("[data-overdue]").dataset.overdue);

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

function filter() {
  const wanted = fold(find.value.trim());
  const shown = new Set(levels.filter((box) => box.checked).map((box) => box.dataset.level));
  for (const row of document.querySelectorAll("#queue tr[data-code]")) {
    const fits = shown.has(row.dataset.level) && (!failed.checked || row.dataset.failed === "1") && (!wanted || fold(row.textContent).includes(wanted));
    row.classList.toggle("is-hidden", !fits);
  }
}

async function refresh() {
  await replaceWith("/queue/rows", "#rows");
  filter();
  const now = Number(document.querySelector("[data-overdue]").dataset.overdue);
  if (now > overdue) announce.textContent = announce.dataset.text.replace("{n}", now);
  overdue = now;
}

const links = () => [...document.querySelectorAll("#queue tr[data-code]:not(.is-hidden) a.code")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const typing = event.target.matches("input[type=search], textarea, select");
  if (event.key === "/" && !typing) { event.preventDefault(); find.focus(); return; }
  if (event.key === "Escape" && event.target === find) { find.value = ""; filter(); find.blur(); return; }
  if (typing) return;
  if (/^[1-4]$/.test(event.key)) { levels[event.key - 1].click(); return; }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = links();
  const at = all.indexOf(document.activeElement);
  const next = all[event.key === "ArrowDown" ? Math.min(at + 1, all.length - 1) : Math.max(at - 1, 0)];
  if (next) { event.preventDefault(); next.focus(); }
});
find.addEventListener("input", filter);
failed.addEventListener("change", filter);
for (const box of levels) box.addEventListener("change", filter);
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
follow("/queue/live", refresh);
