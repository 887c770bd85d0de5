// A check against a budget: the key of this tab is sent along, where there is one.

import { one, say } from "./frame.js";
import { queryOf } from "./live.js";

const form = one("#question");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const address = `${form.getAttribute("action")}?${queryOf(form)}`;
  history.replaceState(null, "", address);
  let key = "";
  try { key = sessionStorage.getItem("mlquote.key") ?? ""; } catch { /* no key is kept */ }
  const headers = { Accept: "text/html", "X-Part": "live", ...(key && { "X-API-Key": key }) };
  const told = await fetch(address, { headers });
  const fresh = new DOMParser().parseFromString(await told.text(), "text/html").getElementById("answer");
  if (fresh) one("#answer").replaceChildren(...fresh.childNodes);
  say(one("#headline")?.textContent ?? one("#answer .warn")?.textContent ?? "");
});
