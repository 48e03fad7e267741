// The pages of councils are whole without this. It finds one by typing, and opens what a link leads to.
import { file } from "./files.js";
import { make, mountPicker } from "./picker.js";
import { plain } from "./words.js";

const root = document.documentElement.dataset.root;

// --- the list of all ---------------------------------------------------------

function mountFilter(place) {
  const rows = [...document.querySelectorAll(".by-region li")].map((row) => ({
    row,
    names: row.dataset.also.split(" | ").map((name) => ` ${plain(name)}`),
  }));
  const label = make("label", { htmlFor: "filter", textContent: "Show only" });
  const input = make("input", { type: "search", id: "filter", autocomplete: "off", spellcheck: false });
  const said = make("p", { textContent: "A name, or part of one; also of a former council." }, { role: "status" });
  place.append(label, input, said);
  const alphabet = document.querySelector(".alphabet");
  input.addEventListener("input", () => {
    const wanted = plain(input.value);
    let count = 0;
    for (const { row, names } of rows) {
      row.hidden = Boolean(wanted) && !names.some((name) => name.includes(` ${wanted}`));
      count += !row.hidden;
    }
    for (const region of document.querySelectorAll(".region")) {
      region.hidden = !region.querySelector("li:not([hidden])");
    }
    // The same names in another order would only be in the way.
    alphabet.hidden = Boolean(wanted);
    said.textContent = !wanted
      ? "All are shown."
      : count
        ? `${count} of ${rows.length} shown.`
        : "None is called that. Try another spelling.";
  });
}

// --- another council, from a council's page ----------------------------------

const areas = () => file("_static/areas.json");

function mountChange(link) {
  const sheet = make("div", { className: "sheet", hidden: true });
  const choose = (area) => location.assign(`${root}councils/${area.slug}/`);
  const all = make("p");
  all.append(make("a", { href: link.href, textContent: "All councils and fire authorities" }));
  mountPicker(sheet, { label: "Which council?", areas, choose });
  sheet.append(all);
  link.closest(".bar-text").after(sheet);
  // With a script the link is a button that opens the picker; without one it leads to the list.
  const button = make("button", { type: "button", className: "bar-button", textContent: link.textContent });
  const open = (wanted) => {
    sheet.hidden = !wanted;
    button.setAttribute("aria-expanded", String(wanted));
    if (wanted) sheet.querySelector("input").focus({ preventScroll: true });
  };
  button.setAttribute("aria-expanded", "false");
  link.replaceWith(button);
  button.addEventListener("click", () => open(sheet.hidden));
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open(false);
    button.focus({ preventScroll: true });
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!sheet.hidden && !sheet.contains(target) && target !== button) open(false);
  });
}

// --- a figure that a link leads to -------------------------------------------

// Not every browser opens the theme that a figure is in.
function reveal() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const theme = place?.closest("details");
  if (!theme || theme.open) return;
  theme.open = true;
  place.scrollIntoView();
}

const filter = document.querySelector("[data-filter]");
const change = document.querySelector("[data-change]");
if (filter) mountFilter(filter);
if (change) mountChange(change);
addEventListener("hashchange", reveal);
reveal();
