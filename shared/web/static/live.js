// Keeps a page alive: listens for changes, fetches the part that changed, runs the countdowns,
// and says so when the server has not been heard for three heartbeats.

const SILENCE_MS = 15000;
const TICK_MS = 500;

/** Server time: the page's own clock plus the difference told by the last heartbeat. */
let offset = 0;
const clock = document.querySelector("[data-clock]");
if (clock) offset = Date.parse(clock.dataset.clock) - Date.now();
export const serverNow = () => Date.now() + offset;

const vietnam = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const twoDigits = (n) => String(n).padStart(2, "0");

function spanText(ms, hours, days) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return [`${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}`, ""];
  if (seconds < 86400) return [`${Math.floor(seconds / 3600)}:${twoDigits(Math.floor((seconds % 3600) / 60))}`, hours];
  return [String(Math.floor(seconds / 86400)), days];
}

function drawCountdown(element, now) {
  const due = Date.parse(element.dataset.due);
  const start = Date.parse(element.dataset.start);
  const left = due - now;
  const over = left < 0;
  const [number, unit] = spanText(Math.abs(left), element.dataset.hours, element.dataset.days);
  const [bold, label] = [element.querySelector(".cd-n b"), element.querySelector(".cd-n span")];
  if (bold.textContent !== number) bold.textContent = number;
  const text = [unit, over ? element.dataset.over : unit ? "" : element.dataset.left].filter(Boolean).join(" ");
  if (label.textContent !== text) label.textContent = text;
  element.classList.toggle("over", over);
  element.classList.toggle("soon", !over && (left < (due - start) / 3 || left < 300000) && !element.classList.contains("legal"));
  element.querySelector(".val").setAttribute("width", `${over ? 100 : Math.max(0, Math.min(100, (100 * left) / (due - start)))}%`);
  const row = element.closest("tr");
  if (row && !element.classList.contains("legal")) row.classList.toggle("late", over);
}

function tick() {
  const now = serverNow();
  for (const element of document.querySelectorAll(".cd[data-due]")) drawCountdown(element, now);
  if (clock) clock.querySelector("time").textContent = vietnam.format(now);
}

/** Follow `url`; on a change call `refresh`, and draw the heartbeat. Returns the event source. */
export function follow(url, refresh) {
  let heard = Date.now();
  let source;
  const age = document.querySelector("[data-beat-age]");
  const last = document.querySelector("[data-beat-last]");
  const bar = document.querySelector("[data-stale]");

  const hear = (event) => {
    heard = Date.now();
    offset = Date.parse(JSON.parse(event.data).now) - heard;
    setStale(false);
  };
  const setStale = (stale) => {
    document.documentElement.classList.toggle("is-stale", stale);
    if (bar) bar.hidden = !stale;
    if (stale && last) last.textContent = last.dataset.text.replace("{time}", vietnam.format(heard + offset));
  };
  const connect = () => {
    source = new EventSource(url);
    source.addEventListener("beat", hear);
    source.addEventListener("changed", (event) => { hear(event); refresh(); });
    source.addEventListener("open", () => refresh());
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000); });
  };
  connect();
  setInterval(() => {
    const seconds = Math.round((Date.now() - heard) / 1000);
    if (age) age.textContent = age.dataset.text.replace("{n}", seconds);
    if (Date.now() - heard > SILENCE_MS) setStale(true);
  }, 1000);
  return source;
}

/** Fetch a fragment and put it in place of what `selector` holds, unless a row of it has the focus. */
export async function replaceWith(url, selector, signedOut = () => location.reload()) {
  const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (answer.status === 401) { signedOut(); return; }
  if (!answer.ok) return;
  const html = await answer.text();
  const target = document.querySelector(selector);
  if (target.contains(document.activeElement) && document.activeElement !== document.body) {
    target.addEventListener("focusout", () => setTimeout(() => replaceWith(url, selector, signedOut), 50), { once: true });
    return;
  }
  target.innerHTML = html;
  tick();
}

setInterval(tick, TICK_MS);
tick();
