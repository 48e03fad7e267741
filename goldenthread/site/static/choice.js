// What a reader chose: it stands in the address, and is remembered on this device and nowhere else.
import { keep, recall } from "./device.js";
import settings from "./settings.js";

const COUNCIL = "council";
const COMPARATOR = "compared-with";
const LISTS = { council: "own-list", fire: "own-fire-list" };
const FIRE = "fire and rescue authority";

export const remembered = () => ({ council: recall(COUNCIL), comparator: recall(COMPARATOR) });

export function remember(slug, comparator) {
  keep(COUNCIL, slug);
  keep(COMPARATOR, slug && comparator !== settings.usually ? comparator : null);
}

// Councils are compared with councils, fire and rescue authorities with each other: each have their
// own choices, their own words for them, and a list of one's own.
export const isFire = (area) => area?.kind === FIRE;
export const offered = (area) => (isFire(area) ? settings.fire : settings);
const list = (area) => LISTS[isFire(area) ? "fire" : "council"];

// The comparison that comes nearest to the one asked for, among those that there are for somebody.
export function fitting(area, comparator) {
  const known = offered(area).comparators.map(({ id }) => id);
  if (comparator === "own" && area && !ownList(area).length) return settings.usually;
  if (known.includes(comparator)) return comparator;
  return comparator === "kind" && isFire(area) ? "england" : settings.usually;
}

export function ownList(area) {
  try {
    const codes = JSON.parse(recall(list(area)) ?? "[]");
    return Array.isArray(codes) ? codes.filter((code) => typeof code === "string") : [];
  } catch {
    return [];
  }
}

export const keepOwnList = (area, codes) => keep(list(area), codes.length ? JSON.stringify(codes) : null);

export function inAddress() {
  const { searchParams } = new URL(location.href);
  return { council: searchParams.get("council"), comparator: searchParams.get("with") };
}

export function address(slug, comparator, hash = location.hash) {
  const made = new URL(location.href);
  made.searchParams.delete("with");
  made.searchParams.delete("council");
  if (slug) made.searchParams.set("council", slug);
  if (slug && comparator !== settings.usually) made.searchParams.set("with", comparator);
  made.hash = hash;
  return made;
}

// Another council is a step that "back" takes back; another comparison is a turn of the same page.
export function write(slug, comparator, { step = false } = {}) {
  const made = address(slug, comparator);
  if (made.href === location.href) return;
  if (step) history.pushState(null, "", made);
  else history.replaceState(history.state, "", made);
}
