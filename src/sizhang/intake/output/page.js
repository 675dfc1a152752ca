"use strict";
(() => {
  const root = document.documentElement;
  const all = (query) => Array.from(document.querySelectorAll(query));
  const marks = all("mark");
  const items = all("#list li");
  const tip = document.getElementById("tip");
  const chosen = { domain: "", kind: "", doubtful: "" };

  const fits = (data) => Object.keys(chosen).every((name) => !chosen[name] || data[name] === chosen[name]);
  const filter = () => {
    let shown = 0;
    for (const item of items) {
      item.hidden = !fits(item.dataset);
      shown += item.hidden ? 0 : 1;
    }
    for (const mark of marks) mark.classList.toggle("off", !fits(mark.dataset));
    document.getElementById("shown").textContent = String(shown);
    document.getElementById("none").hidden = shown > 0;
    for (const button of all("#filters button")) {
      button.setAttribute("aria-pressed", String(chosen[button.dataset.by] === button.dataset.value));
    }
  };
  for (const button of all("#filters button")) {
    button.addEventListener("click", () => {
      const { by, value } = button.dataset;
      chosen[by] = chosen[by] === value ? "" : value;
      filter();
    });
  }

  const point = (name, from) => {
    for (const old of all(".here")) old.classList.remove("here");
    for (const one of all(`[data-p="${name}"]`)) one.classList.add("here");
    const other = from === "list" ? marks.find((one) => one.dataset.p === name) : items.find((one) => one.dataset.p === name);
    if (!other || other.hidden || (from === "text" && root.clientWidth <= 960)) return;
    if (from === "list") {
      other.scrollIntoView({ block: "center" });
      const goal = other.querySelector(".n") || other;
      if (goal === other) other.tabIndex = -1;
      goal.focus({ preventScroll: true });
    } else {
      const box = document.querySelector("aside");
      box.scrollTop += other.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
    }
  };
  for (const mark of marks) mark.addEventListener("click", () => point(mark.dataset.p, "text"));
  for (const item of items) {
    item.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      point(item.dataset.p, "list");
    });
  }

  let told = null;
  const place = () => {
    const at = told.getClientRects()[0];
    const left = Math.min(Math.max(at.left, 8), root.clientWidth - tip.offsetWidth - 8);
    const above = at.top - tip.offsetHeight - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 4 ? above : at.bottom + 6}px`;
    tip.hidden = at.bottom < 0 || at.top > root.clientHeight;
  };
  const show = (number) => {
    told = number;
    tip.textContent = root.dataset.lang === "en" ? number.dataset.en : number.dataset.zh;
    tip.hidden = false;
    place();
  };
  const hide = () => { told = null; tip.hidden = true; };
  for (const number of all(".n")) {
    number.addEventListener("mouseenter", () => show(number));
    number.addEventListener("focus", () => show(number));
    number.addEventListener("mouseleave", hide);
    number.addEventListener("blur", hide);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  // The keyboard scrolls to the number that it reaches: the tip goes with the number, it does not vanish.
  document.addEventListener("scroll", () => { if (told) { tip.hidden = false; place(); } }, { passive: true });

  const lang = document.getElementById("lang");
  lang.addEventListener("click", () => {
    const english = root.dataset.lang === "zh";
    root.dataset.lang = english ? "en" : "zh";
    root.lang = english ? "en" : "zh-CN";
    lang.textContent = english ? "中文" : "English";
    lang.setAttribute("aria-label", english ? "标签改用中文" : "Switch the labels to English");
  });
  lang.hidden = false;
  document.getElementById("filters").hidden = false;
  if (root.clientWidth <= 960) document.getElementById("panel").open = false;
  window.addEventListener("beforeprint", () => { document.getElementById("panel").open = true; });
})();
