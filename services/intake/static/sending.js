// Saves without leaving the page, so that a lost line or session takes nothing that was typed. Without script the
// form posts itself; a form that is wrong does so too, for the server to show it again with its messages.

const said = document.getElementById("said");
const signin = document.getElementById("signin");

async function renewToken(form) {
  const answer = await fetch("/console", { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#report input[name=csrf]");
  if (fresh) form.elements.namedItem("csrf").value = fresh.value;
}

function tell(text, ended = false) {
  said.textContent = text;
  said.classList.toggle("st-bad", text !== "" && text !== said.dataset.sending);
  signin.hidden = !ended;
}

/** Say that the session is over; what was typed stays. */
export const sessionEnded = () => tell(said.dataset.ended, true);

/** Send `form` once at a time; after a failure its key stays, so that a report is never stored twice. */
export function sendInPlace(form, button) {
  let sending = false;
  let failed = false;
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  window.addEventListener("pageshow", () => { sending = false; button.disabled = false; });

  const send = async () => {
    if (failed) await renewToken(form);
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
    if (answer.redirected && answer.ok) { typed = false; location.assign(answer.url); return; }
    if (answer.status === 422 || answer.status === 409) { typed = false; form.submit(); return; }
    const ended = answer.status === 401 || answer.status === 403;
    throw new Error(ended ? "ended" : "failed");
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = button.disabled = true;
    tell(said.dataset.sending);
    try {
      await send();
    } catch (error) {
      failed = true;
      sending = button.disabled = false;
      tell(said.dataset[error.message] ?? said.dataset.offline, error.message === "ended");
    }
  });
}
