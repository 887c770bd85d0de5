// Names completed from the catalogue: an input with data-names="models" gets a datalist of what /v1/catalog/models knows.

import { all, root } from "./frame.js";

const COLUMNS = { models: "id", accelerators: "id", providers: "provider", zones: "zone", token_models: "model", regions: "region" };
const SAYS = { models: "name", accelerators: "name", zones: "name", regions: "location" };
const MOST = 12;

/** Completes every such input within a form. */
export function completed(form) {
  for (const input of all("input[data-names]", form)) {
    const list = document.createElement("datalist");
    list.id = `l-${input.name}`;
    input.after(list);
    input.setAttribute("list", list.id);
    let asking = null;
    const look = async () => {
      asking?.abort();
      asking = new AbortController();
      const table = input.dataset.names;
      try {
        const [, before, typed] = /^(.*,\s*|)(.*)$/.exec(input.value.trim());
        const address = `${root}/v1/catalog/${table}?limit=60${typed && `&q=${encodeURIComponent(typed)}`}`;
        const told = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
        if (told.ok) list.replaceChildren(...options((await told.json()).rows, table, typed.toLowerCase(), before));
      } catch { /* a newer one asks, or the service is out of reach: there is nothing to complete from */ }
    };
    input.addEventListener("focus", look);
    input.addEventListener("input", look);
  }
}

/** The names that fit best, behind those that stand there already: those that begin so, the short ones first. */
function options(rows, table, typed, before) {
  const names = new Map(rows.map((row) => [String(row[COLUMNS[table]]), row[SAYS[table]] ?? ""]));
  const late = (name) => (name.toLowerCase().startsWith(typed) ? 0 : 1000) + name.length;
  return [...names].sort(([a], [b]) => late(a) - late(b)).slice(0, MOST).map(([value, label]) =>
    Object.assign(document.createElement("option"), { value: before + value, label: label && label !== value ? `${value} · ${label}` : value }));
}
