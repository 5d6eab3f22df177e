// Tables as people paste them (from a page, from a spreadsheet), as Markdown. Pure: words in, words out.

const cellText = (text) => text.replace(/\s+/g, " ").trim().replaceAll("|", "\\|");

function fromRows(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  const line = (row) => `| ${Array.from({ length: width }, (_, at) => cellText(row[at] ?? "")).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head), `|${" --- |".repeat(width)}`, ...body.map(line)].join("\n");
}

// The one table of what was copied; a text that only holds a table somewhere stays text.
function fromPage(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const tables = page.querySelectorAll("table");
  const words = (element) => element.textContent.replace(/\s+/g, "");
  if (tables.length !== 1 || words(tables[0]) !== words(page.body)) return null;
  return [...tables[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent));
}

// Lines of as many cells each, parted by tabs.
function fromSpreadsheet(text) {
  const rows = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
  const isTable = rows.length > 1 && rows[0].length > 1 && rows.every((row) => row.length === rows[0].length);
  return isTable ? rows : null;
}

// What was pasted, as a table of Markdown; null where it is none.
export function tableOf(clipboard) {
  const rows = fromPage(clipboard.getData("text/html")) ?? fromSpreadsheet(clipboard.getData("text/plain"));
  return rows?.length > 1 ? fromRows(rows) : null;
}
