// A stored report: its level and its alert's state, live; what changed is said once to screen readers.
import { listenToKeys, onKey } from "/static/intake/keys.js";
import { follow, replaceWith } from "/static/shared/live.js";

const state = document.getElementById("state");
const { repeats } = document.getElementById("repeats").dataset;
const { paged } = document.getElementById("paged").dataset;
const announce = document.getElementById("announce");
const summary = () => state.querySelector("[data-summary]").dataset.summary;
const PAGED_MS = 5000;
let said = summary();

// What carriers say changes no state of the report, so it is asked for while nobody has the case.
const isOpen = () => document.querySelector("#paged [data-state=open]") !== null;
setInterval(() => { if (!document.hidden && isOpen()) replaceWith(paged, "#paged").catch(() => {}); }, PAGED_MS);
onKey("complete", () => document.getElementById("complete")?.click());
listenToKeys();

follow(state.dataset.live, async () => {
  await replaceWith(state.dataset.state, "#state");
  await replaceWith(paged, "#paged");
  await replaceWith(repeats, "#repeats");
  if (summary() !== said) announce.textContent = said = summary();
});
