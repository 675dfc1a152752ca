// The form for the field: findings are kept in this device's database first, and sent one by one when there is a network.
// Each carries an id of its own, so that the ledger books it once however often it is sent.
(() => {
  "use strict";
  const form = document.getElementById("finding");
  const net = document.getElementById("net");
  const list = document.getElementById("queue");
  let state = { account: "", csrf: "", tasks: [] };
  let sending = false;

  const database = new Promise((resolve, reject) => {
    const opening = indexedDB.open("sizhang-field", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("queue", { keyPath: "client_id" });
      opening.result.createObjectStore("kept");
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });

  async function store(name, mode, work) {
    const transaction = (await database).transaction(name, mode);
    const request = work(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  // In the order in which they were made: a later finding may rest on an earlier one.
  const queued = async () => (await store("queue", "readonly", (queue) => queue.getAll())).sort((one, other) => one.made - other.made);
  const keep = (finding) => store("queue", "readwrite", (queue) => queue.put(finding));
  const drop = (id) => store("queue", "readwrite", (queue) => queue.delete(id));

  const say = (what) => { net.textContent = net.dataset[what]; };

  async function loadTasks() {
    try {
      const answer = await fetch("tasks.json", { credentials: "same-origin", cache: "no-store" });
      if (answer.redirected || !answer.ok) { say("login"); throw new Error("not signed in"); }
      state = await answer.json();
      await store("kept", "readwrite", (kept) => kept.put({ account: state.account, csrf: "", tasks: state.tasks }, "tasks"));
      say("online");
      return true;
    } catch (fault) {
      const known = await store("kept", "readonly", (kept) => kept.get("tasks"));
      if (known && !state.account) state = known;
      if (!navigator.onLine || fault instanceof TypeError) say("offline");
      return false;
    }
  }

  function showTasks() {
    const chosen = form.promise.value;
    form.promise.replaceChildren(...state.tasks.map((task) => new Option(`${task.number} ${task.title}（${task.standing} ${task.unit}）`, task.number)));
    if (state.tasks.some((task) => task.number === chosen)) form.promise.value = chosen;
    form.hidden = !state.tasks.length;
    document.getElementById("none").hidden = !!state.tasks.length;
    showTask();
  }

  function showTask() {
    const task = state.tasks.find((one) => one.number === form.promise.value);
    if (!task) return;
    const names = [...task.drawn.map((lot) => [lot, "★ "]), ...task.lots.map((lot) => [lot, ""])];
    document.getElementById("lots").hidden = !names.length;
    document.getElementById("seed").textContent = task.seed;
    document.getElementById("lotlist").replaceChildren(...names.map(([lot, star]) => {
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "lot", value: lot });
      label.className = "tick";
      label.append(box, ` ${star}${lot}`);
      return label;
    }));
    document.getElementById("amount").hidden = !task.amount;
    document.getElementById("unit").textContent = task.unit;
  }

  const place = () => new Promise((resolve) => {
    if (!navigator.geolocation) { resolve({}); return; }
    const found = ({ coords }) => resolve({ latitude: coords.latitude.toFixed(6), longitude: coords.longitude.toFixed(6), accuracy_m: String(Math.round(coords.accuracy)) });
    navigator.geolocation.getCurrentPosition(found, () => resolve({}), { timeout: 5000, maximumAge: 60000, enableHighAccuracy: true });
  });

  function now() {
    const here = new Date();
    const two = (number) => String(number).padStart(2, "0");
    const offset = -here.getTimezoneOffset();
    const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
    const day = `${here.getFullYear()}-${two(here.getMonth() + 1)}-${two(here.getDate())}`;
    return { on: day, found_at: `${day} ${two(here.getHours())}:${two(here.getMinutes())}${zone}` };
  }

  async function record(event) {
    event.preventDefault();
    const verb = event.submitter ? event.submitter.value : "verify";
    const lots = [...form.querySelectorAll("[name=lot]:checked")].map((box) => box.value);
    const files = [...form.evidence.files];
    const finding = {
      client_id: `field-${crypto.randomUUID()}`, account: state.account, verb, promise: form.promise.value,
      number: form.number.value.trim(), text: form.text.value.trim(), lots: lots.join("\n"), files, title: form.promise.selectedOptions[0].text,
      made: Date.now(), state: "waiting", fault: "", ...now(), ...(await place()),
    };
    await keep(finding);
    form.reset();
    showTask();
    await showQueue();
    await sendAll();
  }

  async function showQueue() {
    const findings = await queued();
    document.getElementById("empty").hidden = !!findings.length;
    list.replaceChildren(...findings.map((finding) => {
      const item = document.createElement("li");
      item.dataset.state = finding.state;
      const words = document.createElement("p");
      words.textContent = `${finding.title} · ${finding.found_at} · ${finding.latitude ? list.dataset.place : list.dataset.noplace} · ${finding.text}`;
      const told = document.createElement("p");
      told.className = finding.state === "refused" ? "fault" : "quiet";
      told.textContent = `${list.dataset[finding.state]} ${finding.fault}`;
      item.append(words, told);
      if (finding.state !== "waiting") {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: list.dataset.drop });
        button.addEventListener("click", () => drop(finding.client_id).then(showQueue));
        item.append(button);
      }
      return item;
    }));
  }

  async function send(finding) {
    const body = new FormData();
    for (const name of ["client_id", "account", "verb", "promise", "number", "text", "lots", "on", "found_at", "latitude", "longitude", "accuracy_m"]) {
      body.append(name, finding[name] || "");
    }
    for (const file of finding.files) body.append("evidence", file, file.name);
    const answer = await fetch("send/", { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": state.csrf } });
    if (answer.redirected || answer.status === 403) { say("login"); return false; }
    if (answer.status === 422) {
      const fault = await answer.json();
      await keep({ ...finding, state: "refused", fault: `${fault.what} ${fault.remedy}` });
    } else if (answer.ok) {
      const booked = await answer.json();
      await keep({ ...finding, files: [], state: "sent", fault: `№ ${booked.seq}` });
    } else return false;
    return true;
  }

  async function sendAll() {
    if (sending || !navigator.onLine) { if (!navigator.onLine) say("offline"); return; }
    sending = true;
    try {
      const waiting = (await queued()).filter((finding) => finding.state === "waiting");
      if (waiting.length && !(await loadTasks())) return;
      for (const finding of waiting) if (!(await send(finding))) break;
      if (waiting.length) { await loadTasks(); showTasks(); }
    } catch (fault) {
      say("offline");
    } finally {
      sending = false;
      await showQueue();
    }
  }

  form.promise.addEventListener("change", showTask);
  form.addEventListener("submit", record);
  window.addEventListener("online", sendAll);
  window.addEventListener("offline", () => say("offline"));
  setInterval(sendAll, 30000);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("sw.js", { scope: "./" });
  loadTasks().then(showTasks).then(showQueue).then(sendAll);
})();
