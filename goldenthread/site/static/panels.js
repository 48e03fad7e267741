// Puts the chosen council's words and numbers where the page speaks of England.
import { mountChart, redraw } from "./charts.js";

const panels = [];
const headlines = [];
let areas;
let current;

const read = (place, selector) => JSON.parse(place.querySelector(selector).textContent);
const slot = (place, name) => place.querySelector(`[data-slot="${name}"]`);

function say(place, name, words) {
  const found = slot(place, name);
  if (!found) return;
  found.textContent = words;
  if (name === "note") found.hidden = !words;
}

const large = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function written(block, value) {
  if (value === null) return "–";
  const [before, decimals, after] = block.write;
  const places = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const number = Math.abs(value).toLocaleString("en-GB", places);
  return `${value < 0 ? "−" : ""}${before}${number}${after}`;
}

export function mountPanels(tools) {
  ({ areas, current } = tools);
  for (const place of document.querySelectorAll(".panel")) {
    const block = read(place, ".panel-data");
    const charts = [...place.querySelectorAll("figure.chart")].map((figure) => {
      const made = mountChart(figure);
      made.names = () => names(block);
      return made;
    });
    panels.push({ place, block, charts, entry: block.nation });
  }
  for (const place of document.querySelectorAll(".headline")) {
    headlines.push({ place, id: place.dataset.measure, nation: read(place, ".headline-data").nation });
  }
  for (const figure of document.querySelectorAll("figure.chart")) {
    if (!figure.closest(".panel")) mountChart(figure);
  }
}

// The strokes of a strip are named only when plotly draws them.
async function names(block) {
  const list = await areas();
  const kind = kindOf(block);
  return list.map((area, index) => (kind(area) ? named(block, area, index) : null)).filter(Boolean);
}

function kindOf(block) {
  const wanted = block.entry?.kind ?? "all";
  return (area) => wanted === "all" || area.kind === wanted;
}

function named(block, area, index) {
  const value = block.values[index];
  return value === null ? null : { value, text: `${area.name}: ${written(block, value)}` };
}

export function showCouncil(council) {
  for (const { place, id, nation } of headlines) {
    say(place, "sentence", (council?.measures[id] ?? nation).sentence);
  }
  for (const panel of panels) {
    const entry = council ? council.measures[panel.block.id] : panel.block.nation;
    if (entry) show(panel, entry);
  }
}

function show(panel, entry) {
  const { place, block, charts } = panel;
  const kind = block.kinds[entry.kind];
  panel.entry = block.entry = entry;
  for (const name of ["sentence", "note", "of", "value", "before"]) say(place, name, entry[name]);
  say(place, "middleOf", large(kind.middleOf));
  say(place, "middle", kind.middle);
  const [thirdOf, third] = entry === block.nation ? block.third.nation : block.third.council;
  say(place, "thirdOf", thirdOf);
  say(place, "third", third);
  for (const [index, raised] of ["first", "second"].entries()) {
    showQuestion(slot(place, raised), block.asks[entry.q[index]]);
  }
  showTable(place, block, entry, kind);
  const alt = `${entry.sentence} ${entry.before}`.trim();
  const last = block.periods.at(-1);
  const [trend, strip] = charts;
  redraw(trend, {
    title: entry.title,
    subtitle: `${block.short}, ${block.periods[0]} to ${last}. The grey band holds the middle half of ${kind.several}.`,
    alt,
    change: (figure) => changeTrend(figure, block, entry, kind),
  });
  redraw(strip, {
    title: `${entry.name}${entry.rank ? `: ${entry.rank}` : ` among ${kind.count} ${kind.several}`}`,
    subtitle: `${block.short}, ${last}. Each stroke is one of ${kind.count} ${kind.several}.`,
    alt,
    change: (figure) => changeStrip(figure, block, entry),
  });
}

function showQuestion(place, question) {
  place.hidden = !question;
  place.replaceChildren();
  if (!question) return;
  const who = document.createElement("em");
  who.textContent = `Ask ${question[1]}.`;
  place.append(`${question[0]} `, who);
}

function showTable(place, block, entry, kind) {
  say(place, "column", entry.name);
  say(place, "columnMiddle", large(kind.middleOf.replace(/^the /, "")));
  const last = block.periods.length - 1;
  place.querySelectorAll("table.figures tbody tr").forEach((row, index) => {
    row.cells[1].textContent = written(block, entry.line[last - index]);
    row.cells[2].textContent = written(block, kind.median[last - index]);
  });
}

const trace = (figure, name) => figure.data.find((one) => one.meta === name);

function changeTrend(figure, block, entry, kind) {
  const nation = entry.kind === "all";
  trace(figure, "lower").y = kind.lower;
  trace(figure, "band").y = kind.upper;
  trace(figure, "median").y = kind.median;
  trace(figure, "median").name = large(kind.middleOf);
  trace(figure, "england").y = nation ? block.england.map(() => null) : block.england;
  trace(figure, "value").y = entry.line;
  trace(figure, "value").name = entry.name;
  const { yaxis, annotations } = figure.layout;
  yaxis.tickvals = entry.ticks;
  yaxis.ticktext = entry.tickTexts;
  yaxis.range = [entry.ticks[0], entry.ticks.at(-1)];
  annotations.forEach((label, index) => {
    label.visible = entry.labels[index] !== null;
    label.y = entry.labels[index] ?? yaxis.range[0];
  });
  annotations[0].text = entry.names[0];
}

function changeStrip(figure, block, entry) {
  const councils = trace(figure, "councils");
  const mark = trace(figure, "chosen");
  mark.x = [entry.mark];
  mark.text = [`${entry.name}: ${written(block, entry.mark)}`];
  const [label] = figure.layout.annotations;
  label.visible = entry.mark !== null;
  label.x = entry.mark ?? figure.layout.xaxis.range[0];
  label.xanchor = entry.side;
  label.text = entry.names[1];
  if (entry.kind === "all") {
    councils.x = block.values.filter((value) => value !== null);
    councils.y = councils.x.map(() => 0.5);
    return null;
  }
  return areas().then((list) => {
    const strokes = list.map((area, index) => (area.kind === entry.kind ? block.values[index] : null));
    councils.x = strokes.filter((value) => value !== null);
    councils.y = councils.x.map(() => 0.5);
  });
}
