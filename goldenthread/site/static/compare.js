// Whom to compare with: one choice of several, and a list of one's own that never leaves the device.
import * as choice from "./choice.js";
import { make, mountPicker } from "./picker.js";

// Longer lists are no comparison any more, and nobody reads them.
const MOST = 20;
const large = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export function mountComparators(place, { areas, choose }) {
  const box = make("fieldset", { className: "comparators", hidden: true });
  box.append(make("legend", { textContent: "Compare with" }));
  const radios = new Map();
  const meaning = make("p", { id: "with-meaning", className: "hint" });
  box.append(meaning);
  place.append(box);
  const list = mountOwnList(box, { areas, changed: () => pick("own") });

  let without = {};
  // Whose choices stand there now.
  let self = null;
  let drawn = null;

  function draw() {
    if (drawn === choice.offered(self)) return;
    drawn = choice.offered(self);
    radios.clear();
    for (const line of box.querySelectorAll(".choice")) line.remove();
    for (const { id, name } of drawn.comparators) {
      const radio = make("input", { type: "radio", name: "comparator", value: id, id: `with-${id}` });
      radio.setAttribute("aria-describedby", "with-meaning");
      radio.addEventListener("change", () => pick(id));
      radios.set(id, radio);
      const label = make("label", { htmlFor: radio.id, textContent: large(name) });
      const line = make("div", { className: "choice" });
      line.append(radio, label);
      meaning.before(line);
    }
  }

  function explain(id) {
    const chosen = drawn.comparators.find((one) => one.id === id);
    meaning.textContent = [chosen.meaning, without[id]].filter(Boolean).join(" ");
    list.show(id === "own" ? self : null);
  }

  function pick(id) {
    radios.get(id).checked = true;
    explain(id);
    // An empty list compares with nobody: it is chosen with its first council.
    if (id !== "own" || choice.ownList(self).length) choose(id);
  }

  // What is shown now; `none` says which comparisons hold nobody for this council, and why.
  return (area, comparator, none) => {
    box.hidden = !area;
    without = none ?? {};
    if (!area) return;
    self = area;
    draw();
    radios.get(comparator).checked = true;
    explain(comparator);
  };
}

function mountOwnList(place, { areas, changed }) {
  const box = make("div", { className: "own-list", hidden: true });
  const names = make("ul", {});
  const said = make("p", { className: "hint" });
  said.setAttribute("role", "status");
  place.append(box);
  box.append(names, said);
  // Whose list it is, and for whom the field that adds to it was made.
  let self = null;
  let mounted = null;

  async function draw() {
    let known = [];
    try {
      known = await areas();
    } catch {
      said.textContent = "The list of councils could not be loaded.";
      return;
    }
    const codes = choice.ownList(self);
    names.replaceChildren(
      ...codes.map((code) => {
        const name = known.find((area) => area.code === code)?.name ?? code;
        const line = make("li", { textContent: `${name} ` });
        const remove = make("button", { type: "button", className: "plain", textContent: "Remove" });
        remove.setAttribute("aria-label", `Remove ${name}`);
        remove.addEventListener("click", () => {
          choice.keepOwnList(self, choice.ownList(self).filter((one) => one !== code));
          said.textContent = `${name} is no longer on your list.`;
          draw();
          box.querySelector("input").focus({ preventScroll: true });
          changed();
        });
        line.append(remove);
        return line;
      }),
    );
  }

  function add(area) {
    const codes = choice.ownList(self);
    if (codes.includes(area.code)) said.textContent = `${area.name} is on your list already.`;
    else if (codes.length >= MOST) said.textContent = choice.offered(self).own.most.replace("{}", MOST);
    else {
      choice.keepOwnList(self, [...codes, area.code]);
      said.textContent = `${area.name} is on your list now.`;
      draw();
      changed();
    }
  }

  return {
    show(area) {
      box.hidden = !area;
      if (!area) return;
      self = area;
      const offered = choice.offered(area);
      if (mounted !== offered) {
        mounted = offered;
        said.textContent = "";
        box.querySelector(".picker")?.remove();
        const fire = choice.isFire(area);
        const alike = async () => (await areas()).filter((one) => choice.isFire(one) === fire);
        mountPicker(box, { label: offered.own.add, areas: alike, choose: add });
      }
      draw();
    },
  };
}
