"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;

  const questions = [...document.querySelectorAll("#table > tbody:not(.group)")].map((body) => ({
    body,
    verdict: body.className,
    area: body.dataset.area,
    level: body.rows[0].cells[1].textContent,
    words: body.textContent.toLowerCase(),
  }));
  const groups = [...document.querySelectorAll("#table > tbody.group")];
  const nothing = document.getElementById("nothing");
  const shown = document.getElementById("shown");

  const choose = () => {
    const chosen = new FormData(form);
    const verdicts = new Set(chosen.getAll("verdict"));
    const area = chosen.get("area");
    const level = chosen.get("level");
    const words = chosen.get("words").toLowerCase().split(/\s+/).filter(Boolean);
    const left = new Set();
    let count = 0;
    for (const one of questions) {
      const fits =
        verdicts.has(one.verdict) &&
        (!area || one.area === area) &&
        (!level || one.level === level) &&
        words.every((word) => one.words.includes(word));
      one.body.hidden = !fits;
      if (fits) {
        left.add(one.verdict);
        count += 1;
      }
    }
    for (const group of groups) group.hidden = !left.has(group.dataset.of);
    nothing.hidden = count > 0;
    shown.value = `${count} of ${questions.length} shown`;
  };

  // A link leads to its question even where a filter hides it.
  const arrive = () => {
    const place = document.getElementById(location.hash.slice(1));
    if (!place || !place.closest("#table")) return;
    if (place.hidden) {
      form.reset();
      choose();
    }
    const more = place.querySelector("details");
    if (more) more.open = true;
    place.scrollIntoView();
  };

  const copy = async (button, code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };

  for (const line of document.querySelectorAll(".again")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", () => copy(button, line.querySelector("code")));
    line.append(button);
  }

  form.addEventListener("input", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(choose));
  addEventListener("hashchange", arrive);
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    form.elements.words.focus();
  });

  form.hidden = false;
  choose();
  if (location.hash) arrive();
})();
