// The calculator: the form is live, names are completed, links and texts are copied, quotes gather side by side.

import { copy, does, one, root } from "./frame.js";
import { fill, live } from "./live.js";
import { completed } from "./names.js";

const form = one("#question");
live(form);
completed(form);

const MOST_QUOTES = 4;
/** The quotes that were put side by side in this tab. */
const gathered = {
  get() { try { return JSON.parse(sessionStorage.getItem("mlquote.quotes")) ?? []; } catch { return []; } },
  set(quotes) { try { sessionStorage.setItem("mlquote.quotes", JSON.stringify(quotes)); } catch { /* closed: not kept */ } },
};

does("copy", (pressed) => pressed && copy(pressed.dataset.copy || location.href, pressed));
does("compare", (pressed) => {
  const mine = pressed?.href && new URL(pressed.href).searchParams.get("q");
  if (!mine) return;
  const quotes = [...gathered.get().filter((each) => each !== mine), mine].slice(-MOST_QUOTES);
  gathered.set(quotes);
  location.href = `${root}/compare?${quotes.map((each) => `q=${encodeURIComponent(each)}`).join("&")}`;
});
does("pin", (pressed) => pressed && fill(form, pressed.dataset.fill, pressed.dataset.value));
