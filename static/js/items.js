// Rows of a list of items (versioning/templates/versioning/items.html): added, moved and removed on the spot.
// Rows keep their places and their numbers. What stands in them moves, the hidden identity with it.
document.addEventListener("alpine:init", () => {
  const inputs = (row) => [...row.querySelectorAll("input, textarea, select")];
  const isTicked = (input) => input.matches("[type=checkbox], [type=radio]");

  const read = (row) => inputs(row).map((input) => (isTicked(input) ? input.checked : input.value));

  function write(row, values) {
    for (const [at, input] of inputs(row).entries()) {
      if (isTicked(input)) input.checked = values[at];
      else input.value = values[at];
    }
  }

  const empty = (row) => write(row, read(row).map((value) => (value === true ? false : "")));

  function swap(row, other) {
    const values = read(row);
    write(row, read(other));
    write(other, values);
  }

  function renumber(row, place) {
    const numbered = (text) => text.replace(/row \d+/i, (said) => said.replace(/\d+/, place + 1));
    row.setAttribute("aria-label", numbered(row.getAttribute("aria-label")));
    for (const hint of row.querySelectorAll(".sr-only")) hint.textContent = numbered(hint.textContent);
    for (const button of row.querySelectorAll("button")) {
      button.value = button.value.replace(/\d+$/, place);
    }
    for (const element of row.querySelectorAll("[name], [id], [for], [list]")) {
      for (const name of ["name", "id", "for", "list", "hx-get", "hx-target"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(/-\d+-(?=[a-z_]+$)/, `-${place}-`));
      }
    }
  }

  Alpine.data("items", () => ({
    rows() {
      return [...this.$refs.rows.children];
    },

    // Add a row: one more is a copy of the last, emptied.
    add() {
      const row = this.rows().at(-1).cloneNode(true);
      renumber(row, this.rows().length);
      empty(row);
      this.$refs.rows.append(row);
      this.settle();
      window.htmx?.process(row);
      this.focus(row);
    },

    press(event) {
      const button = event.target.closest("button");
      const row = button?.closest(".items-row");
      if (row?.parentElement !== this.$refs.rows) return;
      event.preventDefault();
      const what = button.value.split("-")[0];
      const place = this.rows().indexOf(row);
      if (what === "remove") this.remove(place);
      else this.move(place, what === "up" ? place - 1 : place + 1, what);
      // The form has unsaved words now (static/js/site.js).
      row.parentElement.dispatchEvent(new Event("input", { bubbles: true }));
    },

    move(from, to, what) {
      swap(this.rows()[from], this.rows()[to]);
      this.focus(this.rows()[to], what);
      this.say(`Row ${from + 1} is row ${to + 1} now.`);
    },

    // What is below moves up; one row always stays, to be filled in.
    remove(place) {
      const below = this.rows().slice(place);
      for (const [at, row] of below.entries()) {
        if (at) swap(below[at - 1], row);
      }
      const last = below.at(-1);
      if (this.rows().length > 1) last.remove();
      else empty(last);
      this.settle();
      this.focus(this.rows()[Math.min(place, this.rows().length - 1)], "remove");
      this.say(`Row ${place + 1} is removed.`);
    },

    // How many rows there are, and which buttons lead nowhere.
    settle() {
      const rows = this.rows();
      this.$refs.count.value = rows.length;
      for (const [place, row] of rows.entries()) {
        for (const button of row.querySelectorAll(":scope > .items-buttons > button")) {
          const isLast = place === rows.length - 1;
          button.disabled = button.value === "up-0" || (isLast && button.value.startsWith("down-"));
        }
      }
    },

    // A row's button; where it has none such that works, the next one; its first input otherwise.
    focus(row, what) {
      const works = (name) => row.querySelector(`button[value^="${name}-"]:enabled`);
      const first = row.querySelector("input:not([type=hidden]), select, textarea");
      (what ? (works(what) ?? works("up") ?? works("down")) : first)?.focus();
    },

    say(sentence) {
      this.$refs.said.textContent = `${sentence} Nothing is saved yet.`;
    },
  }));
});
