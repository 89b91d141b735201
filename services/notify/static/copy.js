// A button that copies a text: `data-copy` names what holds it; where the browser does not let it, the text is selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    const said = document.querySelector(button.dataset.says);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      said.textContent = said.dataset.copied;
    } catch {
      getSelection().selectAllChildren(source);
      said.textContent = said.dataset.selected;
    }
  });
}
