// Choose once: the council in the address, else the one remembered on this device, else England.
import { mountPicker } from "./picker.js";
import { mountPanels, showCouncil } from "./panels.js";

const root = document.documentElement.dataset.root;
const KEY = "council";
const KINDS = {
  county: "county council",
  district: "district council",
  unitary: "unitary council",
  "metropolitan district": "metropolitan council",
  "London borough": "London borough",
};

let listed;
let chosen = null;

export function areas() {
  listed ??= fetchJson("_static/areas.json").catch((fault) => {
    listed = undefined;
    throw fault;
  });
  return listed;
}

export async function fetchJson(path) {
  const answer = await fetch(root + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off; the address still works
  }
}

function remember(slug) {
  try {
    if (slug) localStorage.setItem(KEY, slug);
    else localStorage.removeItem(KEY);
  } catch {
    // not remembered, and nothing else is lost
  }
}

function writeAddress(slug) {
  const address = new URL(location.href);
  if (slug) address.searchParams.set("council", slug);
  else address.searchParams.delete("council");
  history.replaceState(history.state, "", address);
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// --- the bar ----------------------------------------------------------------

const bar = document.querySelector("[data-bar]");
const sheet = element("div", { className: "sheet", hidden: true });
const status = element("span", { className: "unseen" });
status.setAttribute("role", "status");
const text = element("span", { className: "bar-council", textContent: "Figures for England" });
const button = element("button", { type: "button", className: "bar-button", textContent: "Choose your council" });
button.setAttribute("aria-expanded", "false");
const clear = element("button", { type: "button", className: "plain", textContent: "Show England instead", hidden: true });

function openSheet(open) {
  sheet.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  if (open) sheet.querySelector("input").focus({ preventScroll: true });
}

function mountBar() {
  bar.replaceChildren(text, " ", button, status);
  bar.after(sheet);
  mountPicker(sheet, { label: "Which council?", areas, choose });
  sheet.append(clear);
  button.addEventListener("click", () => openSheet(sheet.hidden));
  clear.addEventListener("click", () => choose(null));
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      openSheet(false);
      button.focus({ preventScroll: true });
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!sheet.hidden && !sheet.contains(event.target) && event.target !== button) openSheet(false);
  });
  for (const place of document.querySelectorAll("[data-picker]")) {
    place.replaceChildren();
    mountPicker(place, { label: "Choose your council", areas, choose });
  }
}

function describe(area) {
  if (!area) {
    text.textContent = "Figures for England";
    button.textContent = "Choose your council";
  } else {
    const among = area.kind === "London borough" ? "London boroughs" : `${KINDS[area.kind]}s`;
    const rest = area.kind === "district" ? `, with ${area.county} for county services` : ` among ${among}`;
    text.replaceChildren(element("strong", { textContent: area.name }), rest);
    button.textContent = "Change";
  }
  clear.hidden = !area;
}

function complain(sentence) {
  status.textContent = "";
  text.textContent = sentence;
  button.textContent = "Choose again";
}

// --- choosing ---------------------------------------------------------------

let turn = 0;

async function choose(area, { quiet = false } = {}) {
  const mine = ++turn;
  const wasOpen = !sheet.hidden;
  let figures = null;
  try {
    if (area) figures = await fetchJson(`_static/councils/${area.code}.json`);
    if (mine !== turn) return;
    showCouncil(area && { ...area, measures: figures.measures });
  } catch {
    if (mine === turn) {
      showCouncil(null);
      complain(`The figures of ${area.name} could not be loaded; the page shows England.`);
    }
    return;
  }
  chosen = area;
  remember(area?.slug);
  writeAddress(area?.slug);
  describe(area);
  if (wasOpen) {
    openSheet(false);
    button.focus({ preventScroll: true });
  }
  if (!quiet) status.textContent = area ? `Showing ${area.name}` : "Showing England";
}

async function start() {
  mountBar();
  mountPanels({ areas, current: () => chosen });
  const inAddress = new URL(location.href).searchParams.get("council");
  const wanted = inAddress ?? remembered();
  if (!wanted) return;
  let list;
  try {
    list = await areas();
  } catch {
    complain("The list of councils could not be loaded; the page shows England.");
    return;
  }
  const found = list.find((area) => area.slug === wanted || area.code === wanted);
  if (found) await choose(found, { quiet: true });
  else if (inAddress) complain(`There is no council called “${inAddress}”; the page shows England.`);
  else remember(null);
}

start();
