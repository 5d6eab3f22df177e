// `[[` and `[@` in a text are completed by the server's own names, at the branch that the form is of.
// Arrows choose, Enter takes, Escape goes on typing.

const PAUSE_MS = 150;
const FORMS = [
  { begun: /\[\[([^[\]|\n]{1,60})$/, of: "pages", end: "]]" },
  { begun: /\[@([a-z0-9-][^[\]\n]{0,60})$/i, of: "sources", end: "]" },
];

// Where the caret is, from the box' upper left: a copy of the box, with a mark where the text before it ends.
function caretIn(area) {
  const copy = document.createElement("div");
  const look = getComputedStyle(area);
  for (const name of ["fontFamily", "fontSize", "lineHeight", "letterSpacing", "padding", "border", "boxSizing"]) {
    copy.style[name] = look[name];
  }
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap" });
  Object.assign(copy.style, { overflowWrap: "break-word", width: `${area.clientWidth}px` });
  const mark = document.createElement("span");
  mark.textContent = "|";
  copy.append(area.value.slice(0, area.selectionStart), mark);
  area.parentElement.append(copy);
  const at = { left: mark.offsetLeft, top: mark.offsetTop + mark.offsetHeight - area.scrollTop };
  copy.remove();
  return at;
}

document.addEventListener("alpine:init", () => {
  Alpine.data("completion", () => ({
    area: null,
    timer: 0,
    asked: "",
    at: 0,

    init() {
      this.area = this.$root.querySelector("textarea");
      this.area.setAttribute("aria-autocomplete", "list");
      this.area.setAttribute("aria-controls", this.$refs.options.id);
      this.area.addEventListener("input", () => this.typed());
      this.area.addEventListener("keydown", (event) => this.pressed(event));
      this.area.addEventListener("blur", () => this.close());
    },

    form() {
      const before = this.area.value.slice(0, this.area.selectionStart);
      for (const form of FORMS) {
        const words = form.begun.exec(before)?.[1];
        if (words) return { ...form, words };
      }
      return null;
    },

    typed() {
      clearTimeout(this.timer);
      const form = this.form();
      if (form) this.timer = setTimeout(() => this.ask(form), PAUSE_MS);
      else this.close();
    },

    async ask({ of, words }) {
      const address = `${this.$root.dataset[of]}?${new URLSearchParams({ q: words })}`;
      this.asked = address;
      const answer = await fetch(address).catch(() => null);
      // Something else was typed meanwhile, or nobody answers: one goes on typing.
      if (!answer?.ok || this.asked !== address || !this.form()) return;
      this.$refs.options.innerHTML = await answer.text();
      this.options().length ? this.open() : this.close();
    },

    options() {
      return [...this.$refs.options.children];
    },

    open() {
      const list = this.$refs.options;
      const { left, top } = caretIn(this.area);
      list.hidden = false;
      list.style.top = `${this.area.offsetTop + Math.min(top, this.area.clientHeight)}px`;
      const most = this.area.offsetLeft + this.area.clientWidth - list.offsetWidth;
      list.style.left = `${Math.max(0, Math.min(this.area.offsetLeft + left, most))}px`;
      for (const [number, option] of this.options().entries()) option.id = `${list.id}-${number}`;
      this.choose(0);
      const count = this.options().length;
      this.$refs.count.textContent = `${count} to choose from. Arrows choose, Enter takes, Escape closes.`;
    },

    close() {
      this.asked = "";
      this.$refs.options.hidden = true;
      this.$refs.count.textContent = "";
      this.area.removeAttribute("aria-activedescendant");
    },

    choose(at) {
      this.at = at;
      for (const [number, option] of this.options().entries()) {
        option.setAttribute("aria-selected", String(number === at));
      }
      this.options()[at].scrollIntoView({ block: "nearest" });
      this.area.setAttribute("aria-activedescendant", this.options()[at].id);
    },

    pressed(event) {
      if (this.$refs.options.hidden) return;
      const count = this.options().length;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) this.choose((this.at + step + count) % count);
      else if (event.key === "Enter" || event.key === "Tab") this.take(this.options()[this.at]);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
    },

    // The box keeps the focus, or its list would close before it is clicked.
    point(event) {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    },

    take(option) {
      const form = this.form();
      this.close();
      if (!form) return;
      const end = this.area.selectionStart;
      this.area.setSelectionRange(end - form.words.length, end);
      document.execCommand("insertText", false, `${option.dataset.written}${form.end}`);
    },
  }));
});
