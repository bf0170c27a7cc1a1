// The in-memory store pages by the text order of version 1 UUIDs, whose first digits start again every 429.5 seconds:
// rows written on both sides of that moment vanish from paging. Counted ids have the order that the store relies on.
"use strict";

const uuid = require(require.resolve("uuid", { paths: [process.cwd()] }));

let count = 0;

uuid.v1 = function counted() {
  count += 1;
  return String(count).padStart(24, "0");
};
