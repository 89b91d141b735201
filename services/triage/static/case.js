// The case page: a change elsewhere reloads it, unless somebody is filling in a form of it; a wrong field gets the focus.
import { follow } from "/static/shared/live.js";

document.querySelector("[aria-invalid]")?.focus();

let first = true;
let typed = document.querySelector("[aria-invalid]") !== null;
document.addEventListener("input", () => { typed = true; });

follow(document.querySelector("[data-live]").dataset.live, () => {
  if (first) { first = false; return; }
  if (!typed && !document.querySelector("details[open]")) location.replace(location.pathname);
});
