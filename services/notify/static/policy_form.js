// Keeps the preview up to date while a policy is being written; everything else works without this.
const form = document.querySelector("#policy");
const shown = document.querySelector("#preview");
const PAUSE_MS = 500;
let asked = 0;
let waiting;

async function look() {
  const mine = ++asked;
  const body = new URLSearchParams(new FormData(form));
  body.set("act", "preview");
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#preview");
  if (fresh && fresh.innerHTML !== shown.innerHTML) shown.replaceChildren(...fresh.childNodes);
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE_MS);
});
document.querySelector("#errors")?.focus();
