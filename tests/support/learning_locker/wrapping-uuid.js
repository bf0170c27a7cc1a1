// The in-memory store pages by the text order of version 1 UUIDs, whose first digits start again every 429.5 seconds.
// Nobody waits that long in a test: each id is made a millisecond of its own clock after the one before, and that clock
// comes to the moment of starting again after WRAP_AFTER ids. The ids are otherwise what the service makes them.
"use strict";

const uuid = require(require.resolve("uuid", { paths: [process.cwd()] }));

const GREGORIAN = 12219292800000; // milliseconds from 1582-10-15, where these UUIDs count from, to 1970
const ROUND = 2 ** 32 / 10000; // milliseconds in which the lowest 32 bits of 100 nanoseconds come round

const startsAgain = Math.ceil(Math.ceil((Date.now() + GREGORIAN) / ROUND) * ROUND - GREGORIAN);
const v1 = uuid.v1;

let count = 0;

uuid.v1 = function comingRound() {
  const msecs = startsAgain - Number(process.env.WRAP_AFTER) + count;
  count += 1;
  return v1({ msecs, nsecs: 0 });
};
