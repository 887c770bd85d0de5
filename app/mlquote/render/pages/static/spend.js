// Spend: the key that was typed, kept in this tab alone; a usage log with its progress.

import { away, back, does, one, root, say } from "./frame.js";

const KEY = "mlquote.key";
const ASKED_EVERY_MS = 1000;

const key = {
  get() { try { return sessionStorage.getItem(KEY) ?? ""; } catch { return this.held ?? ""; } },
  set(value) { this.held = value; try { sessionStorage.setItem(KEY, value); } catch { /* kept for this page alone */ } },
};
const headers = () => ({ Accept: "text/html", ...(key.get() ? { "X-API-Key": key.get() } : {}) });

/** Takes a part of a page that the service answered with. */
function take(text, id) {
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(id);
  const old = one(`#${id}`);
  if (fresh && old) old.replaceChildren(...fresh.childNodes);
  listen();
}

async function refresh() {
  try {
    const told = await fetch(one("#spend").dataset.view, { headers: headers() });
    if (told.ok) { back(); take(await told.text(), "spend"); }
  } catch { away(refresh); }
  const forget = one('[data-do="forget"]');
  if (forget) forget.hidden = !key.get();
}

function listen() {
  const form = one("#key-form");
  if (form) form.onsubmit = (event) => { event.preventDefault(); key.set(one("#key").value.trim()); refresh(); };
}
does("forget", () => { key.set(""); refresh(); });
listen();
if (one("#spend") && key.get()) refresh();

const form = one("#log-form");
if (form) {
  const file = one("#log");
  form.addEventListener("submit", (event) => { event.preventDefault(); if (file.files[0]) price(file.files[0]); });
  file.addEventListener("change", () => file.files[0] && price(file.files[0]));
  for (const kind of ["dragover", "dragleave", "drop"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.toggle("over", kind === "dragover"); });
  }
  form.addEventListener("drop", (event) => {
    const [dropped] = event.dataTransfer.files;
    if (!dropped) return;
    file.files = event.dataTransfer.files;
    price(dropped);
  });
}

function progress(share, words) {
  one("#progress").hidden = false;
  one("#bar").value = share;
  one("#bar-says").textContent = words;
}

/** Sends a log and shows its bill; a long one becomes a job that is asked how far it is. */
async function price(log) {
  const label = one("#label").value.trim(), provider = one("#provider").value.trim();
  try {
    if (log.size <= Number(form.dataset.jobBytes)) {
      const told = new URLSearchParams({ name: log.name, ...(label && { label }), ...(provider && { provider }) });
      take(await send("POST", `${root}/v1/views/usage-log?${told}`, log, log), "bill");
    } else {
      await byJob(log, label, provider);
    }
    progress(1, `${log.name}: done`);
    say(`${log.name}: ${one("#priced")?.textContent ?? one("#bill .warn")?.textContent ?? "done"}`);
    one("#bill").scrollIntoView({ block: "start" });
  } catch (error) {
    progress(0, `${log.name}: ${error.message}`);
    say(error.message);
  }
}

async function byJob(log, label, provider) {
  const asked = new URLSearchParams({ by: label ? `day,model,label.${label}` : "day,model", ...(provider && { provider }) });
  const job = JSON.parse(await send("POST", `${root}/v1/usage/cost?${asked}`, log, log, { Prefer: "respond-async" }));
  for (let state = job; ; await new Promise((done) => setTimeout(done, ASKED_EVERY_MS))) {
    if (state.state === "done" || state.state === "failed" || !state.id) break;
    progress(state.progress_fraction ?? 0, `${log.name}: ${state.state}, ${Math.round(100 * (state.progress_fraction ?? 0))} %`);
    state = await (await fetch(`${root}/v1/usage/jobs/${job.id}`, { headers: { ...headers(), Accept: "application/json" } })).json();
  }
  take(await (await fetch(`${root}/v1/views/usage-log?job=${job.id}`, { headers: headers() })).text(), "bill");
}

/** A request whose upload is watched. */
function send(method, address, body, log, also = {}) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries({ ...headers(), ...also })) request.setRequestHeader(name, value);
    if (also.Prefer) request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (sent) => {
      const share = sent.total ? sent.loaded / sent.total : 0;
      progress(share * 0.9, `${log.name}: ${share < 1 ? `${Math.round(100 * share)} % sent` : "sent; being priced"}`);
    };
    request.onload = () => (request.status < 300 ? done(request.responseText) : failed(new Error(reason(request))));
    request.onerror = () => failed(new Error("no answer from the service"));
    request.send(body);
  });
}

function reason(request) {
  try { return JSON.parse(request.responseText).detail; } catch { return `refused (${request.status})`; }
}

