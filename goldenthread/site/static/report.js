// The parts of a report that follow the reader's council: what stands out, and who is better placed.
import { file } from "./files.js";
import { make } from "./picker.js";
import { plain } from "./words.js";

const filled = (template, words) => template.replace(/\{(\w+)\}/g, (_, name) => words[name]);

const features = () => file("_static/features.json");

// --- what stands out ---------------------------------------------------------

const lists = [...document.querySelectorAll(".stands-out")].map((place) => ({
  place,
  open: Number(place.dataset.open),
  lines: [...place.querySelectorAll(".headline")],
}));

// What is remarkable first, then what there is no figure of, then the rest, folded.
function order({ place, open, lines }, council) {
  const weight = (line) => {
    const entry = council?.measures[line.dataset.measure];
    if (!entry) return 0;
    return "line" in entry && entry.value !== "–" ? (entry.weight ?? 0) : -1;
  };
  const weighed = lines.map((line) => ({ line, weight: weight(line) }));
  const told = weighed.filter((one) => one.weight > 0).sort((a, b) => b.weight - a.weight);
  const lacking = weighed.filter((one) => one.weight < 0);
  const plain = weighed.filter((one) => one.weight === 0);
  const all = [...told, ...lacking, ...plain].map(({ line }) => line);
  // A fire and rescue authority has no figure of most reports: these go on speaking of England.
  const known = council && lines.some((line) => line.dataset.measure in council.measures);
  const first = known ? Math.min(told.length + lacking.length, open) : open;
  place.querySelector('[data-slot="first"]').replaceChildren(...all.slice(0, first));
  place.querySelector('[data-slot="rest"]').replaceChildren(...all.slice(first));
  place.querySelector(".rest").hidden = first >= all.length;
  place.querySelector(".quiet").hidden = !known || told.length > 0;
}

// --- who is better placed -------------------------------------------------------

const tables = [...document.querySelectorAll(".better-placed")].flatMap((place) => {
  const data = JSON.parse(place.querySelector(".better-data").textContent);
  // Everybody's figures are in the panel of the measure; without it England's words stay.
  const panel = document.querySelector(`#measure-${data.measure} .panel-data`);
  return panel ? [{ place, ...data, figures: JSON.parse(panel.textContent) }] : [];
});

const MOST_NAMES = 15;
const middle = (values) => {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  const half = (known.length - 1) / 2;
  return known.length ? (known[Math.floor(half)] + known[Math.ceil(half)]) / 2 : null;
};

function written([before, decimals, after, one], value) {
  if (value === null || value === undefined) return "–";
  const places = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const number = value.toLocaleString("en-GB", places);
  return `${before}${number}${number === "1" ? one : after}`;
}

// The others that have a figure of the same job, and those of them whose figure is better.
function placed({ figures, better }, members) {
  const { values, first = 0, alike } = figures;
  const value = (at) => values[at - first] ?? null;
  const job = (at) => alike?.[at - first];
  const [self] = members;
  const others = members.filter((at) => at !== self && value(at) !== null && job(at) === job(self));
  const own = value(self);
  const sign = better === "high" ? 1 : -1;
  return {
    self,
    others,
    ahead: others.filter((at) => sign * (value(at) - own) > 0),
    same: others.filter((at) => value(at) === own),
  };
}

// In what the better placed differ most from the council itself.
function differences(shown, { notable, told }, group, self) {
  const found = shown.flatMap(({ values, ratio, width, lower, higher }) => {
    const one = middle(group.map((at) => values[at]));
    const own = values[self];
    if (one === null || own === null) return [];
    const gap = (ratio ? Math.log(one / own) : one - own) / width;
    return Math.abs(gap) > notable ? [{ size: Math.abs(gap), words: gap < 0 ? lower : higher }] : [];
  });
  return found
    .sort((a, b) => b.size - a.size)
    .slice(0, told)
    .map(({ words }) => words);
}

async function look(table, entry, name, areas) {
  const { place, texts } = table;
  const listed = (parts) => [parts.slice(0, -1).join(", "), parts.at(-1)].filter(Boolean).join(texts.and);
  const slot = (wanted) => place.querySelector(`[data-slot="${wanted}"]`);
  const all = await features();
  const shown = all.circumstances.filter(({ id }) => table.shown.includes(id));
  const { self, others, ahead, same } = placed(table, entry.members);
  const rest = others.filter((at) => !ahead.includes(at));
  const names = (await areas()).map((area) => area.name);
  if (table.entry !== entry) return; // another council was chosen meanwhile
  const list = ahead.map((at) => names[at]).sort((a, b) => a.localeCompare(b, "en-GB"));
  const words = {
    name,
    of: others.length,
    count: ahead.length,
    same: same.length,
  };
  const key = ahead.length === 0 ? "none" : ahead.length === 1 ? "one" : "several";
  const lines = [others.length ? filled(texts[key], words) : filled(texts.alone, words)];
  if (same.length) lines.push(filled(texts.same, words));
  slot("who").textContent = lines.join(" ");
  const phrases = differences(shown, all, ahead, self);
  words.phrases = listed(phrases);
  const told = ahead.length < all.enough ? "few" : phrases.length ? "differ" : "alike";
  slot("said").textContent = ahead.length ? filled(texts[told], words) : "";
  slot("names").classList.toggle("waiting", !ahead.length || ahead.length > MOST_NAMES);
  slot("names").querySelector("p").textContent = ahead.length > MOST_NAMES ? "" : listed(list);
  for (const one of shown) {
    const cells = place.querySelectorAll(`[data-feature="${one.id}"] td`);
    const among = (group) => (group.length < all.enough ? null : middle(group.map((at) => one.values[at])));
    [one.values[self], among(ahead), among(rest)].forEach((value, at) => {
      cells[at].textContent = written(one.write, value);
    });
  }
}

async function showBetter(table, council, areas) {
  const { place, texts } = table;
  const entry = council?.measures[table.measure];
  table.entry = entry;
  const [nation, chosen] = place.querySelector(".either").children;
  const swap = (own) => {
    nation.classList.toggle("waiting", own);
    chosen.classList.toggle("waiting", !own);
  };
  if (!entry) return swap(false);
  const name = entry.name || council.name;
  const none = !entry.members?.length || entry.value === "–";
  chosen.querySelector(".scroll").classList.toggle("waiting", none);
  if (none) {
    chosen.querySelector('[data-slot="who"]').textContent = filled(texts.missing, { name });
    chosen.querySelector('[data-slot="said"]').textContent = "";
    chosen.querySelector('[data-slot="names"]').classList.add("waiting");
    return swap(true);
  }
  try {
    await look(table, entry, name, areas);
    if (table.entry === entry) swap(true);
  } catch {
    // Without the circumstances England's stay, which are true for everybody.
    if (table.entry === entry) swap(false);
  }
}

// council: what site.js gives to the panels; null for England. areas: who is who, in order.
export function showReport(council, areas) {
  for (const list of lists) order(list, council);
  for (const table of tables) showBetter(table, council, areas);
}

// --- the list of all reports ----------------------------------------------------------

for (const place of document.querySelectorAll(".report-list")) {
  const rows = [...place.querySelectorAll("li")].map((row) => ({ row, words: ` ${plain(row.dataset.words)}` }));
  const label = make("label", { htmlFor: "filter", textContent: "Show only reports about" });
  const input = make("input", { type: "search", id: "filter", autocomplete: "off", spellcheck: false });
  const said = make("p", { textContent: `${rows.length} reports.` }, { role: "status" });
  place.querySelector(".report-filter").append(label, input, said);
  input.addEventListener("input", () => {
    const wanted = plain(input.value).split(" ").filter(Boolean);
    for (const { row, words } of rows) row.hidden = !wanted.every((word) => words.includes(` ${word}`));
    for (const group of place.querySelectorAll("section")) group.hidden = !group.querySelector("li:not([hidden])");
    const count = rows.filter(({ row }) => !row.hidden).length;
    said.textContent = count ? `${count} of ${rows.length} reports.` : "No report is about that. Try another word, or the search.";
  });
}
