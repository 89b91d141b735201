// The keys of the console: which one does what, and the dialog that lists them and lets each be changed. What was
// changed is kept in this browser; it tells nothing about anybody.

const STORE = "heedline.keys";
const DEFAULTS = {
  part1: "Alt+1", part2: "Alt+2", part3: "Alt+3", part4: "Alt+4",
  hints: "Alt+5", find: "Alt+6", complete: "Alt+7", police: "Alt+8", ambulance: "Alt+9", noReport: "Alt+0", merge: "Alt+G",
  send: "Ctrl+Enter", keep: "Ctrl+S", help: "F1",
};
const MODIFIERS = new Set(["Control", "Alt", "Shift", "Meta", "AltGraph"]);
const TYPING = "textarea, select, input:not([type=radio]):not([type=checkbox])";

const runs = new Map();
let keys = { ...DEFAULTS, ...stored() };

function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    return Object.fromEntries(Object.entries(found).filter(([action, combo]) => action in DEFAULTS && typeof combo === "string"));
  } catch {
    return {};
  }
}

function keep() {
  try {
    localStorage.setItem(STORE, JSON.stringify(keys));
    return true;
  } catch {
    return false;
  }
}

// A key by its place on the keyboard, so that Telex, VNI and other layouts change nothing.
function comboOf(event) {
  const name = event.code.replace(/^(Digit|Numpad(?=\d)|Key)/, "").replace("NumpadEnter", "Enter");
  return [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", name].filter(Boolean).join("+");
}

const isFunctionKey = (combo) => /^((Ctrl|Alt|Shift)\+)*F\d{1,2}$/.test(combo);
const isFree = (combo) => /^(Ctrl|Alt)\+/.test(combo) || isFunctionKey(combo);

function show() {
  for (const element of document.querySelectorAll("kbd[data-key]")) element.textContent = keys[element.dataset.key].replaceAll("+", " ");
}

/** Let the key of `action` call `run`; where that returns false, the browser does what it would have done. */
export function onKey(action, run) {
  runs.set(action, run);
}

function pressed(event) {
  const action = Object.keys(keys).find((name) => keys[name] === comboOf(event));
  const run = runs.get(action);
  if (run && run() !== false) event.preventDefault();
}

function changeKeys(dialog) {
  const said = dialog.querySelector("#keymap-said");
  const say = (name, key = "") => { said.textContent = said.dataset[name].replace("{key}", key.replaceAll("+", " ")); };
  let changing;
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("[data-change], [data-restore]");
    if (!button) return;
    if (button.matches("[data-restore]")) {
      keys = { ...DEFAULTS };
      keep();
      show();
      say("restored");
      return;
    }
    changing = button.closest("tr").dataset.action;
    say("press");
  });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (!changing || MODIFIERS.has(event.key)) return;
    if (event.key === "Tab" && !event.ctrlKey && !event.altKey) return;
    event.preventDefault();
    const combo = comboOf(event);
    if (event.key === "Escape") { changing = undefined; said.textContent = ""; return; }
    if (!isFree(combo)) { say("plain"); return; }
    if (Object.entries(keys).some(([action, taken]) => taken === combo && action !== changing)) { say("taken", combo); return; }
    keys[changing] = combo;
    changing = undefined;
    const kept = keep();
    show();
    say(kept ? "changed" : "unkept", combo);
  });
  dialog.addEventListener("close", () => { changing = undefined; said.textContent = ""; });
}

/** Listen to the keys, and to whatever opens the dialog `#keymap`. */
export function listenToKeys() {
  const dialog = document.getElementById("keymap");
  const open = () => { if (!dialog.open) dialog.showModal(); };
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !event.ctrlKey && !event.altKey && !event.target.matches(TYPING)) {
      event.preventDefault();
      open();
      return;
    }
    pressed(event);
  });
  onKey("help", open);
  document.querySelectorAll("[data-keymap]").forEach((button) => { button.hidden = false; button.addEventListener("click", open); });
  changeKeys(dialog);
  show();
}
