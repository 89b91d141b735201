// Leave without a trace in the history; send a form once, and not into a lost line, which would lose what was typed.
// Without script the link leaves and the server stores once all the same.
const leave = document.getElementById("exit");
leave.addEventListener("click", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  document.title = "";
  location.replace(leave.href);
});

for (const form of document.forms) {
  const lost = form.querySelector("[data-lost]");
  form.addEventListener("submit", (event) => {
    const offline = lost !== null && !navigator.onLine;
    if (lost) lost.hidden = !offline;
    if (offline || form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "yes";
  });
}

// A page that the browser kept must not show what was typed.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.pathname + location.search);
});
