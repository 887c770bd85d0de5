// A form whose answer is there while one types: each change asks this page again, the newest question wins, and what
// was answered before stands, paled, until the new answer has come. Without this file the form is a plain GET form.

import { all, away, back, one, say } from "./frame.js";

const PATIENCE_MS = 10_000;
const PALE_AFTER_MS = 150;

/** The fields that hold something, as a query that people can read. */
export function queryOf(form) {
  const given = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value.trim());
  return given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.trim())}`).join("&")
    .replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%40/g, "@");
}

/** Keeps `[data-live]` elements of the page what the server says they are while `form` changes. */
export function live(form) {
  const answer = one("#answer");
  let asking = null;

  async function ask() {
    asking?.abort("a newer question");
    const mine = asking = new AbortController();
    const query = queryOf(form);
    const path = form.getAttribute("action");
    history.replaceState(null, "", query ? `${path}?${query}` : path);
    passable(true);
    const pale = setTimeout(() => wait(true), PALE_AFTER_MS);
    const late = setTimeout(() => mine.abort("late"), PATIENCE_MS);
    try {
      const told = await fetch(`${form.dataset.view}?${query}`, { signal: mine.signal, headers: { Accept: "text/html" } });
      if (!told.ok) throw new Error(told.status === 429 ? "busy" : "failed");
      const text = await told.text();
      if (mine === asking) { back(); show(new DOMParser().parseFromString(text, "text/html")); }
    } catch (error) {
      if (mine === asking) unreachable(error);
    } finally {
      clearTimeout(pale); clearTimeout(late);
      if (mine === asking) { asking = null; passable(false); }
    }
  }

  /** While an answer is awaited the Tab key passes what an earlier one found wrong: its links are about to go. */
  function passable(is) {
    for (const help of all(is ? ".help.fault" : "[inert]", form)) help.inert = is;
  }

  function wait(is) {
    answer.classList.toggle("stale", is);
    answer.setAttribute("aria-busy", String(is));
  }

  function show(page) {
    const isRefused = one("#answer", page)?.hasAttribute("data-faulty");
    const keeps = isRefused && one("#headline", answer);
    for (const old of all("[data-live]")) {
      if (keeps && (old.id === "answer" || old.id === "peek")) continue;
      const fresh = page.getElementById(old.id);
      if (fresh) swap(old, fresh);
    }
    for (const field of all("[aria-describedby]", form)) {
      const help = page.getElementById(field.getAttribute("aria-describedby"));
      if (help?.classList.contains("fault")) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
    for (const fresh of all("[data-placeholder]", page)) {
      const field = one(`#f-${CSS.escape(fresh.id.slice(2))}`, form);
      if (field && "placeholder" in field) field.placeholder = fresh.dataset.placeholder;
    }
    wait(false);
    answer.classList.toggle("stale", Boolean(keeps));
    if (page.title) document.title = page.title;
    const wrong = all(".help.fault", form).map((help) => help.textContent.trim());
    const head = one("#headline", answer);
    say(isRefused ? wrong[0] || one("#faults")?.textContent.trim() || "That cannot be answered"
      : head ? `${head.textContent.trim()}. ${one(".says", answer)?.textContent.trim() ?? ""}` : "");
    document.dispatchEvent(new CustomEvent("answered"));
  }

  function swap(old, fresh) {
    if (old.outerHTML === fresh.outerHTML) return;
    const opened = all("details", old).map((each) => each.open);
    old.className = fresh.className;
    old.hidden = fresh.hidden;
    if (fresh.hasAttribute("data-faulty")) old.setAttribute("data-faulty", ""); else old.removeAttribute("data-faulty");
    old.replaceChildren(...fresh.childNodes);
    all("details", old).forEach((each, at) => { if (opened[at]) each.open = true; });
  }

  function unreachable(error) {
    wait(false);
    answer.classList.add("stale");
    away(ask, error?.message === "busy" ? "The service asks for a moment's patience." : undefined);
  }

  form.addEventListener("input", ask);
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  document.addEventListener("click", (event) => {
    const filling = event.target.closest?.("[data-fill]:not([data-do])");
    if (filling && !event.ctrlKey && !event.metaKey && fill(form, filling.dataset.fill, filling.dataset.value)) event.preventDefault();
  });
  return ask;
}

/** Puts a value into a field, opens what it is folded into, and asks; false where there is no such field. */
export function fill(form, name, value) {
  const field = form.elements.namedItem(name);
  if (!field) return false;
  for (let place = field.closest("details"); place; place = place.parentElement.closest("details")) place.open = true;
  field.value = value;
  field.focus();
  field.select?.();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}
