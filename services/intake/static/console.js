// The operator's console: keys, communes, rows, saving, and the reports before.
import { answerByKeys } from "/static/intake/answers.js";
import { watchCall } from "/static/intake/calls.js";
import { suggestFrom } from "/static/intake/hints.js";
import { listenToKeys, onKey } from "/static/intake/keys.js";
import { foresee } from "/static/intake/level.js";
import { offerPlaces } from "/static/intake/places.js";
import "/static/intake/repeats.js";
import { sendInPlace, sessionEnded } from "/static/intake/sending.js";
import { follow, replaceWith } from "/static/shared/live.js";

const form = document.getElementById("report");
const save = document.getElementById("save");

function goTo(number) {
  const part = document.getElementById(`g${number}`);
  part.querySelector("textarea, input:checked, input:not([type=hidden]), select").focus({ preventScroll: true });
  part.scrollIntoView({ block: "start" });
}

for (const part of ["1", "2", "3", "4"]) onKey(`part${part}`, () => goTo(part));
onKey("find", () => document.getElementById("find").click());
onKey("send", () => form.requestSubmit(save));
onKey("keep", () => { document.dispatchEvent(new CustomEvent("heedline:save")); });

// Enter in a field must not save a report that is half typed.
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input, select")) event.preventDefault();
});

function keepRows(holder) {
  const list = holder.querySelector("[data-rows]");
  const row = holder.querySelector("template");
  const button = holder.querySelector("[data-add]");
  const isEmpty = (item) => [...item.querySelectorAll("input, select")].every((input) => (input.type === "radio" ? !input.checked : !input.value));
  while (list.children.length > 1 && isEmpty(list.lastElementChild) && isEmpty(list.children[list.children.length - 2])) list.lastElementChild.remove();
  button.hidden = false;
  button.addEventListener("click", () => {
    const number = list.children.length;
    const html = row.innerHTML.replaceAll("__n__", number).replaceAll("__m__", number + 1);
    list.insertAdjacentHTML("beforeend", html);
    list.lastElementChild.querySelector("input, select").focus();
    if (number >= 19) button.hidden = true;
  });
}

function showNeeds() {
  const filled = (name) => [...form.querySelectorAll(`[name="${name}"]`)].some((input) => (/radio|checkbox/.test(input.type) ? input.checked : input.value.trim()));
  const needs = [...document.querySelectorAll("[data-need]")];
  for (const need of needs) need.classList.toggle("has", need.dataset.need.split(" ").some(filled));
  if (needs.length) document.getElementById("need-n").textContent = `${needs.filter((need) => need.matches(".has")).length}/${needs.length}`;
}

/** What a form without drafts does with them: one that completes a stored report keeps nothing elsewhere. */
const noDrafts = { isSafe: () => false, keepReport: async () => false, sent: async () => {}, refused: async () => {} };
const drafts = async () => (document.getElementById("kept") ? (await import("/static/intake/drafts.js")).draft : noDrafts);

document.querySelectorAll("[data-place]").forEach(offerPlaces);
document.querySelectorAll("[data-rows]").forEach((list) => keepRows(list.parentElement));
answerByKeys(form);
suggestFrom(form);
foresee(form, sessionEnded);
if (document.getElementById("call")) watchCall(form);
listenToKeys();
sendInPlace(form, save, await drafts());
form.addEventListener("input", showNeeds);
form.addEventListener("change", showNeeds);
showNeeds();
document.getElementById("errors")?.focus();
follow("/console/live", () => replaceWith("/console/recent", "#recent", sessionEnded));
