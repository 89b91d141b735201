// Judges a template while it is typed, by the rule that judges the proposal.
const form = document.querySelector("[data-preview-form]");
if (form) {
  const text = form.querySelector("textarea");
  const part = (name) => form.querySelector(`[data-preview="${name}"]`);
  let timer;
  let asked = 0;
  const show = (found) => {
    part("text").textContent = found.text;
    const segments = form.dataset.segments.replace("#", found.segments);
    part("cost").textContent = `${found.units}/${found.room} · ${found.encoding} · ${segments}`;
    part("remarks").replaceChildren(
      ...[...found.refused.map((words) => [words, "st-warn"]), ...found.warned.map((words) => [words, ""])].map(
        ([words, kind]) => Object.assign(document.createElement("li"), { textContent: words, className: kind }),
      ),
    );
  };
  const ask = async () => {
    const mine = (asked += 1);
    const encoding = form.querySelector("[name=encoding]:checked").value;
    const query = new URLSearchParams({ ...text.dataset, text: text.value, encoding });
    const answer = await fetch(`/policies/messages/preview?${query}`).catch(() => null);
    if (answer?.ok && mine === asked) show(await answer.json());
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
  form.querySelector("[data-preview-button]").remove();
}
