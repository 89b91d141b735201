// Signing out leaves nothing in this browser: what waits is sent first, and what cannot be is asked about.
import { forget, resend, savers, waiting } from "/static/shared/outbox.js";

const form = document.querySelector("form.out");

async function leave() {
  const { owner, unsent } = form.dataset;
  await Promise.allSettled([...savers].map((save) => save()));
  if ((await waiting(owner)).length) await resend(owner, form.elements.namedItem("csrf").value);
  if ((await waiting(owner)).length && !confirm(unsent)) return false;
  await forget(owner);
  return true;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await leave().catch(() => true)) form.submit();
});
