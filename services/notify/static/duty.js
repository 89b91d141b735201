// The duty board: follows changes of duty.
import { follow, replaceWith } from "/static/shared/live.js";

const rows = document.getElementById("rows");
follow("/duty/live", () => replaceWith(rows.dataset.rows, "#rows"));
