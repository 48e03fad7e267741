// Puts the chosen council's words and numbers where the page speaks of England.
import { mountChart, redraw } from "./charts.js";
import { make } from "./picker.js";
import settings from "./settings.js";
import { mountTools } from "./tools.js";
import { written } from "./words.js";

const panels = [];
const headlines = [];
let areas;
// Whom the page shows; null for England.
let chosen = null;

const slot = (place, name) => place.querySelector(`[data-slot="${name}"]`);

function say(place, name, words) {
  const found = slot(place, name);
  if (!found) return;
  found.textContent = words;
  if (name === "note") found.hidden = !words;
}

const large = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const filled = (template, words) => template.replace("{}", words);

export function mountPanels(tools) {
  for (const place of document.querySelectorAll(".panel")) mountPanel(place, tools);
  for (const place of document.querySelectorAll(".headline")) {
    const said = slot(place, "sentence");
    headlines.push({ said, id: place.dataset.measure, nation: said.textContent });
  }
  for (const figure of document.querySelectorAll("figure.chart")) {
    if (!figure.closest(".panel")) mountChart(figure);
  }
}

// Also for a panel that comes to the page later; `appear` shows in it whom the page shows.
export function mountPanel(place, tools) {
  ({ areas } = tools);
  const block = JSON.parse(place.querySelector(".panel-data").textContent);
  const charts = {};
  for (const figure of place.querySelectorAll("figure.chart")) {
    const made = mountChart(figure);
    made.names = () => strokes(block);
    charts[made.kind] = made;
  }
  const panel = { place, block, charts, entry: block.nation, own: ownQuestions(place) };
  const table = place.querySelector("[data-table]");
  table.addEventListener("toggle", () => table.open && showTables(panel));
  mountTools(panel, { ...tools, fill: () => showTables(panel) });
  panels.push(panel);
  return { panel, appear: () => appear(panel, chosen) };
}

// The measure's own questions, as the page has them before anybody chose.
const ownQuestions = (place) => [...slot(place, "asks").children].map((line) => line.cloneNode(true));

const valueAt = ({ values, first = 0 }, place) => values[place - first] ?? null;

// Only who does the same job is compared: the page says of each measure who does.
function compared(block, members) {
  const job = (place) => block.alike?.[place - (block.first ?? 0)];
  const [self] = members;
  return members.filter((place) => valueAt(block, place) !== null && job(place) === job(self));
}

async function nameOf(block) {
  if (block.names) return (place) => block.names[place - block.first];
  const list = await areas();
  return (place) => list[place].name;
}

// Everybody's stroke, with its name: they are fetched only when plotly draws them.
async function strokes(block) {
  const name = await nameOf(block);
  return block.values.flatMap((value, at) => {
    const place = at + (block.first ?? 0);
    return value === null ? [] : [{ value, text: `${name(place)}: ${written(block, value)}` }];
  });
}

export function showCouncil(council) {
  for (const { said, id, nation } of headlines) {
    said.textContent = council?.measures[id]?.sentence ?? nation;
  }
  chosen = council;
  for (const panel of panels) appear(panel, council);
}

function appear(panel, council) {
  const entry = council ? council.measures[panel.block.id] : panel.block.nation;
  if (entry) show(panel, entry);
  // What a fire and rescue authority has no figure of is England's, and says so.
  else if (council.elsewhere) show(panel, panel.block.nation, council.elsewhere);
}

function show(panel, entry, note = entry.note ?? "") {
  const { place, block, charts } = panel;
  const nation = entry === block.nation;
  panel.entry = entry.listed ? withMiddle(block, entry) : entry;
  entry = panel.entry;
  for (const name of ["sentence", "value", "before"]) say(place, name, entry[name]);
  say(place, "beside", entry.beside ?? "");
  say(place, "note", note);
  say(place, "of", `${entry.name}, ${block.periods.at(-1)}`);
  say(place, "middleOf", large(entry.middleOf ?? block.nation.middleOf));
  say(place, "middle", entry.middle ?? "–");
  const [thirdOf, third] = nation ? block.half : ["England", block.england];
  say(place, "thirdOf", thirdOf);
  say(place, "third", third);
  const whole = slot(place, "nation");
  if (whole) whole.hidden = nation;
  showQuestions(panel, entry);
  showCautions(panel, entry);
  if (place.querySelector("[data-table]").open) showTables(panel);
  const alt = `${entry.sentence} ${entry.before}`.trim();
  if (charts.trend) {
    const [plain, banded] = block.trend;
    redraw(charts.trend, {
      title: entry.title,
      subtitle: entry.upper ? filled(banded, entry.bandOf ?? entry.several) : plain,
      alt,
      change: (figure) => changeTrend(figure, block, entry),
    });
  }
  if (!charts.strip) return;
  let members = compared(block, entry.members ?? []);
  // Where everybody is compared nobody stands out.
  if (members.length === block.values.filter((value) => value !== null).length) members = [];
  const [all, marked] = block.strip;
  redraw(charts.strip, {
    title: `${entry.name}${entry.rank || block.nation.rank}`,
    subtitle: members.length > 1 && entry.several ? filled(marked, entry.several) : all,
    alt,
    change: (figure) => changeStrip(figure, block, entry, members),
  });
}

// A list of one's own is known to this device alone, so that its middle is worked out here.
function withMiddle(block, entry) {
  const members = compared(block, entry.members);
  const values = members.map((place) => valueAt(block, place)).sort((a, b) => a - b);
  const others = members.filter((place) => place !== entry.members[0]).length;
  const rank = filled(entry.listed.rank, others);
  if (values.length < entry.listed.enough || !block.nation.middleOf || block.scale) return { ...entry, rank };
  const half = (values.length - 1) / 2;
  const middle = (values[Math.floor(half)] + values[Math.ceil(half)]) / 2;
  return { ...entry, rank, middle: written(block, middle) };
}

function showQuestions({ place, own }, entry) {
  slot(place, "asks").replaceChildren(
    ...entry.asks.map((asked) => {
      if (typeof asked === "number") return own[asked].cloneNode(true);
      const [question, who] = settings.asks[asked];
      const line = make("li", { textContent: `${question} ` });
      line.append(make("em", { textContent: `Ask ${who}.` }));
      return line;
    }),
  );
}

// What is true of this very figure stands before what is true of all of them.
function showCautions(panel, { cautions }) {
  const box = slot(panel.place, "cautions");
  panel.cautions ??= [...box.childNodes];
  const list = make("ul", {});
  list.append(...(cautions ?? []).map((words) => make("li", { textContent: words })));
  box.replaceChildren(...(cautions ? [list] : panel.cautions));
  box.hidden = cautions?.length === 0;
}

// --- the tables -------------------------------------------------------------

function row(cells, head) {
  const line = make("tr", {});
  line.append(
    ...cells.map((textContent, at) => {
      const name = head || !at ? "th" : "td";
      return make(name, { textContent }, name === "th" ? { scope: head ? "col" : "row" } : {});
    }),
  );
  return line;
}

function fill(table, { caption, head, rows }) {
  const parts = [make("caption", { textContent: caption }), make("thead", {}), make("tbody", {})];
  parts[1].append(row(head, true));
  parts[2].append(...rows.map((cells) => row(cells)));
  table.replaceChildren(...parts);
}

// Filled only when they are opened: a page of ten panels has thousands of cells in them.
async function showTables(panel) {
  const { place, block, entry } = panel;
  const { periods, nation } = block;
  const periodsTable = slot(place, "periods");
  const groupTable = slot(place, "group");
  panel.kinds ??= [...groupTable.childNodes];
  const of = (line, at) => written(block, line?.[at]);
  const columns = [[entry.name, entry.line]];
  if (entry.upper || nation.upper) columns.push([large(`middle of ${entry.bandOf ?? entry.several ?? ""}`.trim()), entry.median]);
  if (entry !== nation && block.line) columns.push(["England", block.line]);
  fill(periodsTable, {
    caption: periodsTable.caption.textContent,
    head: ["Period", ...columns.map(([name]) => name)],
    rows: periods.map((period, at) => [period, ...columns.map(([, line]) => of(line, at))]).reverse(),
  });
  const members = compared(block, entry.members ?? []);
  if (members.length < 2) {
    groupTable.replaceChildren(...panel.kinds);
    return;
  }
  const name = await nameOf(block);
  const ordered = [...members].sort((a, b) => valueAt(block, b) - valueAt(block, a));
  if (panel.entry !== entry) return; // another council was chosen meanwhile
  fill(groupTable, {
    caption: `${entry.name} and ${entry.several ?? "the others"}, ${periods.at(-1)}`,
    head: ["Council", large(block.short)],
    rows: ordered.map((at) => [name(at), written(block, valueAt(block, at))]),
  });
}

// --- the charts -------------------------------------------------------------

const trace = (figure, name) => figure.data.find((one) => one.meta === name);

function changeTrend(figure, block, entry) {
  const value = trace(figure, "value");
  // Where a series breaks, the figure has an empty place between two periods.
  const cut = value.text.map((period) => !period);
  const spaced = (line) => {
    let at = 0;
    return cut.map((empty) => (empty ? null : (line?.[at++] ?? null)));
  };
  const nation = entry === block.nation;
  const lower = spaced(entry.lower);
  const upper = spaced(entry.upper);
  const band = trace(figure, "band");
  if (band.fill === "toself") Object.assign(band, polygons(value.x, lower, upper));
  else {
    trace(figure, "lower").y = lower;
    band.y = upper;
  }
  const median = trace(figure, "median");
  median.y = spaced(entry.median);
  median.name = large(`middle of ${entry.bandOf ?? entry.several ?? "councils"}`);
  trace(figure, "england").y = spaced(nation ? null : block.line);
  value.y = spaced(entry.line);
  value.name = entry.name;
  const { yaxis, annotations } = figure.layout;
  if (entry.ticks) {
    yaxis.tickvals = entry.ticks;
    yaxis.ticktext = entry.texts;
    yaxis.range = [entry.ticks[0], entry.ticks.at(-1)];
  }
  for (const [at, name] of ["value", "median", "england"].entries()) {
    const label = annotations.find((one) => one.name === name);
    const place = entry.at?.[at] ?? null;
    label.visible = place !== null;
    label.y = place ?? yaxis.range[0];
    if (name === "value") [label.text] = entry.labels;
  }
}

// The band as one shape from gap to gap: between two lines plotly would bridge the gaps.
function polygons(times, lower, upper) {
  const x = [];
  const y = [];
  let run = [];
  const close = () => {
    if (run.length) {
      x.push(...run.map(([time]) => time), ...run.map(([time]) => time).reverse(), null);
      y.push(...run.map(([, , high]) => high), ...run.map(([, low]) => low).reverse(), null);
    }
    run = [];
  };
  times.forEach((time, at) => {
    if (lower[at] === null || upper[at] === null) close();
    else run.push([time, lower[at], upper[at]]);
  });
  close();
  return { x, y };
}

function changeStrip(figure, block, entry, members) {
  const others = trace(figure, "ink");
  others.x = members.map((place) => valueAt(block, place));
  others.y = others.x.map(() => 0.5);
  const value = block.scale || (entry === block.nation && !block.line) ? null : (entry.line?.at(-1) ?? null);
  const mark = trace(figure, "chosen");
  mark.x = [value];
  mark.text = [`${entry.name}: ${written(block, value)}`];
  const [label] = figure.layout.annotations;
  label.visible = value !== null;
  label.x = value ?? figure.layout.xaxis.range[0];
  label.xanchor = entry.side ?? "center";
  label.text = entry.labels[1];
}
