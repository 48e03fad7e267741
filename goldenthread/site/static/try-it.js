// Things to try: whatever a reader moves, the picture, the sentence and the table follow. Nothing is kept.
import { draw } from "./try-picture.js";
import { scenes } from "./try-scenes.js";

// How many moves it takes before what they show is said.
const MOVES = 3;
const SLOT = /\{(\w+)(?:\|(\w+)\|(\w+))?\}/g;

// Fills a sentence; `{name|one|several}` adds the word that agrees with the number.
export function fill(sentence, values) {
  return sentence.replace(SLOT, (_, name, one, several) =>
    one ? `${values[name]} ${values[name] === "1" ? one : several}` : values[name],
  );
}

function mount(box) {
  const { start, says, data } = JSON.parse(box.querySelector("script").textContent);
  const scene = scenes[box.dataset.kind];
  const picture = box.querySelector(".picture");
  const seen = box.querySelector(".seen");
  const waits = box.querySelector(".waits");
  const table = box.querySelector("tbody");
  const controls = [...box.querySelectorAll("[data-control]")];
  let state = { ...start };
  let moves = 0;

  function show() {
    const { marks, labels, says: key, values, rows } = scene(data, state);
    draw(picture, { marks, labels });
    const sentence = fill(says[key], values);
    // The same words once more would be read out once more.
    if (seen.textContent !== sentence) seen.textContent = sentence;
    table.replaceChildren(
      ...rows.map((cells) => {
        const row = document.createElement("tr");
        for (const text of cells) row.insertCell().textContent = text;
        return row;
      }),
    );
  }

  // A slider and the field beside it say the same; what is being typed is left alone.
  function agree(moved) {
    for (const control of controls) {
      if (control !== moved && control.matches("input, select")) control.value = state[control.dataset.control];
    }
  }

  function count() {
    moves += 1;
    if (moves < MOVES) return;
    box.classList.add("moved");
    waits.hidden = true;
  }

  for (const control of controls) {
    const name = control.dataset.control;
    if (control.matches("button")) {
      control.addEventListener("click", () => {
        state[name] += 1;
        count();
        show();
      });
      continue;
    }
    control.addEventListener("input", () => {
      if (control.matches("select")) state[name] = control.value;
      else if (control.value !== "" && control.validity.valid) state[name] = control.valueAsNumber;
      agree(control);
      show();
    });
    control.addEventListener("change", () => {
      count();
      // What is no position of the slider becomes the nearest one.
      if (control.matches('[type="number"]') && control.value !== "" && !control.validity.valid) {
        const [low, high, step] = [control.min, control.max, control.step].map(Number);
        const near = low + step * Math.round((control.valueAsNumber - low) / step);
        state[name] = Math.min(Math.max(near, low), high);
        show();
      }
      agree();
    });
  }
  box.querySelector("[data-start]").addEventListener("click", () => {
    state = { ...start };
    agree();
    show();
  });
  waits.hidden = false;
  box.classList.add("ready");
}

document.querySelectorAll(".try-it").forEach(mount);
