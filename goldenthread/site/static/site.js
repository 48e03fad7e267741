// Choose once: the council in the address, else the one remembered on this device, else England.
import * as choice from "./choice.js";
import { mountComparators } from "./compare.js";
import { file } from "./files.js";
import { showInline } from "./inline.js";
import { mountPanels, showCouncil } from "./panels.js";
import { make, mountPicker } from "./picker.js";
import settings from "./settings.js";

const FOLDER = "_static/councils/";

// Few pages are reports, and one lists the case studies.
const report = document.querySelector(".stands-out, .better-placed, .report-list") && import("./report.js");
const cases = document.querySelector(".case-list") && import("./cases.js");

// What the page shows now, and whom it is compared with.
let shown = null;
let comparator = settings.usually;

export const areas = () => file("_static/areas.json");

// --- the bar ----------------------------------------------------------------

const bar = document.querySelector("[data-bar]");
const sheet = make("div", { className: "sheet", hidden: true, id: "choose" });
const status = make("span", { className: "unseen" }, { role: "status" });
const text = make("span", { className: "bar-council", textContent: "Figures for England" });
const button = make(
  "button",
  { type: "button", className: "bar-button", textContent: "Choose your council" },
  { "aria-expanded": "false", "aria-controls": "choose" },
);
const clear = make("button", { type: "button", className: "plain", textContent: "Show England instead", hidden: true });
let showComparators = () => {};

function openSheet(open) {
  sheet.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  if (open) sheet.querySelector("input").focus({ preventScroll: true });
}

function mountBar() {
  const pick = (area) => choose(area, comparator, { step: true });
  for (const place of document.querySelectorAll("[data-picker]")) {
    place.replaceChildren();
    mountPicker(place, { label: "Choose your council", areas, choose: pick });
  }
  if (!bar) return;
  bar.replaceChildren(text, " ", button, status);
  bar.after(sheet);
  mountPicker(sheet, { label: "Which council?", areas, choose: pick });
  sheet.append(clear);
  showComparators = mountComparators(sheet, { areas, choose: (id) => choose(shown, id, { stay: true }) });
  button.addEventListener("click", () => openSheet(sheet.hidden));
  clear.addEventListener("click", () => choose(null, comparator, { step: true }));
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      openSheet(false);
      button.focus({ preventScroll: true });
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!sheet.hidden && !sheet.contains(event.target) && event.target !== button) openSheet(false);
  });
}

function describe(area, compared, own) {
  if (area) {
    const services = area.kind === "district" ? `, with ${area.county} for county services` : "";
    const more = make("span", { className: "bar-more", textContent: services });
    text.replaceChildren(make("strong", { textContent: area.name }), ` compared with ${compared}`, more);
  } else text.textContent = "Figures for England";
  button.textContent = area ? "Change" : "Choose your council";
  clear.hidden = !area;
  showComparators(area, comparator, own?.without);
}

function complain(sentence) {
  if (!bar) document.querySelector("main").prepend(make("p", { className: "note", textContent: sentence }));
  status.textContent = "";
  text.textContent = sentence;
  button.textContent = "Choose again";
}

// --- choosing ---------------------------------------------------------------

let turn = 0;

// `step`: a new page in the history. `stay`: the sheet stays open. `quiet`: nobody asked for it.
async function choose(area, asked, { step = false, stay = false, quiet = false } = {}) {
  const mine = ++turn;
  const wanted = area ? choice.fitting(area, asked) : asked;
  let council = null;
  let own, compared;
  try {
    if (area) {
      const beside = wanted === "own" ? settings.usually : wanted;
      let known;
      [own, compared, known] = await Promise.all([
        file(`${FOLDER}${area.code}.json`),
        file(`${FOLDER}${area.code}.${beside}.json`),
        wanted === "own" ? areas() : null,
      ]);
      if (mine !== turn) return;
      council = joined(area, own, compared, known && places(area, known));
    }
    show(council);
  } catch {
    if (mine !== turn) return;
    if (shown && area === shown) {
      complain(`That comparison could not be loaded; the page shows ${area.name} as before.`);
      showComparators(area, comparator, own?.without);
      return;
    }
    show(null);
    shown = null;
    complain(`The figures of ${area.name} could not be loaded; the page shows England.`);
    return;
  }
  shown = area;
  comparator = wanted;
  choice.remember(area?.slug, wanted);
  choice.write(area?.slug, wanted, { step });
  const among = wanted === "own" ? filled(choice.offered(area).own.phrase, choice.ownList(area).length) : compared?.phrase;
  describe(area, among, own);
  if (!sheet.hidden && !stay) {
    openSheet(false);
    button.focus({ preventScroll: true });
  }
  if (!quiet) status.textContent = area ? `Showing ${area.name} compared with ${among}` : "Showing England";
}

function show(council) {
  showCouncil(council);
  showInline(council);
  report?.then(({ showReport }) => showReport(council, areas));
  cases?.then(({ showCases }) => showCases(council, areas));
}

const filled = (template, words) => template.replace("{}", words);

// Where those on somebody's own list stand among all.
function places(area, known) {
  const codes = choice.ownList(area);
  return known.flatMap((area, place) => (codes.includes(area.code) ? [place] : []));
}

// A council's own figures, and what the comparison says of them.
function joined(area, own, compared, list) {
  const measures = {};
  const spoken = choice.offered(area).own;
  for (const [id, mine] of Object.entries(own.measures)) {
    let beside = compared.measures[id] ?? {};
    const members = compared.groups[beside.group] ?? [];
    // A list of one's own has no words of its own: the figure stands by itself, and beside the list.
    if (list) beside = { ...beside, ...LISTED, several: spoken.several, middleOf: spoken.middleOf };
    const name = mine.name ?? area.name;
    measures[id] = {
      value: "–",
      before: "",
      beside: "",
      rank: "",
      cautions: [],
      ...mine,
      ...beside,
      name,
      labels: own.labels[name],
      usual: list ? compared.measures[id] : undefined,
      asks: beside.asks ?? mine.asks ?? [],
      note: [mine.note, beside.note].filter(Boolean).join(" "),
      title: mine.title + (beside.short ?? ""),
      sentence: "value" in mine ? [mine.sentence + (beside.where ?? "."), mine.change].filter(Boolean).join(" ") : mine.sentence,
      bandOf: compared.measures[id]?.several,
      members: list ? [members[0], ...list.filter((place) => place !== members[0])] : members,
      listed: list ? spoken : null,
      weight: (mine.weight ?? 0) + ((!list && beside.weight) || 0),
    };
  }
  return { ...area, measures, elsewhere: own.elsewhere };
}

const LISTED = { where: ".", short: "", asks: undefined, note: undefined, rank: "", middle: "–" };

// --- the beginning, and back and forth ----------------------------------------

async function fromAddress({ council, comparator: asked }) {
  let list;
  try {
    list = await areas();
  } catch {
    complain("The list of councils could not be loaded; the page shows England.");
    return;
  }
  const found = list.find((area) => area.slug === council || area.code === council);
  if (!found) {
    complain(`There is no council called “${council}”; the page shows England.`);
    return;
  }
  const lost = asked === "own" && !choice.ownList(found).length;
  await choose(found, asked, { quiet: true });
  if (lost) text.append(". The list in the address is on another device");
}

async function start() {
  mountBar();
  mountPanels({ areas, address: (hash) => choice.address(shown?.slug, comparator, hash) });
  const asked = choice.inAddress();
  if (asked.council) return fromAddress(asked);
  const kept = choice.remembered();
  if (!kept.council) return;
  const list = await areas().catch(() => []);
  const stands = list.some((area) => area.slug === kept.council);
  if (stands) await fromAddress({ council: kept.council, comparator: asked.comparator ?? kept.comparator });
  else if (list.length) choice.remember(null);
}

addEventListener("popstate", () => {
  const { council, comparator: asked } = choice.inAddress();
  // A link to a place on the page is a step in the history too.
  if ((shown?.slug ?? null) === council && (asked ?? settings.usually) === comparator) return;
  if (council) fromAddress({ council, comparator: asked });
  else choose(null, comparator, { quiet: true });
});

start();
// Few pages ask their reader anything.
if (document.querySelector(".self-check")) import("./selfcheck.js");
if (document.querySelector(".try-it")) import("./try-it.js");
if (document.querySelector(".question-list")) import("./question-bank.js");
if (document.querySelector(".self-assessment")) import("./assess.js");
if (document.querySelector(".course")) import("./course.js");
// Two pages are tools, of which each has scripts of its own.
const TOOLS = { compare: () => import("./compare-councils.js"), build: () => import("./own-report.js") };
const workshop = document.querySelector("[data-workshop]");
if (workshop) {
  const kept = [...workshop.childNodes];
  const tools = { areas, address: (hash) => choice.address(shown?.slug, comparator, hash) };
  TOOLS[workshop.dataset.workshop]()
    .then(({ mount }) => mount(workshop, tools))
    .then(() => workshop.classList.add("ready"))
    .catch(() => workshop.replaceChildren(...kept));
}
