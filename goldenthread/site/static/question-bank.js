// The page of all questions: what is shown of them, and a list of those that a reader picked. Both
// stand in the address, so that they can be sent to somebody; nothing is kept on the device.
import { make } from "./picker.js";
import { plain } from "./words.js";

const GENERAL = "any";
const CHOICES = ["role", "moment", "theme", "words"];
const LIST = "list";
const PAUSE = 400;

const counted = (count) => (count === 1 ? "1 question" : `${count} questions`);

function mount(place) {
  const form = place.querySelector(".questions-filter");
  const said = place.querySelector(".questions-said");
  const mine = place.querySelector(".my-questions");
  const way = place.querySelector(".to-my-questions");
  const general = place.querySelector(".questions-group");
  const head = place.querySelector(".questions-tools");
  const questions = [...place.querySelectorAll(".bank-question")].map((row) => ({
    row,
    id: row.dataset.id,
    role: row.dataset.roles.split(" "),
    theme: row.dataset.themes.split(" "),
    moment: row.dataset.moments.split(" "),
    words: ` ${plain(row.textContent)}`,
    text: (name) => row.querySelector(name).textContent,
    button: make("button", { type: "button", className: "pick" }, { "aria-describedby": `${row.id}-ask` }),
  }));
  const known = new Map(questions.map((one) => [one.id, one]));
  let list = [];
  let emptied = [];
  let waiting;

  // --- what is shown -------------------------------------------------------------

  const isAbout = (one, theme) => !theme || one.theme.includes(theme) || one.theme.includes(GENERAL);

  function show() {
    const { role, moment, theme } = form.elements;
    const wanted = plain(form.elements.words.value).split(" ").filter(Boolean);
    let [own, any] = [0, 0];
    for (const one of questions) {
      const fits =
        (!role.value || one.role.includes(role.value)) &&
        (!moment.value || one.moment.includes(moment.value)) &&
        isAbout(one, theme.value) &&
        wanted.every((word) => one.words.includes(` ${word}`));
      one.row.hidden = !fits;
      if (fits && one.theme.includes(GENERAL)) any += 1;
      else if (fits) own += 1;
    }
    for (const part of place.querySelectorAll(".questions-part, .questions-group")) {
      part.hidden = !part.querySelector(".bank-question:not([hidden])");
    }
    // Who chose a subject reads about it first, and then what may be asked about anything.
    const about = theme.value && theme.value !== GENERAL;
    if (about) mine.before(general);
    else head.after(general);
    return sentence(own, any, about && theme.selectedOptions[0].textContent);
  }

  function sentence(own, any, subject) {
    if (!(own + any)) return "No question suits all of that. Take one of your choices away.";
    if (!subject) return own + any === questions.length ? `${counted(own + any)}.` : `${own + any} of ${questions.length} questions.`;
    return `${counted(own)} about “${subject}”, and ${any} for any service.`;
  }

  // Shown at once, said when the typing pauses: a screen reader would begin anew at each letter.
  function update(pause = 0) {
    const words = show();
    write();
    clearTimeout(waiting);
    waiting = setTimeout(() => (said.textContent = words), pause);
  }

  function write() {
    const here = new URL(location.href);
    for (const name of CHOICES) {
      const value = form.elements[name].value.trim();
      if (value) here.searchParams.set(name, value);
      else here.searchParams.delete(name);
    }
    here.searchParams.delete(LIST);
    // A comma stays a comma in the address, which is then short enough to be sent.
    const search = [here.searchParams.toString(), list.length && `${LIST}=${list.join(",")}`].filter(Boolean).join("&");
    here.search = search;
    if (here.href !== location.href) history.replaceState(history.state, "", here);
  }

  function read() {
    const { searchParams } = new URL(location.href);
    for (const name of CHOICES) {
      const field = form.elements[name];
      const value = searchParams.get(name) ?? "";
      field.value = field.tagName === "SELECT" && ![...field.options].some((one) => one.value === value) ? "" : value;
    }
    const ids = (searchParams.get(LIST) ?? "").split(",").filter((id) => known.has(id));
    list = [...new Set(ids)];
  }

  // --- what was picked -----------------------------------------------------------

  const rows = mine.querySelector("ol");
  const acts = mine.querySelector(".acts");
  const done = mine.querySelector(".acts-said");
  const back = mine.querySelector('[data-act="back"]');
  const field = mine.querySelector("textarea");

  function draw() {
    for (const one of questions) {
      one.button.textContent = list.includes(one.id) ? "Take off my list" : "Add to my list";
      one.row.classList.toggle("picked", list.includes(one.id));
    }
    rows.replaceChildren(...list.map((id) => item(known.get(id))));
    mine.querySelector(".none").hidden = list.length > 0;
    acts.hidden = !list.length && !emptied.length;
    for (const button of acts.querySelectorAll("button")) button.hidden = button === back ? !emptied.length : !list.length;
    way.hidden = !list.length;
    way.querySelector("span").textContent = `${counted(list.length)} on my list.`;
    field.hidden = true;
    write();
  }

  function item(one) {
    const row = make("li");
    const off = make("button", { type: "button", className: "pick", textContent: "Take off" }, { "aria-label": `Take off: ${one.text(".asked")}` });
    off.addEventListener("click", () => {
      change(one.id);
      done.textContent = `Taken off. ${counted(list.length)} on your list.`;
      mine.querySelector("h2").focus();
    });
    row.append(
      make("p", { className: "asked", textContent: one.text(".asked") }),
      make("p", { className: "to", textContent: one.text(".to") }),
      make("p", { textContent: one.text(".good") }),
      off,
    );
    return row;
  }

  function change(id) {
    list = list.includes(id) ? list.filter((other) => other !== id) : [...list, id];
    emptied = [];
    draw();
  }

  function written() {
    const lines = list.map((id, index) => {
      const one = known.get(id);
      return `${index + 1}. ${one.text(".asked")}\n   ${one.text(".to")}\n   ${one.text(".good")}`;
    });
    return `${lines.join("\n\n")}\n`;
  }

  const act = {
    async copy() {
      try {
        await navigator.clipboard.writeText(written());
        done.textContent = "Copied.";
      } catch {
        // The browser does not let a page copy: the reader can.
        field.value = written();
        field.hidden = false;
        field.focus();
        field.select();
        done.textContent = "Your browser does not let this page copy. The words are marked in the field: copy them there.";
      }
    },
    print() {
      document.documentElement.classList.add("my-questions-only");
      addEventListener("afterprint", () => document.documentElement.classList.remove("my-questions-only"), { once: true });
      print();
    },
    empty() {
      [emptied, list] = [list, []];
      draw();
      done.textContent = "The list is empty.";
      back.focus();
    },
    back() {
      [list, emptied] = [emptied, []];
      draw();
      done.textContent = `${counted(list.length)} on your list again.`;
      mine.querySelector("h2").focus();
    },
  };

  for (const one of questions) {
    one.row.querySelector(".asked").id = `${one.row.id}-ask`;
    one.row.append(one.button);
    one.button.addEventListener("click", () => change(one.id));
  }
  for (const button of acts.querySelectorAll("button")) button.addEventListener("click", () => act[button.dataset.act]());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => update(target.name === "words" ? PAUSE : 0));
  // The fields are empty only after the event.
  form.addEventListener("reset", () => setTimeout(update));
  addEventListener("popstate", () => {
    read();
    draw();
    update();
  });
  form.hidden = false;
  mine.hidden = false;
  read();
  draw();
  update();
}

document.querySelectorAll(".question-list").forEach(mount);
