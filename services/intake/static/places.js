// A text field that offers communes while one types; choosing one fills the hidden code beside it.

const PAUSE_MS = 120;
const BAR_PX = 64;

function option(list, unit, at) {
  const item = document.createElement("li");
  const small = document.createElement("small");
  item.id = `${list.id}.${at}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  small.textContent = unit.province_name;
  item.append(unit.name, " ", small);
  return item;
}

/** Tell whether the list has no room below the field but has above it; the bar with the button covers the bottom. */
function isCramped(input, list) {
  const field = input.getBoundingClientRect();
  const below = innerHeight - field.bottom - BAR_PX;
  list.classList.remove("up");
  return below < list.offsetHeight && field.top > below;
}

/** Make `input` a combobox over `/console/places`; the hint below it says how many were found and what was chosen. */
export function offerPlaces(input) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  const code = input.parentElement.querySelector("input[type=hidden]");
  const hint = input.parentElement.querySelector(".hint");
  let units = [];
  let active = -1;
  let turn = 0;
  let pause;

  const close = () => {
    turn += 1;
    clearTimeout(pause);
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = (index + units.length) % units.length;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };
  const choose = (unit) => {
    input.value = unit.name;
    code.value = unit.code;
    hint.textContent = `✓ ${unit.province_name}`;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = (found) => {
    units = found;
    active = -1;
    list.replaceChildren(...found.map((unit, at) => option(list, unit, at)));
    list.hidden = found.length === 0;
    list.classList.toggle("up", isCramped(input, list));
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    hint.textContent = found.length ? hint.dataset.found.replace("{n}", found.length) : hint.dataset.none;
  };
  const search = async () => {
    const mine = ++turn;
    try {
      const answer = await fetch(`/console/places?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const found = await answer.json();
      if (mine === turn) show(found);
    } catch {
      if (mine === turn) hint.textContent = hint.dataset.failed;
    }
  };

  input.addEventListener("input", () => {
    code.value = "";
    close();
    hint.textContent = "";
    if (input.value.trim()) pause = setTimeout(search, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) search();
      else mark(active < 0 && event.key === "ArrowUp" ? units.length - 1 : active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      if (active >= 0) choose(units[active]);
      else if (units.length === 1) choose(units[0]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (at >= 0) choose(units[at]);
  });
  const settle = () => {
    close();
    if (!code.value) hint.textContent = input.value.trim() ? hint.dataset.open : "";
  };
  input.addEventListener("blur", settle);
  settle();
}
