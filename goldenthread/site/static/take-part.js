// Fills in what a reader came to say, from the address. Nothing is sent: the reader copies the words.
const box = document.querySelector("[data-take-part]");
const field = box.querySelector("textarea");
const button = box.querySelector("button");
const said = box.querySelector("[role=status]");
const [page, kind, more] = field.value.trim().split("\n");
const kinds = kind.slice(kind.indexOf("(") + 1, kind.lastIndexOf(")")).split(" / ");

const asked = new URL(location.href).searchParams;
const name = asked.get("page") ?? "";
const what = kinds[Number(asked.get("kind")) - 1];
// Only what a page of this site can be called: the address may come from anybody.
const known = /^[\w/-]{1,200}$/.test(name);
const where = known ? new URL(`${document.documentElement.dataset.root}${name}.html`, location.href).href : "";
field.value = [`${page} ${where}`.trim(), what ? `I would like to say: ${what}` : kind, more, ""].join("\n");

button.hidden = false;
button.addEventListener("click", async () => {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = "Copied.";
  } catch {
    said.textContent = "They are selected: copy them with your keyboard or by holding them down.";
  }
});
