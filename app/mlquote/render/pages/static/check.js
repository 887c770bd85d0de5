// A check against a budget: the key of this tab is sent along, where there is one.

import { away, back, one, say } from "./frame.js";
import { queryOf } from "./live.js";

const form = one("#question");
form.addEventListener("submit", (event) => { event.preventDefault(); check(); });

async function check() {
  const query = queryOf(form);
  history.replaceState(null, "", `${form.getAttribute("action")}?${query}`);
  let key = "";
  try { key = sessionStorage.getItem("mlquote.key") ?? ""; } catch { /* no key is kept */ }
  let text = "";
  try {
    text = await (await fetch(`${form.dataset.view}?${query}`, { headers: { Accept: "text/html", ...(key && { "X-API-Key": key }) } })).text();
  } catch { away(check); return; }
  back();
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("answer");
  if (fresh) one("#answer").replaceChildren(...fresh.childNodes);
  say(one("#headline")?.textContent ?? one("#answer .warn")?.textContent ?? "");
}
