// The comparison: its link is copied.

import { copy, does } from "./frame.js";

does("copy", (pressed) => copy(location.href, pressed));
