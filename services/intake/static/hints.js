// Suggestions from the narrative while it is typed. Nothing is answered but by the operator's own hand.
import { onKey } from "/static/intake/keys.js";

const PAUSE_MS = 500;

/** Fill the list beside the narrative of `form`; what is answered already is not shown. */
export function suggestFrom(form) {
  const panel = document.getElementById("hints");
  const list = panel.querySelector("ul");
  const said = panel.querySelector("[data-said]");
  const status = panel.querySelector("[role=status]");
  const narrative = document.getElementById("narrative");
  const inputOf = (item) => document.getElementById(item.dataset.anchor);
  const control = (item) => item?.querySelector("[data-accept]") ?? item?.querySelector("a");
  const shown = () => [...list.children].filter((item) => !item.hidden);
  let turn = 0;
  let pause;

  const isAnswered = (item) => {
    const input = inputOf(item);
    if (input.type === "checkbox") return input.checked;
    if (input.type === "radio") return Boolean(form.querySelector(`input[name="${input.name}"]:checked`));
    return input.value.trim() !== "";
  };
  const sift = () => {
    for (const item of list.children) {
      item.hidden = isAnswered(item);
      item.querySelector("[data-accept]")?.removeAttribute("hidden");
    }
    panel.querySelector("[data-count]").textContent = shown().length || "";
    panel.querySelector("[data-idle]").hidden = shown().length > 0 || !said.hidden;
  };
  const fail = (failed) => {
    said.textContent = failed ? panel.dataset.failed : "";
    said.hidden = !failed;
  };
  const announce = (text) => { if (status.textContent !== text) status.textContent = text; };
  const fetched = async () => {
    const answer = await fetch("/console/hints", {
      method: "POST",
      body: narrative.value,
      headers: { Accept: "text/html", "Content-Type": "text/plain; charset=utf-8", "X-CSRF-Token": form.elements.namedItem("csrf").value },
    });
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  };
  const look = async () => {
    const mine = ++turn;
    try {
      const html = narrative.value.trim() ? await fetched() : "";
      if (mine !== turn) return;
      fail(false);
      list.innerHTML = html;
    } catch {
      if (mine !== turn) return;
      fail(true);
    }
    sift();
    announce(shown().length ? panel.dataset.some.replace("{n}", shown().length) : "");
  };
  const goTo = (item) => {
    const input = inputOf(item);
    const answers = input.type === "radio" ? [...form.querySelectorAll(`input[name="${input.name}"]`)] : [input];
    const target = answers.find((each) => each.checked) ?? answers[0];
    target.focus({ preventScroll: true });
    (target.closest(".fact, .chips") ?? target).scrollIntoView({ block: "center" });
  };
  const accept = (item) => {
    const { field, value, anchor } = item.dataset;
    const following = shown().slice(shown().indexOf(item) + 1);
    const input = field === "concerns" ? document.getElementById(anchor) : form.querySelector(`input[name="${field}"][value="${value}"]`);
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    announce(`${panel.dataset.taken}: ${item.querySelector("[data-accept]").getAttribute("aria-label")}`);
    const next = following.find((each) => !each.hidden) ?? shown()[0];
    (control(next) ?? narrative).focus();
  };

  narrative.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE_MS);
  });
  form.addEventListener("change", sift);
  panel.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (!item) return;
    if (event.target.closest("[data-accept]")) accept(item);
    else if (event.target.closest("a")) { event.preventDefault(); goTo(item); }
  });
  panel.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const item = event.target.closest("li");
    if (!step || !item) return;
    event.preventDefault();
    control(shown()[shown().indexOf(item) + step])?.focus();
  });
  onKey("hints", () => control(shown()[0])?.focus());
  sift();
  if (narrative.value.trim()) look();
}
