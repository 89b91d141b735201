// Questions answered by keys: up and down go from one to the next, digits choose, backspace takes back.

const choices = (group) => [...group.querySelectorAll("input")];

function set(input, checked) {
  input.checked = checked;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function move(form, group, by) {
  // From a fact to the next fact, past the fields between; elsewhere to whatever stands next.
  const inFacts = group.closest(".fact") !== null;
  const groups = [...form.querySelectorAll(".tri")].filter((each) => each.offsetParent && (!inFacts || each.closest(".fact")));
  const next = groups[groups.indexOf(group) + by];
  if (!next) return;
  (next.querySelector("input:checked") ?? next.querySelector("input")).focus();
}

/** Let the keys answer every `.tri` of `form`; a click on the chosen answer takes it back. */
export function answerByKeys(form) {
  form.addEventListener("keydown", (event) => {
    const group = event.target.closest(".tri");
    if (!group || event.ctrlKey || event.altKey || event.metaKey) return;
    const digit = choices(group)[Number(event.key) - 1];
    const back = event.key === "Backspace" || event.key === "Delete";
    if (!digit && !back && event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (digit) { set(digit, true); digit.focus(); }
    else if (back) choices(group).filter((input) => input.checked).forEach((input) => set(input, false));
    else move(form, group, event.key === "ArrowDown" ? 1 : -1);
  });
  let before;
  form.addEventListener("pointerdown", (event) => {
    const input = event.target.closest(".tri label")?.querySelector("input");
    before = input?.checked ? input : undefined;
  });
  form.addEventListener("click", (event) => {
    if (event.target === before && event.detail > 0) set(before, false);
    before = undefined;
  });
}
