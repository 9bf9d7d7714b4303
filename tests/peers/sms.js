// Reads texts as JSON lines and answers each with what two packages make of it:
//   split     split-sms: its encoding and the units of each part
//   twilio    sms-segments-calculator: the same, and the clusters it keeps whole
// Parts are given by their septets or UTF-16 units, clusters by their UTF-16 units.
"use strict";

const readline = require("node:readline");
const { SegmentedMessage } = require("sms-segments-calculator");
const { split } = require("split-sms");

function askSplit(text) {
  const { characterSet, parts } = split(text, { summary: true });
  const gsm = characterSet === "GSM";
  return {
    encoding: gsm ? "GSM-7" : "UCS-2",
    parts: parts.map((part) => (gsm ? part.bytes : part.bytes / 2)),
  };
}

function askTwilio(text) {
  const message = new SegmentedMessage(text);
  const parts = message.segments.map((segment) =>
    segment.reduce((units, char) => units + (char.codeUnits?.length ?? 0), 0),
  );
  const clusters = message.graphemes.map((cluster) => cluster.length);
  return { encoding: message.encodingName, parts, clusters };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const text = JSON.parse(line);
  const answer = { split: askSplit(text), twilio: askTwilio(text) };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
