// What a reader can take away from a panel: a table, a picture, a link, a frame for another page.
import { picture } from "./charts.js";
import { make } from "./picker.js";
import { save } from "./save.js";

export function mountTools(panel, { address, fill }) {
  const { place, block } = panel;
  const box = place.querySelector(".tool-box");
  const source = () => place.querySelector("p.source").textContent;
  const hash = `#${place.id}`;
  const acts = {
    csv: async () => {
      await fill();
      save(`${name(panel)}.csv`, new Blob([csv(place.querySelector('[data-slot="periods"]'))], { type: "text/csv" }));
    },
    trend: async () => save(`${name(panel)}.png`, await picture(panel.charts.trend, source())),
    strip: async () => save(`${name(panel)}-councils.png`, await picture(panel.charts.strip, source())),
    link: () => give(box, { label: "The link to this panel", words: address(hash).href }),
    embed: () => give(box, { label: "For the code of another page", words: frame(address(""), block.id, panel) }),
  };
  for (const button of place.querySelectorAll("[data-tool]")) {
    button.addEventListener("click", async () => {
      try {
        await acts[button.dataset.tool]();
      } catch {
        tell(box, "That did not work: a file could not be loaded. Try again in a while.");
      }
    });
  }
}

const name = ({ block, entry }) =>
  `${block.id}-${entry.name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`;

// A mark at the beginning tells spreadsheets that the text is UTF-8. What a spreadsheet might take
// for a formula is only ever a name or a figure of ours.
function csv(table) {
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [...table.rows].map((row) => [...row.cells].map((cell) => quoted(cell.textContent)).join(","));
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

function frame(address, id, { entry }) {
  const page = new URL(`${document.documentElement.dataset.root}embed/${id}.html`, location.href);
  page.search = address.search;
  const title = entry.title.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<iframe src="${page.href.replaceAll("&", "&amp;")}" title="${title}" width="100%" height="1600" loading="lazy"></iframe>`;
}

function tell(box, words) {
  box.hidden = false;
  box.replaceChildren(make("p", { textContent: words }, { role: "status" }));
}

// The words stand there to be copied by hand, too: not every page may write to the clipboard.
async function give(box, { label, words }) {
  const field = make("textarea", { value: words, readOnly: true, rows: 3 });
  const said = make("span", {}, { role: "status" });
  const title = make("label", { textContent: `${label} ` });
  title.append(said, field);
  box.hidden = false;
  box.replaceChildren(title);
  field.focus({ preventScroll: true });
  field.select();
  try {
    await navigator.clipboard.writeText(words);
    said.textContent = "(copied)";
  } catch {
    said.textContent = "(select and copy it)";
  }
}
