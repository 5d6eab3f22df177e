// Rows of a list of items (templates/components/items.html): one more is a copy of the last, emptied.
document.addEventListener("alpine:init", () => {
  Alpine.data("items", () => ({
    add() {
      const rows = this.$refs.rows;
      const count = Number(this.$refs.count.value);
      const row = rows.lastElementChild.cloneNode(true);
      for (const element of row.querySelectorAll("[name], [id], [for], [list]")) {
        for (const name of ["name", "id", "for", "list", "hx-get", "hx-target"]) {
          const value = element.getAttribute(name);
          if (value) element.setAttribute(name, value.replace(/-\d+-(?=[a-z_]+$)/, `-${count}-`));
        }
        if (element.matches("input, textarea, select")) element.value = "";
      }
      const renumbered = (text) => text.replace(/row \d+/i, (said) => said.replace(/\d+/, count + 1));
      row.setAttribute("aria-label", renumbered(row.getAttribute("aria-label")));
      for (const hint of row.querySelectorAll("label > span")) {
        hint.textContent = renumbered(hint.textContent);
      }
      rows.append(row);
      this.$refs.count.value = count + 1;
      window.htmx?.process(row);
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    },
  }));
});
