// The file of one person's answers to the self-assessment: what it holds, and what is refused. The
// same rules stand in self_assessment.py, and the limits come from there.
import { isDay } from "./days.js";

const ID = /^[0-9a-f-]{36}$/;
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const FIELDS = ["format", "version", "id", "saved", "label", "answers", "plan"];
export const UNSURE = "unsure";
const LEVELS = [1, 2, 3, 4, UNSURE, null];

// A name that no other file has. The browser's own maker of such names is there on safe addresses only.
function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
}

export const blank = ({ format, version }, day) => ({ format, version, id: random(), saved: day, label: "", answers: {}, plan: {} });

export const isBlank = ({ answers, plan, label }) => !label && !Object.keys(answers).length && !Object.keys(plan).length;

class Refused extends Error {}

function refuse(words) {
  throw new Refused(words);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function hasFields(value, fields, where) {
  if (!isObject(value)) refuse(`“${where}” is not what it should be`);
  const found = Object.keys(value);
  const strange = found.find((field) => !fields.includes(field));
  if (strange !== undefined) refuse(`“${strange.slice(0, 40)}” does not belong into it`);
  const missing = fields.find((field) => !found.includes(field));
  if (missing) refuse(`“${missing}” is missing`);
}

function isText(value, most, where) {
  if (typeof value !== "string") refuse(`“${where}” is not a text`);
  if ([...value].length > most) refuse(`“${where}” is longer than ${most} characters`);
}

function named(entries, most, where) {
  if (!isObject(entries)) refuse(`“${where}” is not what it should be`);
  const listed = Object.entries(entries);
  if (listed.length > most) refuse(`“${where}” has more than ${most} entries`);
  const strange = listed.find(([name]) => !NAME.test(name));
  if (strange) refuse(`“${strange[0].slice(0, 40)}” is no statement`);
  return listed;
}

// Reads a text as answers, or throws a `Refused` that says why not. Only what was looked at is taken over.
function parsed(text, { format, version, limits }) {
  if (new TextEncoder().encode(text).length > limits.bytes) refuse(`it is larger than ${limits.bytes / 1000} kB`);
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    refuse("it is not a file of this self-assessment");
  }
  if (!isObject(found) || found.format !== format) refuse("it is not a file of this self-assessment");
  if (found.version !== version) refuse("it was made by another version of this page");
  hasFields(found, FIELDS, "file");
  if (typeof found.id !== "string" || !ID.test(found.id)) refuse("“id” is not what it should be");
  if (typeof found.saved !== "string" || !isDay(found.saved)) refuse("“saved” is not a day");
  isText(found.label, limits.label, "label");
  const answers = named(found.answers, limits.answers, "answers").map(([name, answer]) => {
    hasFields(answer, ["level", "note"], name);
    if (!LEVELS.includes(answer.level)) refuse(`the level of “${name}” is none of those there are`);
    isText(answer.note, limits.note, `note of ${name}`);
    return [name, { level: answer.level, note: answer.note }];
  });
  const plan = named(found.plan, limits.plan, "plan").map(([name, step]) => {
    hasFields(step, ["action", "who", "by"], name);
    for (const field of ["action", "who", "by"]) isText(step[field], limits[field], `${field} of ${name}`);
    return [name, { action: step.action, who: step.who, by: step.by }];
  });
  const { id, saved, label } = found;
  return { format, version, id, saved, label, answers: Object.fromEntries(answers), plan: Object.fromEntries(plan) };
}

// `{ answers }` of a text, or `{ why }` it is refused. It never throws.
export function read(text, rules) {
  try {
    return { answers: parsed(text, rules) };
  } catch (error) {
    return { why: error instanceof Refused ? error.message : "it cannot be read" };
  }
}

export const written = (answers) => `${JSON.stringify(answers, null, 1)}\n`;
