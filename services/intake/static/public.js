// Leave without a trace in the history, and send a form once. Without script the link and the server do the same.
const leave = document.getElementById("exit");
leave.addEventListener("click", (event) => {
  event.preventDefault();
  document.body.hidden = true;
  document.title = "";
  location.replace(leave.href);
});

for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

// A page that the browser kept must not show what was typed.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.pathname + location.search);
});
