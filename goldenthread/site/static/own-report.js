// A report of the reader's own: panels of the measures they chose, in their order, under their title.
import { mountPanel } from "./panels.js";
import { make } from "./picker.js";
import { asked, load, mountChooser, mountChosen, mountTakeAway, sorted, write } from "./workshop.js";

const root = document.documentElement.dataset.root;
const MEASURES = 12;
const LETTERS = { title: 120, note: 600, head: 80 };
const UNTITLED = "A report of my own";

export async function mount(place, tools) {
  const index = await load("index");
  const offered = index.measures.filter((one) => one.panel);
  const measures = new Map(offered.map((one) => [one.id, one]));
  let chosen = [];
  let heads = new Map();
  let turn = 0;
  // Panels that were made once: another order makes none anew.
  const made = new Map();

  const controls = make("section", { className: "controls one" }, { "aria-label": "What is in the report" });
  const fault = make("p", { className: "note", hidden: true }, { role: "status" });
  const output = make("section", { className: "own-report" }, { "aria-label": "The report" });
  place.replaceChildren(controls, fault, output);

  const start = make("select", { id: "begin-from" });
  start.append(make("option", { value: "", textContent: "an empty page" }));
  for (const group of new Set(index.reports.map((one) => one.group))) {
    const part = make("optgroup", { label: group });
    for (const one of index.reports) if (one.group === group) part.append(make("option", { value: one.slug, textContent: one.title }));
    start.append(part);
  }
  const begin = make("div", {});
  begin.append(make("label", { htmlFor: start.id, textContent: "Begin from" }), start);
  const title = make("input", { type: "text", id: "own-title", maxLength: LETTERS.title, autocomplete: "off" });
  const note = make("textarea", { id: "own-note", rows: 3, maxLength: LETTERS.note });
  const field = (input, textContent, hint = "") => {
    const box = make("div", {});
    const label = make("label", { htmlFor: input.id, textContent });
    if (hint) label.append(make("span", { className: "hint", textContent: hint }));
    box.append(label, input);
    return box;
  };
  controls.append(begin, field(title, "Title", "The question that the report answers"), field(note, "A note (optional)", "It stands in the address, for everybody who has the link"));
  const redraw = mountChooser(controls, { measures: offered, chosen: () => chosen, add });
  controls.append(make("p", { className: "hint", textContent: "These are the measures that stand in a report, with a finding for every council. Compare councils has all others too." }));
  const list = mountChosen(controls, { label: "In the report", change: (ids) => go({ measures: ids }), more: heading });
  const take = make("div", {});
  controls.append(take);
  mountTakeAway(take, { name, sheets, print: true });

  start.addEventListener("change", () => {
    const from = index.reports.find(({ slug }) => slug === start.value);
    const before = chosen;
    heads = new Map();
    title.value = from?.title ?? "";
    go({ measures: from?.measures.slice(0, MEASURES) ?? [] });
    list.tell(from ? `The measures of “${from.title}” are in the report.` : "The report is empty.", before.length ? before : null);
  });
  // One step of the history for a whole text, not for each letter.
  for (const input of [title, note]) {
    input.addEventListener("input", () => words());
    input.addEventListener("change", () => go({}));
  }

  function add(id) {
    if (chosen.length >= MEASURES) return list.tell(`A report holds ${MEASURES} measures at most. Remove one first.`);
    go({ measures: [...chosen, id] });
    list.tell(`${measures.get(id).short} was added.`);
    controls.querySelector("#find-measure").focus({ preventScroll: true });
  }

  function heading(id, name) {
    const input = make("input", { type: "text", value: heads.get(id) ?? "", maxLength: LETTERS.head, autocomplete: "off" });
    const label = make("label", { className: "head-of" });
    label.append(make("span", { className: "hint", textContent: "Heading above it (optional)" }), input);
    input.setAttribute("aria-label", `Heading above ${name} (optional)`);
    input.addEventListener("change", () => {
      heads.set(id, input.value);
      go({});
    });
    return label;
  }

  function go(to) {
    const ids = to.measures ?? chosen;
    write({
      measures: ids.join(","),
      title: title.value.trim(),
      note: note.value.trim(),
      head: ids.filter((id) => heads.get(id)?.trim()).map((id) => `${id}:${heads.get(id).trim()}`),
    });
    read();
  }

  function read() {
    const { searchParams } = new URL(location.href);
    const wanted = sorted(asked("measures"), measures, MEASURES, "measures");
    chosen = wanted.kept;
    title.value = (searchParams.get("title") ?? "").slice(0, LETTERS.title);
    note.value = (searchParams.get("note") ?? "").slice(0, LETTERS.note);
    heads = new Map(searchParams.getAll("head").map((one) => [one.split(":", 1)[0], one.slice(one.indexOf(":") + 1).slice(0, LETTERS.head)]));
    fault.hidden = !wanted.said.length;
    fault.textContent = wanted.said.join(" ");
    list.show(chosen.map((id) => ({ id, name: measures.get(id).short })));
    redraw();
    show();
  }

  // Texts of the address are texts and nothing else.
  const head = make("h2", { className: "own-title" });
  const said = make("div", { className: "own-note" });
  const body = make("div", {});
  output.append(head, said, body);

  function words() {
    head.textContent = title.value.trim() || UNTITLED;
    said.replaceChildren(...note.value.split(/\n+/).filter((one) => one.trim()).map((textContent) => make("p", { textContent })));
  }

  async function show() {
    const mine = ++turn;
    words();
    if (!chosen.length) {
      body.replaceChildren(make("p", { className: "start", textContent: "Add a measure, or begin from a report." }));
      return;
    }
    try {
      await Promise.all(chosen.map(panel));
    } catch {
      if (mine === turn) body.replaceChildren(make("p", { className: "note", textContent: "A measure could not be loaded. Try again in a while." }, { role: "status" }));
      return;
    }
    if (mine !== turn) return;
    body.replaceChildren(...chosen.flatMap((id) => {
      const own = heads.get(id)?.trim();
      const parts = own ? [make("h2", { className: "own-head", textContent: own })] : [];
      return [...parts, make("h2", { className: "measure-head", textContent: measures.get(id).short }), made.get(id).place];
    }));
    for (const id of chosen) made.get(id).appear();
  }

  // A measure's panel as it is shown on other sites, words and all.
  async function panel(id) {
    if (made.has(id)) return;
    const answer = await fetch(`${root}embed/${id}.html`);
    if (!answer.ok) throw new Error(`${id}: ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (made.has(id)) return;
    const section = document.importNode(page.querySelector(".panel"), true);
    made.set(id, { place: section, ...mountPanel(section, tools) });
  }

  const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  function name() {
    return slug(head.textContent) || "report";
  }

  async function sheets() {
    await Promise.all(chosen.map(panel));
    const panels = chosen.map((id) => ({ panel: made.get(id).panel, section: made.get(id).place }));
    const told = (one, block) => (block.scale && one !== null ? (block.scale[one] ?? null) : (one ?? null));
    const rows = panels.flatMap(({ panel: { block, entry } }) =>
      block.periods.map((period, at) => [
        block.short, entry.name, period, told(entry.line?.[at], block), entry.median?.[at] ?? null, block.line?.[at] ?? null, entry.several ?? "",
      ]),
    );
    const summary = panels.map(({ panel: { block, entry }, section }) => [
      heads.get(block.id) ?? "", block.short, entry.name, block.periods.at(-1), entry.value, entry.middle ?? "", block.england, entry.sentence,
      section.querySelector("p.source").textContent.trim().replace(/\s+/g, " "),
    ]);
    return [
      { name: "All periods", rows: [["Measure", "Place", "Period", "Value", "Middle of those compared", "England", "Compared with"], ...rows] },
      { name: "Summary", rows: [["Heading", "Measure", "Place", "Period", "Figure", "Middle", "England", "Finding", "Source"], ...summary] },
      { name: "About", rows: [["What", ""], ["Title", head.textContent], ["Note", note.value], ["Address", location.href]] },
    ];
  }

  read();
  addEventListener("popstate", read);
}
