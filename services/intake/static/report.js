// A stored report: its level and its alert's state, live; what changed is said once to screen readers.
import { follow, replaceWith } from "/static/shared/live.js";

const state = document.getElementById("state");
const { repeats } = document.getElementById("repeats").dataset;
const announce = document.getElementById("announce");
const summary = () => state.querySelector("[data-summary]").dataset.summary;
let said = summary();

follow(state.dataset.live, async () => {
  await replaceWith(state.dataset.state, "#state");
  await replaceWith(repeats, "#repeats");
  if (summary() !== said) announce.textContent = said = summary();
});
