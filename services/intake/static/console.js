// The operator's console: keyboard, search of communes, one report for one form.
import { follow, replaceWith } from "/static/shared/live.js";

const form = document.getElementById("report");
const save = document.getElementById("save");
document.getElementById("errors")?.focus();

form.addEventListener("submit", () => { setTimeout(() => { save.disabled = true; }, 0); });
window.addEventListener("pageshow", () => { save.disabled = false; });

document.addEventListener("keydown", (event) => {
  if (event.altKey && /^[1-4]$/.test(event.key)) {
    event.preventDefault();
    document.querySelector(`#g${event.key} textarea, #g${event.key} input:not([type=hidden]), #g${event.key} select`)?.focus();
    document.getElementById(`g${event.key}`).scrollIntoView({ block: "start" });
  }
  if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); form.requestSubmit(save); }
});

// 1, 2, 3 answer the question in focus; up and down go to the next one.
form.addEventListener("keydown", (event) => {
  const group = event.target.closest(".tri");
  if (!group || event.ctrlKey || event.altKey) return;
  const choices = [...group.querySelectorAll("input")];
  if (/^[1-9]$/.test(event.key) && choices[event.key - 1]) {
    event.preventDefault();
    choices[event.key - 1].checked = true;
    choices[event.key - 1].focus();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const groups = [...form.querySelectorAll(".tri")];
  const next = groups[groups.indexOf(group) + (event.key === "ArrowDown" ? 1 : -1)];
  (next?.querySelector("input:checked") ?? next?.querySelector("input"))?.focus();
});

function combobox(input) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const code = input.parentElement.querySelector("input[type=hidden]");
  const hint = input.parentElement.querySelector("[data-matched]");
  let units = [];
  let active = -1;
  let asked = 0;

  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); active = -1; };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    const item = list.children[index];
    if (item) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
  };
  const choose = (unit) => { input.value = unit.name; code.value = unit.code; hint.textContent = `✓ ${unit.province_name}`; close(); };
  const show = (found) => {
    units = found;
    list.replaceChildren(...found.map((unit, at) => {
      const item = document.createElement("li");
      item.id = `${list.id}.${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const small = document.createElement("small");
      small.textContent = ` ${unit.province_name}`;
      item.append(unit.name, small);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(unit); });
      return item;
    }));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    active = -1;
  };
  input.addEventListener("input", async () => {
    code.value = "";
    hint.textContent = input.value ? hint.dataset.none : "";
    const turn = ++asked;
    if (!input.value.trim()) { close(); return; }
    const answer = await fetch(`/console/places?q=${encodeURIComponent(input.value)}`);
    if (answer.ok && turn === asked) show(await answer.json());
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(Math.min(active + 1, units.length - 1)); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(Math.max(active - 1, 0)); }
    if (event.key === "Enter" && !event.ctrlKey) { event.preventDefault(); choose(units[Math.max(active, 0)]); }
    if (event.key === "Escape") close();
  });
  input.addEventListener("blur", close);
}
document.querySelectorAll("[data-place]").forEach(combobox);
follow("/console/live", () => replaceWith("/console/recent", "#recent"));
