// Any measures of any councils side by side: a table, a chart, files, and an address that holds all.
import * as choice from "./choice.js";
import { bars, lines } from "./lines.js";
import { make, mountPicker } from "./picker.js";
import { asked, listed, load, mountChooser, mountChosen, mountTakeAway, sorted, write } from "./workshop.js";
import { written } from "./words.js";

const MEASURES = 10;
const PLACES = 12;
const ENGLAND = "england";

export async function mount(place, { areas }) {
  const [index, councils] = await Promise.all([load("index"), areas()]);
  const everybody = [...index.areas, ...councils];
  const measures = new Map(index.measures.map((one) => [one.id, one]));
  const places = new Map(everybody.map((area) => [area.slug, area]));
  for (const area of everybody) places.set(area.code, area);
  let chosen = [];
  let side = [];
  let charted = null;
  let turn = 0;

  const controls = make("div", { className: "controls" });
  const what = make("section", {});
  const who = make("section", {});
  const result = make("section", { className: "result" }, { "aria-label": "The comparison" });
  const fault = make("p", { className: "note", hidden: true }, { role: "status" });
  what.append(make("h2", { textContent: "Measures" }));
  who.append(make("h2", { textContent: "Councils and other places" }));
  controls.append(what, who);
  place.replaceChildren(controls, fault, result);

  const redraw = mountChooser(what, { measures: index.measures, chosen: () => chosen, add: addMeasure });
  const chosenList = mountChosen(what, { label: "Chosen measures", change: (ids) => go({ measures: ids }) });
  mountPicker(who, { label: "Add a place", areas: async () => everybody, choose: addPlace });
  who.append(make("p", { className: "hint", textContent: "Also England, or a region such as the North West." }));
  const sideList = mountChosen(who, { label: "Chosen places", change: (ids) => go({ areas: ids }) });

  function addMeasure(id) {
    if (chosen.length >= MEASURES) return chosenList.tell(`A comparison holds ${MEASURES} measures at most. Remove one first.`);
    go({ measures: [...chosen, id] });
    chosenList.tell(`${measures.get(id).short} was added.`);
    // The button that was pressed cannot be pressed again.
    what.querySelector("#find-measure").focus({ preventScroll: true });
  }

  function addPlace(area) {
    if (side.includes(area.slug)) return sideList.tell(`${area.name} is there already.`);
    if (side.length >= PLACES) return sideList.tell(`A comparison holds ${PLACES} places at most. Remove one first.`);
    go({ areas: [...side, area.slug] });
    sideList.tell(`${area.name} was added.`);
  }

  function go(to) {
    write({
      measures: (to.measures ?? chosen).join(","),
      // Without one the page would begin with the reader's council again.
      areas: (to.areas ?? side).join(",") || "none",
      chart: to.chart === undefined ? charted : to.chart,
    });
    read();
  }

  function read() {
    const wanted = sorted(asked("measures"), measures, MEASURES, "measures");
    const known = asked("areas").filter((one) => one !== "none");
    const beside = sorted([...new Set(known.map((one) => places.get(one)?.slug ?? one))], places, PLACES, "places");
    chosen = wanted.kept;
    side = beside.kept;
    if (!asked("areas").length) side = [...new Set([places.get(choice.inAddress().council ?? choice.remembered().council)?.slug, ENGLAND])].filter(Boolean);
    [charted] = asked("chart").filter((one) => chosen.includes(one));
    const said = [...wanted.said, ...beside.said];
    fault.hidden = !said.length;
    fault.textContent = said.join(" ");
    chosenList.show(chosen.map((id) => ({ id, name: measures.get(id).short })));
    sideList.show(side.map((slug) => ({ id: slug, name: places.get(slug).name })));
    redraw();
    show();
  }

  async function show() {
    const mine = ++turn;
    if (!chosen.length || !side.length) {
      result.replaceChildren(make("p", { className: "start", textContent: chosen.length ? "Add a place to see its figures." : "Add a measure to see it beside the places you chose." }));
      return;
    }
    let blocks;
    try {
      blocks = await Promise.all(chosen.map(load));
    } catch {
      if (mine === turn) result.replaceChildren(make("p", { className: "note", textContent: "The figures could not be loaded. Try again in a while." }, { role: "status" }));
      return;
    }
    if (mine !== turn) return;
    const shown = side.map((slug) => places.get(slug));
    const take = make("div", {});
    result.replaceChildren(make("h2", { textContent: "Side by side" }), table(blocks, shown), ...cautions(blocks, shown), take, ...chart(blocks, shown), ...sources(blocks));
    mountTakeAway(take, { name: () => "councils-compared", sheets: () => sheets(blocks, shown) });
  }

  function chart(blocks, shown) {
    const block = blocks.find(({ id }) => id === charted) ?? blocks[0];
    const select = make("select", { id: "charted" });
    for (const one of blocks) select.append(make("option", { value: one.id, textContent: measures.get(one.id).short, selected: one === block }));
    const label = make("label", { htmlFor: select.id, textContent: "Show in the chart" });
    const line = make("p", { className: "charted" });
    line.append(label, " ", select);
    select.addEventListener("change", () => {
      go({ chart: select.value === chosen[0] ? "" : select.value });
      requestAnimationFrame(() => document.querySelector("#charted")?.focus({ preventScroll: true }));
    });
    const figures = [];
    const held = shown.filter(({ code }) => block.areas[code]);
    const figure = (title, subtitle, drawn) => {
      const made = make("figure", { className: "chart-of" });
      const caption = make("figcaption", {});
      caption.append(make("strong", { textContent: title }), make("span", { textContent: subtitle }));
      made.append(caption, drawn);
      return made;
    };
    const name = measures.get(block.id).short;
    if (held.length && !block.scale && block.periods.length > 1) {
      const breaks = block.breaks.map(([month]) => month);
      const broken = breaks.length ? ` Figures before and after ${listed(breaks)} cannot be compared.` : "";
      figures.push(figure(`${name} over time`, `${block.periods[0]} to ${block.periods.at(-1)}.${broken}`, lines(block, shown)));
    }
    if (held.length && !block.scale) figures.push(figure(`${name} in ${block.periods.at(-1)}`, block.direction, bars(block, shown)));
    if (!figures.length) figures.push(make("p", { textContent: held.length ? "A judgement has no line to be drawn: the table tells it." : "None of these places has a figure of its own." }));
    return [make("h2", { textContent: "In a chart" }), line, ...figures];
  }

  function cautions(blocks, shown) {
    const said = [];
    const mixed = blocks.filter((block) => new Set(shown.filter(({ code }) => block.areas[code] && code in block.jobs).map(({ code }) => block.jobs[code])).size > 1);
    if (mixed.length) said.push(`Not like with like: for ${listed(mixed.map(({ id }) => measures.get(id).short))} these councils do different parts of the work, so that their figures mean different things.`);
    const sizes = blocks.filter(({ size }) => size);
    if (sizes.length) said.push(`${listed(sizes.map(({ id }) => measures.get(id).short))}: totals, which say how large a place is and not how well it does.`);
    const periods = new Set(blocks.map((block) => block.periods.at(-1)));
    if (periods.size > 1) said.push("The measures are of different periods: each stands under its figure.");
    if (!said.length) return [];
    const list = make("ul", { className: "cautions" });
    list.append(...said.map((textContent) => make("li", { textContent })));
    return [list];
  }

  function table(blocks, shown) {
    const made = make("table", { className: "side-by-side" });
    const head = make("tr", {});
    head.append(make("th", { textContent: "Measure" }, { scope: "col" }), ...shown.map(({ name }) => make("th", { textContent: name }, { scope: "col" })));
    const thead = make("thead", {});
    thead.append(head);
    const body = make("tbody", {});
    for (const block of blocks) {
      const row = make("tr", {});
      const name = make("th", { textContent: measures.get(block.id).short }, { scope: "row" });
      row.append(name, ...shown.map((area) => cell(block, area)));
      body.append(row);
    }
    made.append(make("caption", { textContent: "The latest figures" }), thead, body);
    const scroll = make("div", { className: "scroll", tabIndex: 0 }, { role: "region", "aria-label": "The figures side by side" });
    scroll.append(made);
    return scroll;
  }

  read();
  addEventListener("popstate", read);
}

function cell(block, { code }) {
  const made = make("td", {});
  const value = block.areas[code]?.at(-1) ?? null;
  if (value !== null) {
    made.append(make("span", { className: "number", textContent: written(block, value) }), make("small", { textContent: block.periods.at(-1) }));
    return made;
  }
  made.append(make("span", { className: "lacking", textContent: block.why[block.lacking[code]] ?? "no figure" }));
  const last = block.areas[code]?.findLastIndex((one) => one !== null) ?? -1;
  if (last >= 0) made.append(make("small", { textContent: `before: ${written(block, block.areas[code][last])} in ${block.periods[last]}` }));
  return made;
}

function sources(blocks) {
  const list = make("ul", { className: "sources" });
  for (const block of blocks) {
    const line = make("li", {});
    line.append(make("strong", { textContent: `${block.name}. ` }), `${block.definition} ${block.caveat} Source: `, make("a", { href: block.page, textContent: block.source }), ".");
    list.append(line);
  }
  return [make("h2", { textContent: "What these figures are" }), list];
}

function sheets(blocks, shown) {
  const rows = blocks.flatMap((block) =>
    shown.flatMap(({ code, name }) => {
      const line = block.areas[code] ?? [null];
      const start = block.periods.length - line.length;
      return line.map((value, at) => [
        block.name, code, name, block.periods[start + at], block.scale ? (block.scale[value] ?? null) : value,
        value === null && at === line.length - 1 ? (block.why[block.lacking[code]] ?? "no figure") : "",
      ]);
    }),
  );
  const latest = blocks.map((block) => [block.name, block.periods.at(-1), ...shown.map(({ code }) => {
    const value = block.areas[code]?.at(-1) ?? null;
    return value === null ? (block.why[block.lacking[code]] ?? "no figure") : block.scale ? block.scale[value] : value;
  })]);
  return [
    { name: "All periods", rows: [["Measure", "Area code", "Area", "Period", "Value", "Why there is none"], ...rows] },
    { name: "Side by side", rows: [["Measure", "Period", ...shown.map(({ name }) => name)], ...latest] },
    { name: "Sources", rows: [["Measure", "What it is", "Caution", "Source", "Address"], ...blocks.map((one) => [one.name, one.definition, one.caveat, one.source, one.page])] },
  ];
}
