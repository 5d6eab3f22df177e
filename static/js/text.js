// Writing Markdown in a plain box (templates/components/text.html): tools, keys, tables that are pasted. What
// they write goes in as if typed, so that the browser's own undo takes it back.
import { tableOf } from "./tables.js";

const TABLE = "| Name | Figure |\n| --- | --- |\n|  |  |";

const KEYS = { b: "bold", i: "italic", k: "link" };

// Put text in the place of what is chosen, and choose a part of it; undone in one step.
function write(area, text, from = text.length, to = from) {
  const start = area.selectionStart;
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + from, start + to);
}

const chosen = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

// Whether stars at an edge of what is chosen have the sign among them: *** is * and **.
const hasSign = (stars, sign) => (sign.length === 1 ? stars.length % 2 === 1 : stars.length >= sign.length);

// Marks on both sides of what is chosen; taken away where they are there already.
function mark(area, sign, words) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const text = chosen(area);
  const [before] = /\**$/.exec(value.slice(0, start));
  const [after] = /^\**/.exec(value.slice(end));
  if (hasSign(before, sign) && hasSign(after, sign)) {
    area.setSelectionRange(start - sign.length, end + sign.length);
    return write(area, text, 0, text.length);
  }
  const marked = text || words;
  write(area, `${sign}${marked}${sign}`, sign.length, sign.length + marked.length);
}

// A sign before each line that is chosen; taken away where all of them have it.
function begin(area, sign) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const rest = area.value.indexOf("\n", area.selectionEnd);
  area.setSelectionRange(start, rest < 0 ? area.value.length : rest);
  const lines = chosen(area).split("\n");
  const isBegun = lines.every((line) => line.startsWith(sign));
  const text = lines.map((line) => (isBegun ? line.slice(sign.length) : `${sign}${line}`)).join("\n");
  write(area, text);
}

function link(area) {
  const text = chosen(area);
  if (/^https?:\/\/\S+$/.test(text)) return write(area, `[](${text})`, 1);
  const words = text || "words";
  write(area, `[${words}](https://)`, words.length + 3, words.length + 11);
}

// On lines of its own.
function block(area, text) {
  const before = area.value.slice(0, area.selectionStart);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  write(area, `${gap}${text}\n`);
}

const TOOLS = {
  bold: (area) => mark(area, "**", "bold"),
  italic: (area) => mark(area, "*", "italic"),
  heading: (area) => begin(area, "## "),
  list: (area) => begin(area, "- "),
  link,
  // What comes next is completed (completion.js).
  page: (area) => write(area, `[[${chosen(area)}`),
  citation: (area) => write(area, `[@${chosen(area)}`),
  table: (area) => block(area, TABLE),
};

document.addEventListener("alpine:init", () => {
  Alpine.data("text", () => ({
    area: null,
    buttons: [],

    init() {
      this.area = this.$root.querySelector("textarea");
      this.buttons = [...this.$refs.tools.querySelectorAll("button")];
      this.$refs.tools.hidden = false;
      this.stopAt(this.buttons[0]);
      this.area.addEventListener("keydown", (event) => this.pressed(event));
      this.area.addEventListener("paste", (event) => this.pasted(event));
    },

    use(event) {
      const button = event.target.closest("[data-tool]");
      if (button) TOOLS[button.dataset.tool](this.area);
    },

    pressed(event) {
      const tool = KEYS[event.key.toLowerCase()];
      if (!tool || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      TOOLS[tool](this.area);
    },

    pasted(event) {
      const table = tableOf(event.clipboardData);
      if (!table) return;
      event.preventDefault();
      block(this.area, table);
    },

    // The tools are one stop of the tabulator; arrows lead from one to the next.
    walk(event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const count = this.buttons.length;
      this.stopAt(this.buttons[(this.buttons.indexOf(event.target) + step + count) % count]).focus();
    },

    stopAt(button) {
      for (const each of this.buttons) each.tabIndex = each === button ? 0 : -1;
      return button;
    },
  }));
});
