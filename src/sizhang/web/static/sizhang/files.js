// Files of evidence: dropped, chosen one after the other, or taken by the camera; each is listed and can be taken out again before it is sent.
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-drop]")) {
    const input = box.querySelector("input[name=evidence]");
    const camera = box.querySelector("[data-camera]");
    const list = box.querySelector(".files");
    let held = [];

    function show() {
      const kept = new DataTransfer();
      for (const file of held) kept.items.add(file);
      input.files = kept.files;
      for (const picture of list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
      list.replaceChildren(...held.map((file) => {
        const item = document.createElement("li");
        if (file.type.startsWith("image/")) {
          item.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "", width: 64, height: 48 }));
        }
        item.append(`${file.name} · ${Math.ceil(file.size / 1000)} kB `);
        const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: box.dataset.remove });
        button.setAttribute("aria-label", `${box.dataset.remove} ${file.name}`);
        button.addEventListener("click", () => { held = held.filter((one) => one !== file); show(); });
        item.append(button);
        return item;
      }));
    }
    function add(files) {
      const known = (file) => held.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
      held = [...held, ...[...files].filter((file) => !known(file))].slice(0, Number(box.dataset.most));
      show();
    }

    input.addEventListener("change", () => add(input.files));
    camera.addEventListener("change", () => { add(camera.files); camera.value = ""; });
    box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
    box.addEventListener("dragleave", () => box.classList.remove("over"));
    box.addEventListener("drop", (event) => { event.preventDefault(); box.classList.remove("over"); add(event.dataTransfer.files); });
  }
})();
