// What every page does: the theme, the keyboard, what is said aloud, and what is kept in this browser.

/** One element by a selector. */
export const one = (selector, within = document) => within.querySelector(selector);
/** All elements by a selector, as an array. */
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
/** The service's own path in front of every address, where a proxy put one. */
export const root = document.body.dataset.root;

/** What this browser keeps between visits; nothing where it keeps nothing. */
export const kept = {
  get(name) { try { return localStorage.getItem(`mlquote.${name}`); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`mlquote.${name}`, value); } catch { /* closed: not kept */ } },
};

let waiting = 0, last = 0;
/** Says one sentence to those who listen; at most one a second, the newest of them. */
export function say(sentence) {
  clearTimeout(waiting);
  const speak = () => { last = Date.now(); one("#said").textContent = sentence; };
  waiting = setTimeout(speak, Math.max(0, last + 1000 - Date.now()));
}

/** Says that the service does not answer, where everyone sees it, with a button that asks again; what was answered stays. */
export function away(again, why = "No answer from the service.") {
  const told = Object.assign(document.createElement("p"), { className: "warn" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: "Try again" });
  button.addEventListener("click", again);
  told.append(`${why} What you see is its last answer, and what you asked is kept. `, button);
  one("#away").replaceChildren(told);
}
/** It answers again. */
export function back() { one("#away").replaceChildren(); }

/** Puts a text on the clipboard, and says so on the button that was pressed. */
export async function copy(text, button) {
  const before = button?.textContent;
  let told = "Copied";
  try { await navigator.clipboard.writeText(text); } catch { told = copyOldWay(text) ? "Copied" : "Not copied"; }
  say(`${told}: ${text}`);
  if (button) { button.textContent = told; setTimeout(() => { button.textContent = before; }, 1500); }
}

function copyOldWay(text) {
  const held = document.createElement("textarea");
  held.value = text; held.className = "vh"; document.body.append(held); held.select();
  const done = document.execCommand("copy");
  held.remove();
  return done;
}

const THEMES = ["", "light", "dark"];
const THEME_NAMES = { "": "Auto", light: "Light", dark: "Dark" };
function showTheme() {
  const chosen = document.documentElement.dataset.theme || "";
  for (const button of all('[data-do="theme"]')) {
    button.textContent = THEME_NAMES[chosen];
    button.setAttribute("aria-label", `Theme: ${THEME_NAMES[chosen]}. Change it`);
  }
}
function nextTheme() {
  const chosen = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme || "") + 1) % THEMES.length];
  if (chosen) document.documentElement.dataset.theme = chosen; else delete document.documentElement.dataset.theme;
  kept.set("theme", chosen);
  showTheme();
  say(`Theme: ${THEME_NAMES[chosen]}`);
}

const dialog = one("#keys"), keysOn = one("#keys-on");
let before = null;
function showKeys() { before = document.activeElement; dialog.showModal(); }
dialog.addEventListener("close", () => before?.focus());
keysOn.checked = kept.get("keys") !== "off";
keysOn.addEventListener("change", () => kept.set("keys", keysOn.checked ? "on" : "off"));

const actions = { theme: nextTheme, keys: showKeys, close: () => dialog.close() };
/** Names what a press on `data-do="name"`, or a single key, does; pages add their own. */
export function does(name, action) { actions[name] = action; }
document.addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-do]");
  if (pressed && actions[pressed.dataset.do]) { event.preventDefault(); actions[pressed.dataset.do](pressed); }
});

const ROOMS = { c: "/", e: "/explore", l: "/loss", s: "/spend" };
const SINGLE = { "/": "first", c: "copy", "+": "compare", p: "pin", t: "theme", "?": "keys" };
let isGoing = false;
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || dialog.open || !keysOn.checked) return;
  if (isGoing && ROOMS[event.key]) { isGoing = false; location.href = root + ROOMS[event.key]; return; }
  isGoing = event.key === "g";
  const kind = all(".tabs a")[Number(event.key) - 1];
  const name = SINGLE[event.key];
  if (/^[1-9]$/.test(event.key) && kind) kind.click();
  else if (name === "first" && one("main input, main select")) { event.preventDefault(); one("main input, main select").focus(); }
  else if (name && actions[name]) { event.preventDefault(); actions[name](one(`main [data-do="${name}"]`) ?? one(`[data-do="${name}"]`)); }
});

showTheme();
