// Questions with answers to choose from. Nothing is kept here: a page that is opened again asks again.
// What became of an answer is told to the page as an event, "checked".
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function mount(box) {
  const button = box.querySelector("button");
  const verdict = box.querySelector(".self-check-verdict");
  const labels = [...box.querySelectorAll("label")];
  const reasons = box.querySelectorAll("ol > li");

  function clear() {
    verdict.replaceChildren();
    verdict.classList.remove("right", "wrong");
  }

  function check() {
    clear();
    const index = labels.findIndex((label) => label.querySelector("input").checked);
    if (index < 0) {
      verdict.append(element("p", "Choose an answer first."));
      return;
    }
    const reason = reasons[index];
    verdict.classList.add(reason.classList.contains("right") ? "right" : "wrong");
    // The letter, because whoever hears the verdict does not see which answer is marked.
    const letter = labels[index].querySelector(".letter").textContent;
    verdict.append(element("p", `Your answer: ${letter}.`), ...[...reason.childNodes].map((part) => part.cloneNode(true)));
    box.dispatchEvent(new CustomEvent("checked", { bubbles: true, detail: { letter, right: verdict.classList.contains("right") } }));
  }

  button.addEventListener("click", check);
  // A verdict belongs to the answer it was given for.
  for (const label of labels) label.addEventListener("change", clear);
  box.classList.add("ready");
}

document.querySelectorAll(".self-check").forEach(mount);
