// One key, one thing: an element with data-key is clicked (or focused, where it is a field) when that key is pressed outside a field.
// In a table with data-rows j and k walk over the rows, Enter opens the row's first link.
(() => {
  "use strict";
  const typing = (node) => node.matches("input, textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr:not(.group)")].filter((row) => row.querySelector("a"));

  function walk(step) {
    const all = rows();
    if (!all.length) return false;
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    next.querySelector("a").focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (typing(event.target)) return;
    const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (named) {
      event.preventDefault();
      if (typing(named)) { named.focus(); if (named.select) named.select(); } else named.click();
    } else if ((event.key === "j" && walk(1)) || (event.key === "k" && walk(-1))) event.preventDefault();
  });
})();
