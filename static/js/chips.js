// A field that names several pages, as a list that one adds to and takes from (templates/components/pages_input.html).
// The box of lines stays what is sent.
document.addEventListener("alpine:init", () => {
  Alpine.data("chips", () => ({
    // Told here, or they would be those of the component around it.
    lines: null,
    input: null,

    init() {
      this.lines = this.$root.querySelector("textarea");
      this.input = this.$refs.box.querySelector("input");
      // What leads to the box leads to the input now: its label, an error, the outline.
      const { id } = this.lines;
      this.lines.id = `${id}-lines`;
      this.input.id = id;
      const help = this.lines.getAttribute("aria-describedby");
      if (help) this.input.setAttribute("aria-describedby", help);
      this.$refs.hint.hidden = true;
      this.lines.hidden = true;
      this.$refs.box.hidden = false;
      this.input.addEventListener("input", (event) => this.typed(event));
      this.input.addEventListener("change", () => this.add());
      this.input.addEventListener("keydown", (event) => this.pressed(event));
      this.lines.form.addEventListener("submit", () => this.add());
      this.show();
    },

    names() {
      return this.lines.value.split("\n").map((line) => line.trim()).filter(Boolean);
    },

    show() {
      this.$refs.chips.replaceChildren(...this.names().map((name) => this.chip(name)));
    },

    chip(name) {
      const chip = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "×";
      button.setAttribute("aria-label", `Remove ${name}`);
      chip.append(name, button);
      return chip;
    },

    // An option that is chosen is there at once; what is typed, when one leaves or presses Enter.
    typed(event) {
      event.stopPropagation();
      const isOption = [...this.input.list.options].some((option) => option.value === this.input.value);
      if (isOption && event.inputType !== "insertText") this.add();
    },

    pressed(event) {
      // Enter never sends the form from here: the name may just have become a chip.
      if (event.key === "Enter") {
        event.preventDefault();
        this.add();
      } else if (event.key === "Backspace" && !this.input.value) {
        this.remove(this.names().length - 1);
      }
    },

    add() {
      const name = this.input.value.trim();
      if (!name) return;
      this.input.value = "";
      this.put([...this.names(), name], `${name} is added.`);
    },

    press(event) {
      const chip = event.target.closest("button")?.parentElement;
      if (!chip) return;
      this.remove([...this.$refs.chips.children].indexOf(chip));
      this.input.focus();
    },

    remove(at) {
      const names = this.names();
      const [name] = names.splice(at, 1);
      if (name) this.put(names, `${name} is removed.`);
    },

    put(names, said) {
      this.lines.value = names.join("\n");
      this.show();
      this.$refs.said.textContent = said;
      // The form has other words now: it keeps them, and asks whether there are such pages.
      for (const sort of ["input", "change"]) this.lines.dispatchEvent(new Event(sort, { bubbles: true }));
    },
  }));
});
