// Finds councils, measures, pages and terms. Everything happens in the browser: one file holds what
// can be found and its names, and for each initial there is one with the words of texts.
import { remembered } from "./choice.js";
import { file } from "./files.js";
import { plain } from "./words.js";

const root = document.documentElement.dataset.root;
const GROUPS = {
  answer: "Not held here",
  council: "Councils and fire authorities",
  measure: "Measures",
  page: "Pages",
  question: "Questions to ask",
  report: "Reports",
  term: "Glossary",
};
const ONE = { answer: "not held here", council: "council", measure: "measure", page: "page", question: "question to ask", report: "report", term: "glossary" };
const SHOWN = 5;
const SUGGESTED = 7;
const SECTIONS = 3;
// What a word counts for, by where it is found.
const TITLE = 10;
const ALSO = 7;
const TEXT = 1;

const BY_NAME = " Only names were searched: the words of the pages could not be loaded.";

let loaded;

// The index, with the words of texts that a search for these words needs. Where those cannot be had,
// things are still found by their names.
export async function load(text) {
  loaded ??= file("_static/search.json")
    .then(prepare)
    .catch((fault) => {
      loaded = undefined; // to be asked for again
      throw fault;
    });
  const index = await loaded;
  const initials = new Set(sought(text, index.stop).map(initial));
  const missing = [...initials].filter((one) => !index.whole.has(one));
  const answers = await Promise.allSettled(missing.map((one) => file(`_static/search-${one}.json`)));
  answers.forEach(({ value }, at) => {
    if (value) index.whole.set(missing[at], withTexts(index.named, missing[at], value));
  });
  return index;
}

// --- finding ----------------------------------------------------------------

const initial = (word) => (/^[0-9]/.test(word) ? "0" : word[0]);

// The words that are looked for: those that tell things apart, if there are any.
function sought(text, stop) {
  const all = plain(text).split(" ").filter(Boolean);
  const telling = all.filter((word) => !stop.has(word));
  return telling.length ? telling : all;
}

function prepare({ entries, stop }) {
  const named = new Map();
  entries.forEach((entry, place) => {
    entry.folded = plain(entry.title);
    entry.names = [...(entry.also ?? []), ...(entry.former ?? [])].map(plain);
    for (const word of entry.folded.split(" ")) add(named, word, place, TITLE);
    for (const name of entry.names) for (const word of name.split(" ")) add(named, word, place, ALSO);
    if (entry.hint) for (const word of plain(entry.hint).split(" ")) add(named, word, place, TEXT);
  });
  return { entries, named, whole: new Map(), stop: new Set(stop) };
}

// All words with one initial: those of names with those of texts.
function withTexts(named, first, texts) {
  const whole = new Map();
  for (const [word, found] of named) if (word && initial(word) === first) whole.set(word, new Map(found));
  for (const [word, steps] of Object.entries(texts)) {
    let place = 0;
    for (const step of steps) add(whole, word, (place += step), TEXT);
  }
  return whole;
}

function add(places, word, place, weight) {
  if (!places.has(word)) places.set(word, new Map());
  const found = places.get(word);
  found.set(place, Math.max(weight, found.get(place) ?? 0));
}

// The words of the index that a typed word means, with how surely, and where they are: the word itself
// and longer words that begin with it, or else words that it may be a slip for. A slip in the first
// letter is mended by names alone.
function meant(typed, { named, whole }) {
  const first = initial(typed);
  const own = whole.get(first) ?? named;
  const found = [];
  for (const [word, places] of own) {
    if (word === typed) found.push([word, 1, places]);
    else if (word.startsWith(typed)) found.push([word, 0.8 * nearness(typed, word), places]);
  }
  if (found.length || typed.length < 4) return found;
  const most = typed.length < 8 ? 1 : 2;
  const mend = (word, places) => {
    const slips = away(typed, word, most);
    if (slips <= most) found.push([word, (0.4 / slips) * nearness(typed, word), places]);
  };
  for (const [word, places] of own) mend(word, places);
  if (own !== named) for (const [word, places] of named) if (word && initial(word) !== first) mend(word, places);
  return found;
}

// A longer word is less surely meant.
const nearness = (typed, word) => Math.sqrt(Math.min(1, typed.length / word.length));

// How many letters differ between a typed word and the nearest beginning of another. Two neighbours
// that changed places count once.
function away(typed, word, most) {
  if (word.length < typed.length - most) return Infinity;
  let before;
  let last = Array.from({ length: word.length + 1 }, (_, index) => index);
  for (let i = 1; i <= typed.length; i++) {
    const row = [i];
    for (let j = 1; j <= word.length; j++) {
      const same = typed[i - 1] === word[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (before && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1]) {
        row[j] = Math.min(row[j], before[j - 2] + 1);
      }
    }
    if (Math.min(...row) > most) return Infinity;
    [before, last] = [last, row];
  }
  return Math.min(...last);
}

// The word that a typed one is for, where there is no doubt of a slip.
function surest(typed, others) {
  const [word, surely] = others.reduce((one, other) => (other[1] > one[1] ? other : one), [typed, 0]);
  return word.startsWith(typed) || !surely ? typed : word;
}

// A title that begins with three of the typed words is meant, whatever the fourth is.
const SURE = 60;

// What the whole of the typed words is: a title, another name, or how one of these begins.
function whole(entry, typed) {
  if (entry.folded === typed) return 1000;
  if (entry.names.includes(typed)) return 500;
  if (entry.folded.startsWith(typed)) return 60;
  if (entry.names.some((name) => name.startsWith(typed))) return 40;
  if (` ${entry.folded}`.includes(` ${typed}`)) return 30;
  const alike = sameBeginning(entry.folded.split(" "), typed.split(" "));
  return alike > 1 ? 25 * alike : 0;
}

// "Who is like us" means the page called "Who is like your council", although half of it are words
// that stand everywhere.
function sameBeginning(words, typed) {
  const differs = words.findIndex((word, at) => word !== typed[at]);
  return differs < 0 ? words.length : differs;
}

export function find(index, text) {
  const { entries } = index;
  const typed = plain(text);
  const words = sought(text, index.stop);
  const scores = new Map();
  const spelt = new Map();
  for (const word of new Set(words)) {
    const best = new Map();
    const others = meant(word, index);
    spelt.set(word, surest(word, others));
    for (const [, surely, there] of others) {
      const rare = Math.log(1 + entries.length / there.size);
      for (const [place, weight] of there) {
        best.set(place, Math.max(best.get(place) ?? 0, weight * surely * rare));
      }
    }
    for (const [place, score] of best) {
      const held = scores.get(place) ?? { words: 0, score: 0 };
      scores.set(place, { words: held.words + 1, score: held.score + score });
    }
  }
  // A slip in the whole of a title still means that title.
  const mended = typed.split(" ").map((word) => spelt.get(word) ?? word).join(" ");
  // Entries with all of the words; or, where there are none, with most of them.
  const most = Math.max(0, ...[...scores.values()].map((held) => held.words));
  const found = [];
  for (const [place, held] of scores) {
    const entry = entries[place];
    const meantWhole = Math.max(whole(entry, typed), whole(entry, mended) / 4);
    if (held.words === most || meantWhole >= SURE) found.push({ entry, place, score: held.score + meantWhole });
  }
  found.sort((a, b) => b.score - a.score || a.place - b.place);
  return {
    found: gathered(found, entries),
    partly: most < new Set(words).size,
    byName: words.some((word) => !index.whole.has(initial(word))),
  };
}

// The sections of a page stand under their page. The best of them counts in full, the next ones a
// little, so that a page about something comes before one that mentions it, and no long page wins
// by its length.
function gathered(found, entries) {
  const results = new Map();
  for (const { entry, place, score } of found) {
    const under = entry.kind === "section" ? entry.under : place;
    const result = results.get(under);
    if (result) result.score += result.sections.length < SECTIONS ? score / 4 : 0;
    else results.set(under, { entry: entries[under], score, sections: [] });
    if (entry.kind === "section") results.get(under).sections.push(entry);
  }
  return [...results.values()].sort((a, b) => b.score - a.score);
}

// --- showing ----------------------------------------------------------------

function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A measure that no report shows is on the page of the reader's council.
function address({ url, own }) {
  const slug = own && remembered().council;
  const path = slug && /^[a-z0-9-]+$/.test(slug) ? own.replace("*", slug) : url;
  return /^https?:/.test(path) ? path : root + path;
}

// A former name needs its explanation; other names speak for themselves.
function hint(entry, typed) {
  const former = entry.former?.find((name) => ` ${plain(name)}`.includes(` ${typed}`));
  return [entry.hint, former && `took in what was ${former}`].filter(Boolean).join("; ");
}

function link(entry) {
  return entry.url ? make("a", { href: address(entry), textContent: entry.title }) : make("strong", { textContent: entry.title });
}

function item({ entry, sections }, typed) {
  const made = make("li", {}, link(entry), make("p", { textContent: hint(entry, typed) }));
  if (sections.length) made.append(make("ul", {}, ...sections.slice(0, SECTIONS).map((one) => make("li", {}, link(one)))));
  return made;
}

function group(kind, results, typed) {
  const title = make("h2", { id: `found-${kind}`, textContent: GROUPS[kind] });
  const list = make("ul", {}, ...results.slice(0, SHOWN).map((one) => item(one, typed)));
  const made = make("section", { className: `found found-${kind}` }, title, list);
  made.setAttribute("aria-labelledby", title.id);
  if (results.length > SHOWN) {
    const more = make("button", { type: "button", className: "plain", textContent: `Show all ${results.length}` });
    more.addEventListener("click", () => {
      const rest = results.slice(SHOWN).map((one) => item(one, typed));
      list.append(...rest);
      more.remove();
      rest[0].querySelector("a, strong")?.focus();
    });
    made.append(more);
  }
  return made;
}

function counted(results, partly, text) {
  if (!results.length) return `Nothing found for “${text}”. Try another word, or look through the list below.`;
  const many = results.length === 1 ? "1 result" : `${results.length} results`;
  return `${many} for “${text}”${partly ? ": nothing has all of these words, so these have some" : ""}.`;
}

// --- the page of the search ---------------------------------------------------

function mountPage(form) {
  const input = form.querySelector("input");
  const said = document.getElementById("search-said");
  const place = document.getElementById("search-results");
  const listing = document.querySelector(".a-to-z");
  let waiting;

  // Shown at once, said when the typing pauses: a screen reader would begin anew at each letter.
  function say(sentence) {
    clearTimeout(waiting);
    waiting = setTimeout(() => (said.textContent = sentence), 400);
  }

  async function update() {
    const text = input.value.trim();
    const here = new URL(location.href);
    if (text) here.searchParams.set("q", text);
    else here.searchParams.delete("q");
    history.replaceState(history.state, "", here);
    if (!text) {
      place.replaceChildren();
      listing.hidden = false;
      say("");
      return;
    }
    let index;
    try {
      index = await load(text);
    } catch {
      say("The search could not be loaded. The list below has every measure and page.");
      return;
    }
    if (text !== input.value.trim()) return;
    const { found, partly, byName } = find(index, text);
    const kinds = [...new Set(found.map(({ entry }) => entry.kind))];
    const groups = kinds.map((kind) => group(kind, found.filter(({ entry }) => entry.kind === kind), plain(text)));
    place.replaceChildren(...groups);
    listing.hidden = found.length > 0;
    say(counted(found, partly, text) + (byName ? BY_NAME : ""));
  }

  input.addEventListener("input", update);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
  });
  input.value = new URL(location.href).searchParams.get("q") ?? "";
  if (input.value) update();
}

// --- the field at the head of every page: as the ARIA combobox pattern describes ------------

export function mountField(form) {
  const input = form.querySelector("input");
  const list = make("ul", { id: "find-list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  const said = make("span", { className: "unseen" });
  said.setAttribute("role", "status");
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    input.setAttribute(name, value);
  }
  form.append(list, said);
  let active = -1;

  function show(results, sentence) {
    active = -1;
    list.replaceChildren(...results.map(option));
    list.hidden = !results.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    said.textContent = sentence;
  }

  function option({ entry, sections }, index) {
    // Where only a section fits, it is the section that one wants to go to.
    const best = sections[0] && !plain(entry.title).includes(plain(input.value)) ? sections[0] : entry;
    const detail = best === entry ? ONE[entry.kind] : `in ${entry.title}`;
    const made = make("li", { id: `find-${index}` }, make("span", { textContent: best.title }), make("small", { textContent: detail }));
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.dataset.href = address(best);
    made.addEventListener("pointerdown", (event) => event.preventDefault());
    made.addEventListener("click", () => location.assign(made.dataset.href));
    return made;
  }

  function move(to) {
    const options = list.children;
    options[active]?.setAttribute("aria-selected", "false");
    active = (to + options.length) % options.length;
    options[active].setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", options[active].id);
  }

  async function update() {
    const text = input.value.trim();
    if (!text) return show([], "");
    try {
      const { found } = find(await load(text), text);
      if (text !== input.value.trim()) return;
      const results = found.filter(({ entry }) => entry.url).slice(0, SUGGESTED);
      const many = results.length === 1 ? "1 suggestion" : `${results.length} suggestions`;
      show(results, results.length ? many : "No suggestion");
    } catch {
      show([], ""); // the form still leads to the page of the search
    }
  }

  input.addEventListener("input", update);
  input.addEventListener("blur", () => show([], ""));
  input.addEventListener("keydown", (event) => {
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.href);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // which would empty the field as well
      show([], "");
    }
  });
  if (input.value) update();
}

const page = document.querySelector(".search-form");
if (page) mountPage(page);
