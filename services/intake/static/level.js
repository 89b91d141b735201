// Beside the form: level, rules and who is on duty, asked again as facts are set. What was typed travels in the body of
// a request. Without an answer the form works on, and the panel says that the level is missing.

const PAUSE_MS = 300;

/** Keep the panel `#level` up to what `form` says; `ended` is called when the session is over. */
export function foresee(form, ended) {
  const panel = document.getElementById("level");
  const away = document.getElementById("level-away");
  const said = document.getElementById("level-said");
  let turn = 0;
  let pause;
  let level = "";

  const announce = () => {
    const now = panel.querySelector("[data-level]")?.dataset.level ?? "";
    if (now && now !== level) said.textContent = said.dataset.said.replace("{level}", now);
    if (now) level = now;
  };
  const fail = (failed) => {
    away.hidden = !failed;
    panel.hidden = failed;
  };
  const look = async () => {
    const mine = ++turn;
    try {
      const answer = await fetch("/console/level", { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
      if (mine !== turn) return;
      if (answer.status === 401) ended();
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const html = await answer.text();
      if (mine !== turn) return;
      panel.innerHTML = html;
      fail(false);
      announce();
    } catch {
      if (mine === turn) fail(true);
    }
  };
  const lookSoon = () => {
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE_MS);
  };

  form.addEventListener("input", lookSoon);
  form.addEventListener("change", lookSoon);
  if (form.querySelector("textarea").value.trim() || form.querySelector("input:checked")) look();
}
