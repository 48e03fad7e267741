// Tables as files: CSV, and a workbook of the simplest kind that Excel and LibreOffice open
// (ECMA-376, texts in the cells, parts stored without compression). A cell is a text, a number or
// null; a text is never a formula.
const MARK = "\uFEFF";
// A spreadsheet takes a text that begins so for a formula, and would run it.
const safe = (text) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);

export function csv(rows) {
  const cell = (value) => {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    const text = safe(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${MARK}${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const MOST = 32_000; // letters in a cell; Excel allows 32 767

// XML allows few control characters, and Excel refuses a file with any other.
const escaped = (text) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

function column(at) {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : column(Math.floor(at / 26) - 1) + letter;
}

function cell(value, reference, style) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "number") return `<c r="${reference}"${style}><v>${value}</v></c>`;
  const text = escaped(value.slice(0, MOST));
  return `<c r="${reference}"${style} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

function sheet(rows) {
  const widths = [];
  for (const row of rows) row.forEach((value, at) => {
    widths[at] = Math.min(60, Math.max(widths[at] ?? 10, String(value ?? "").length + 2));
  });
  const cols = [...widths].map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width ?? 10}" customWidth="1"/>`);
  const lines = rows.map((row, down) => {
    const cells = row.map((value, at) => cell(value, `${column(at)}${down + 1}`, down ? "" : ' s="1"'));
    return `<row r="${down + 1}">${cells.join("")}</row>`;
  });
  const frozen = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  return `${HEAD}<worksheet xmlns="${MAIN}">${frozen}${cols.length ? `<cols>${cols.join("")}</cols>` : ""}<sheetData>${lines.join("")}</sheetData></worksheet>`;
}

// Excel takes 31 letters, none of these signs, and no name twice.
function titles(sheets) {
  const taken = new Set();
  return sheets.map(({ name }) => {
    const clean = name.replace(/[\\/*?:[\]]/g, " ").replace(/^'+|'+$/g, "").trim() || "Table";
    let title = clean.slice(0, 31).trim();
    for (let number = 2; taken.has(title.toLowerCase()); number++) title = `${clean.slice(0, 27).trim()} ${number}`;
    taken.add(title.toLowerCase());
    return title;
  });
}

export function xlsx(sheets) {
  const names = titles(sheets);
  const each = (template) => names.map((name, at) => template(at + 1, escaped(name))).join("");
  const parts = {
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${KIND}.styles+xml"/>${each((at) => `<Override PartName="/xl/worksheets/sheet${at}.xml" ContentType="${KIND}.worksheet+xml"/>`)}</Types>`,
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((at, name) => `<sheet name="${name}" sheetId="${at}" r:id="rId${at}"/>`)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((at) => `<Relationship Id="rId${at}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at}.xml"/>`)}<Relationship Id="rId${names.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Arial"/></font><font><b/><sz val="11"/><name val="Arial"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
  };
  sheets.forEach(({ rows }, at) => {
    parts[`xl/worksheets/sheet${at + 1}.xml`] = sheet(rows);
  });
  return zip(parts);
}

// --- the archive ------------------------------------------------------------------

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = table[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

// Little-endian numbers of 2 and 4 bytes.
function numbers(fields) {
  const made = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) made.setUint16(at, value, true);
    else made.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(made.buffer);
}

const DAY = 0x21; // 1 January 1980: the same tables give the same file

function zip(parts) {
  const encoder = new TextEncoder();
  const body = [];
  const directory = [];
  let offset = 0;
  for (const [path, text] of Object.entries(parts)) {
    const name = encoder.encode(path);
    const bytes = encoder.encode(text);
    const shared = [[2, 20], [2, 0x0800], [2, 0], [2, 0], [2, DAY], [4, checksum(bytes)], [4, bytes.length], [4, bytes.length], [2, name.length], [2, 0]];
    const local = numbers([[4, 0x04034b50], ...shared]);
    body.push(local, name, bytes);
    directory.push(numbers([[4, 0x02014b50], [2, 20], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), name);
    offset += local.length + name.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = Object.keys(parts).length;
  const end = numbers([[4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]]);
  const all = [...body, ...directory, end];
  const made = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}
