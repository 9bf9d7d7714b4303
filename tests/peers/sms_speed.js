// Measures texts given as a JSON list, again and again, and prints JSON: for each
// package the processor seconds that one text takes, the least of the rounds.
//   node sms_speed.js ROUNDS SECONDS < texts.json
"use strict";

const fs = require("node:fs");
const { SegmentedMessage } = require("sms-segments-calculator");
const { split } = require("split-sms");

const [rounds, seconds] = process.argv.slice(2).map(Number);
const texts = JSON.parse(fs.readFileSync(0, "utf8"));
const calls = {
  "split-sms": (text) => split(text, { summary: true }).parts.length,
  "sms-segments-calculator": (text) => new SegmentedMessage(text).segmentsCount,
};

function secondsOf(call) {
  let calls = 0;
  const start = process.cpuUsage();
  for (;;) {
    for (const text of texts) call(text);
    calls += texts.length;
    const { user, system } = process.cpuUsage(start);
    const passed = (user + system) / 1e6;
    if (passed >= seconds) return passed / calls;
  }
}

const best = {};
for (let round = 0; round < rounds; round++) {
  for (const [name, call] of Object.entries(calls)) {
    best[name] = Math.min(best[name] ?? Infinity, secondsOf(call));
  }
}
process.stdout.write(JSON.stringify(best));
