// A secret that is shown once: copied by a button where the browser can.
const button = document.getElementById("copy");
const secret = document.getElementById("secret");
const said = document.getElementById("copied");

async function copy() {
  try {
    await navigator.clipboard.writeText(secret.value);
    said.textContent = button.dataset.done;
  } catch {
    secret.select();
    said.textContent = document.execCommand("copy") ? button.dataset.done : button.dataset.failed;
  }
}

button.hidden = false;
button.addEventListener("click", copy);
secret.addEventListener("focus", () => secret.select());
