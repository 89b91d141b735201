// One alert: reloads when it changed, unless somebody is filling in a form of it.
import { follow } from "/static/shared/live.js";

let first = true;
follow("/queue/live", () => {
  if (first) { first = false; return; }
  const busy = document.activeElement?.closest("form") || document.querySelector("details[open]");
  if (!busy) location.replace(location.pathname);
});
