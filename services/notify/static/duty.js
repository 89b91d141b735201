// The duty board: follows changes of duty, at most once in five seconds since alerts are told on the same channel.
import { follow, replaceWith } from "/static/shared/live.js";

const REST_MS = 5000;
const rows = document.getElementById("rows");
let last = -REST_MS;
let waiting = 0;

function refresh() {
  if (waiting) return;
  const rest = Math.max(0, last + REST_MS - performance.now());
  waiting = setTimeout(() => {
    waiting = 0;
    last = performance.now();
    replaceWith(rows.dataset.rows, "#rows");
  }, rest);
}

follow("/duty/live", refresh);
