// A stored report: its level and its alert's state, live.
import { follow, replaceWith } from "/static/shared/live.js";

follow("/console/live", () => replaceWith(document.getElementById("state").dataset.state, "#state"));
