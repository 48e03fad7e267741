// A field that finds a council or a fire authority by any of its names, as the ARIA combobox pattern
// describes.
import { plain } from "./words.js";

const FIRE = "fire and rescue authority";
const KINDS = {
  [FIRE]: FIRE,
  county: "county council",
  district: "district council",
  unitary: "unitary council",
  "metropolitan district": "metropolitan council",
  "London borough": "London borough",
  region: "region",
  country: "the whole country",
};
const MOST = 10;
let count = 0;

// How well a name answers: 0 exactly, 1 its beginning, 2 the beginning of a word in it.
function fit(name, wanted) {
  const folded = plain(name);
  if (folded === wanted) return 0;
  if (folded.startsWith(wanted)) return 1;
  return ` ${folded}`.includes(` ${wanted}`) ? 2 : Infinity;
}

const best = (names, wanted) => Math.min(Infinity, ...names.map((name) => fit(name, wanted)));

// "Kent fire", "fire service": what is left is a place's name, if there is any.
const OF_FIRE = /\bfire( and rescue)?( service| authority| brigade)?\b/;

export function search(list, typed) {
  const wanted = plain(typed);
  if (!wanted) return [];
  const place = plain(wanted.replace(OF_FIRE, " "));
  const found = [];
  // By whom each fire authority is found: the council it serves that answers best.
  const served = new Map();
  for (const area of list) {
    if (area.kind === FIRE) {
      const of = served.get(area.code);
      const own = Math.min(best([area.name, ...area.also], wanted), place ? best([area.name, ...area.also], place) : Infinity);
      // Never in front of the council of that name.
      if (own < Infinity) found.push({ area, score: own + 3.5, words: hint(area) });
      else if (of) found.push({ area, score: of.score + 8, words: `fire and rescue in ${of.name}` });
      continue;
    }
    if (area.fire && place) {
      const score = best([area.name, ...area.also], place);
      if (score < (served.get(area.fire)?.score ?? Infinity)) served.set(area.fire, { score, name: area.name });
    }
    const former = area.former.find((name) => fit(name, wanted) < Infinity);
    const scores = [
      [best([area.name], wanted), hint(area)],
      [best(area.also, wanted) + 0.1, hint(area)],
      [former ? fit(former, wanted) + 3 : Infinity, former && `now holds what was ${former}`],
      [area.county ? fit(area.county, wanted) + 6 : Infinity, hint(area)],
    ];
    const [score, words] = scores.reduce((a, b) => (b[0] < a[0] ? b : a));
    if (score < Infinity) found.push({ area, score, words });
  }
  found.sort((a, b) => a.score - b.score || a.area.name.localeCompare(b.area.name));
  return found.slice(0, MOST);
}

function hint(area) {
  return area.kind === "district" ? `district council in ${area.county}` : KINDS[area.kind];
}

export function make(name, properties, attributes = {}) {
  const made = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function mountPicker(place, { label, areas, choose }) {
  const id = `picker-${++count}`;
  const input = make(
    "input",
    { type: "text", id, autocomplete: "off", spellcheck: false },
    {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `${id}-list`,
      autocapitalize: "words",
      enterkeyhint: "go",
    },
  );
  const list = make("ul", { id: `${id}-list`, hidden: true }, { role: "listbox", "aria-label": "Councils and fire authorities" });
  const said = make("p", { className: "unseen" }, { role: "status" });
  const box = make("div", { className: "picker" });
  const title = make("label", { htmlFor: id, textContent: label });
  title.append(make("span", { className: "hint", textContent: "A council, past or present, a county or a fire authority" }));
  box.append(title, input, list, said);
  place.append(box);

  let found = [];
  let active = -1;

  function show(results, message) {
    found = results;
    active = -1;
    list.replaceChildren(
      ...results.map(({ area, words }, index) => {
        const option = make("li", { id: `${id}-${index}` }, { role: "option", "aria-selected": "false" });
        option.append(make("span", { textContent: area.name }), make("small", { textContent: words }));
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => pick(index));
        return option;
      }),
    );
    list.hidden = !results.length;
    input.setAttribute("aria-expanded", String(results.length > 0));
    input.removeAttribute("aria-activedescendant");
    said.textContent = message;
    box.classList.toggle("none", Boolean(message) && !results.length);
  }

  function move(to) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = (to + found.length) % found.length;
    const option = list.children[active];
    option.setAttribute("aria-selected", "true");
    // Not scrollIntoView, which would move the page as well.
    list.scrollTop = Math.min(option.offsetTop, Math.max(list.scrollTop, option.offsetTop + option.offsetHeight - list.clientHeight));
    input.setAttribute("aria-activedescendant", option.id);
  }

  function pick(index) {
    const { area } = found[index];
    input.value = "";
    show([], "");
    choose(area);
  }

  async function update() {
    const typed = input.value;
    try {
      const all = await areas();
      if (typed !== input.value) return;
      const results = search(all, typed);
      const many = `${results.length} found`;
      const none = "No English council is called that, and no fire authority. Try another spelling, or the county.";
      show(results, typed.trim() ? (results.length ? many : none) : "");
    } catch {
      show([], "The list of councils could not be loaded.");
    }
  }

  input.addEventListener("focus", () => areas().catch(() => {}));
  input.addEventListener("input", update);
  input.addEventListener("blur", () => setTimeout(() => show([], said.textContent), 0));
  input.addEventListener("keydown", async (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!found.length) await update();
      if (found.length) move(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!found.length) await update();
      if (found.length) pick(Math.max(active, 0));
    } else if (event.key === "Escape" && found.length) {
      event.stopPropagation();
      show([], "");
    }
  });
}
