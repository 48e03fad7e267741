// The list of case studies: which are shown, by the fields above it and by the reader's council. The
// choices stand in the address, so that they can be sent to somebody.
import { file } from "./files.js";

const CHOICES = ["type", "region", "theme", "went"];
const LIKE = "like";

const place = document.querySelector(".case-list");
const form = place.querySelector(".case-filter");
const said = place.querySelector(".case-said");
const like = form.elements[LIKE];
const hint = place.querySelector("#case-like-said");
const unchosen = hint.textContent;
const studies = [...place.querySelectorAll(".case")].map((row) => ({
  row,
  type: row.dataset.kinds.split(" "),
  region: row.dataset.regions.split(" "),
  theme: row.dataset.themes.split(" "),
  went: [row.dataset.went],
  codes: row.dataset.codes.split(" "),
}));

// The reader's council, and the codes of itself and of those on its list of similar ones.
let council = null;
let alike = new Set();
let wanted = false;
let turn = 0;

const counted = (count) => (count === 1 ? "1 case study" : `${count} case studies`);
const kind = (area) => area.kind.toLowerCase().replaceAll(" ", "-");
const others = (area) => (area.kind === "fire and rescue authority" ? "authorities" : "councils");

// From the council itself and those like it; where there are none, from councils of its type.
function near(fitting) {
  if (!like.checked) return [fitting, ""];
  const similar = fitting.filter(({ codes }) => codes.some((code) => alike.has(code)));
  if (similar.length) return [similar, ` from ${council.name} or ${others(council)} like it`];
  const same = fitting.filter(({ type }) => type.includes(kind(council)));
  return [same, ` from other ${others(council)} of its type. None of these is from ${council.name} or from its list of similar ${others(council)}`];
}

function show() {
  const fitting = studies.filter((one) => CHOICES.every((name) => !form.elements[name].value || one[name].includes(form.elements[name].value)));
  const [shown, whose] = near(fitting);
  for (const one of studies) one.row.hidden = !shown.includes(one);
  if (!shown.length) said.textContent = "No case study suits all of that. Take one of your choices away.";
  else if (shown.length === studies.length && !whose) said.textContent = `${counted(shown.length)}.`;
  else said.textContent = whose ? `${counted(shown.length)}${whose}.` : `${shown.length} of ${counted(studies.length)}.`;
}

function write() {
  const here = new URL(location.href);
  for (const name of [...CHOICES, LIKE]) {
    const value = name === LIKE ? (wanted ? like.value : "") : form.elements[name].value;
    if (value) here.searchParams.set(name, value);
    else here.searchParams.delete(name);
  }
  if (here.href !== location.href) history.replaceState(history.state, "", here);
}

function read() {
  const { searchParams } = new URL(location.href);
  for (const name of CHOICES) {
    const value = searchParams.get(name) ?? "";
    form.elements[name].value = [...form.elements[name].options].some((one) => one.value === value) ? value : "";
  }
  wanted = searchParams.get(LIKE) === like.value;
}

// Wished for in an address, it waits until the council is there.
function update() {
  like.disabled = !council;
  like.checked = Boolean(council) && wanted;
  hint.textContent = council ? `${council.name} and its list of similar ${others(council)}.` : unchosen;
  show();
}

export async function showCases(chosen, areas) {
  const mine = ++turn;
  const codes = new Set(chosen ? [chosen.code] : []);
  if (chosen) {
    try {
      const [{ groups }, known] = await Promise.all([file(`_static/councils/${chosen.code}.similar.json`), areas()]);
      for (const at of groups[chosen.code] ?? []) codes.add(known[at].code);
    } catch {
      // Some have no list: those of its type are shown then.
    }
  }
  if (mine !== turn) return;
  [council, alike] = [chosen, codes];
  update();
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  wanted = council ? like.checked : wanted;
  write();
  show();
});
// The fields are empty only after the event.
form.addEventListener("reset", () =>
  setTimeout(() => {
    wanted = false;
    write();
    update();
  }),
);
addEventListener("popstate", () => {
  read();
  update();
});
form.hidden = false;
read();
write();
update();
