// Sends without leaving the page, so that a lost line or session takes nothing that was typed: what cannot be sent waits
// in this browser and is sent with the same key when the server is back. Without script the form posts itself; a form
// that is wrong does so too, for the server to show it again with its messages.

const RETRY_MS = 5000;

const said = document.getElementById("said");
const signin = document.getElementById("signin");

/** Take the token of the session that is now; false when there is none, or when it is another person's; throws while the server is away. */
export async function renewToken(form, owner = form.dataset.owner) {
  const answer = await fetch("/console", { headers: { Accept: "text/html" } });
  if (answer.status >= 500) throw new Error("failed");
  if (!answer.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#report input[name=csrf]");
  if (!fresh || fresh.form.dataset.owner !== owner) return false;
  form.elements.namedItem("csrf").value = fresh.value;
  return true;
}

function tell(text, ended = false) {
  said.textContent = text;
  said.classList.toggle("st-bad", text !== "" && text !== said.dataset.sending);
  signin.hidden = !ended;
}

/** Say that the session is over; what was typed stays. */
export const sessionEnded = () => tell(said.dataset.ended, true);

/** Send `form` once at a time; after a failure its key stays, so that a report is never stored twice. */
export function sendInPlace(form, button, draft) {
  let sending = false;
  let failed = false;
  let waits = false;
  let typed = false;
  let retry;
  form.addEventListener("input", () => { typed = true; });
  window.addEventListener("beforeunload", (event) => { if (typed && !draft.isSafe()) event.preventDefault(); });
  window.addEventListener("pageshow", () => { sending = false; button.disabled = false; });

  const send = async () => {
    if (failed && !(await renewToken(form))) throw new Error("ended");
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
    if (answer.redirected && answer.ok) { typed = false; await draft.sent(); location.assign(answer.url); return; }
    if (answer.status === 409 && waits) { tell(said.dataset.reused); await draft.sent(); return; }
    if (answer.status === 422 || answer.status === 409) { await draft.refused(); typed = false; form.submit(); return; }
    const ended = answer.status === 401 || answer.status === 403;
    throw new Error(ended ? "ended" : "failed");
  };
  const attempt = async (quiet) => {
    clearTimeout(retry);
    if (sending) return;
    sending = button.disabled = true;
    if (!quiet) tell(said.dataset.sending);
    try {
      await send();
    } catch (error) {
      failed = true;
      const ended = error.message === "ended";
      waits = await draft.keepReport(ended ? "ended" : "offline");
      sending = button.disabled = false;
      tell(ended ? said.dataset.ended : waits ? said.dataset.kept : said.dataset[error.message] ?? said.dataset.offline, ended);
      if (waits) retry = setTimeout(attempt, RETRY_MS, true);
    }
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); attempt(false); });
  window.addEventListener("online", () => { if (waits) attempt(true); });
}
