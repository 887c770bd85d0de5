// The lab's and Explore's forms made live: handles agree with boxes, and the answer is swapped while it is typed.
import { all, away, back, copy, does, one, say } from "./frame.js";
import { completed } from "./names.js";

const form = one("#lab");
let asking = null;

/** What the form asks, as a query: its fields that are not empty, in their order, a list under one name. */
function query() {
  const asked = new Map();
  for (const [name, value] of new FormData(form)) {
    if (value.trim()) asked.set(name, asked.has(name) ? `${asked.get(name)},${value.trim()}` : value.trim());
  }
  asked.delete("was");
  return new URLSearchParams([...asked]).toString();
}

/** Asks the view anew and puts its answer in place; one request at a time, the older ones let go. */
async function ask(wholly) {
  const asked = query();
  asking?.abort();
  const mine = asking = new AbortController();
  const answer = one("#answer");
  let isAway = false;
  const slow = setTimeout(() => { answer.classList.add("stale"); answer.setAttribute("aria-busy", "true"); }, 150);
  try {
    const response = await fetch(`${form.dataset.view}?${asked}`, { signal: mine.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = one("#answer", page);
    if (!fresh) throw new Error("no answer");
    back();
    const isSound = response.ok && !("faults" in one("#lab", page).dataset);
    if (isSound) { answer.replaceChildren(...fresh.childNodes); history.replaceState(null, "", form.action.split("?")[0] + (asked && `?${asked}`)); }
    faults(page);
    if (wholly) { form.replaceChildren(...one("#lab", page).childNodes); completed(form); }
    if (isSound) say(one(".says", answer)?.textContent ?? "");
  } catch (error) {
    if (asking === mine) { isAway = true; away(() => ask(wholly)); }
  } finally {
    clearTimeout(slow);
    if (asking === mine) { answer.classList.toggle("stale", isAway); answer.removeAttribute("aria-busy"); }
  }
}

/** Each field's fault under it, the answer before left standing. */
function faults(page) {
  for (const field of all(".field[class]", form)) {
    const box = one("[name]", field);
    const there = box && page.getElementById(box.id)?.closest(".field");
    if (!there) continue;
    field.classList.toggle("err", there.classList.contains("err"));
    const told = one(".help", there), mine = one(".help", field);
    if (mine) mine.textContent = told?.textContent ?? "";
    else if (told) field.append(told.cloneNode(true));
    if (there.classList.contains("err")) { box.setAttribute("aria-invalid", "true"); say(told?.textContent ?? ""); }
    else box.removeAttribute("aria-invalid");
  }
}

if (form) {
  completed(form);
  form.addEventListener("input", ({ target }) => {
    if (target.type === "range") {
      const box = document.getElementById(target.dataset.for);
      box.value = Number(Number(target.value).toPrecision(4));
    } else {
      const handle = one(`[data-for="${CSS.escape(target.id)}"]`, form);
      if (handle && target.value.trim()) handle.value = target.value;
    }
    if (target.tagName !== "SELECT") ask(false);
  });
  form.addEventListener("change", ({ target }) => {
    if (target.tagName !== "SELECT") return;
    if (["loss", "model"].includes(target.name)) form.requestSubmit();
    else ask(true);
  });
}
does("copy", (button) => copy(button.dataset.link ?? location.href, button));
