// The calculator: the form is live, names are completed, links and texts are copied.

import { copy, does, one } from "./frame.js";
import { live } from "./live.js";
import { completed } from "./names.js";

const form = one("#question");
live(form);
completed(form);

does("copy", (pressed) => pressed && copy(pressed.dataset.copy || location.href, pressed));
does("compare", (pressed) => { if (pressed?.href) location.href = pressed.href; });
does("pin", (pressed) => pressed?.click !== undefined && !pressed.matches(":focus") && pressed.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })));
