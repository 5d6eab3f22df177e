// The form of a page: what was changed so far, the sections of the chosen category, a preview that keeps up,
// and Ctrl+S (templates/pages/edit.html).
document.addEventListener("alpine:init", () => {
  const PAUSE_MS = 1500;

  // Whatever is typed or chosen in a field, its rows in their order; an empty row says nothing.
  function said(field) {
    const controls = [...field.querySelectorAll("input, select, textarea")];
    const told = controls.filter((each) => each.name && each.type !== "hidden" && !/-more$/.test(each.name));
    const values = told.map((each) => (/checkbox|radio/.test(each.type) ? each.checked && each.value : each.value));
    return JSON.stringify(values.filter(Boolean));
  }

  // What each field said at first. Not among the data of the component: Alpine would watch every one of them.
  let begun = new Map();

  Alpine.data("edit", () => ({
    preview: null,
    timer: 0,
    isAsked: false,

    init() {
      const form = this.$root;
      this.preview = document.getElementById("preview");
      begun = new Map([...form.querySelectorAll("[data-field]")].map((field) => [field, said(field)]));
      form.addEventListener("input", () => this.typed());
      form.addEventListener("change", (event) => event.target.name === "category" && this.sort(event.target.value));
      document.addEventListener("keydown", (event) => this.pressed(event));
      form.querySelector('[value="preview"]').addEventListener("click", () => (this.isAsked = true));
      document.addEventListener("htmx:after:swap", () => this.isAsked && this.shown());
      this.tell(() => false);
    },

    typed() {
      this.tell();
      clearTimeout(this.timer);
      if (this.preview.childElementCount) this.timer = setTimeout(() => this.renew(), PAUSE_MS);
    },

    // Which fields say something else than the page: those that the server found, and those typed in since.
    tell(isTyped = (field) => said(field) !== begun.get(field)) {
      const isChanged = (field) => field.dataset.changed !== undefined || isTyped(field);
      const names = [...begun.keys()].filter(isChanged).map((field) => field.dataset.field);
      const words = names.length ? `Changed so far: ${names.join(", ")}.` : "Nothing is changed so far.";
      if (this.$refs.changed.textContent !== words) this.$refs.changed.textContent = words;
    },

    // A preview that is open shows what is typed, not what was.
    renew() {
      this.preview.dispatchEvent(new CustomEvent("renew"));
    },

    // Where there is no room beside the form, the preview is below it.
    shown() {
      if (!this.preview.childElementCount) return;
      this.isAsked = false;
      if (this.preview.getBoundingClientRect().top > innerHeight) this.preview.scrollIntoView();
    },

    pressed(event) {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      this.$root.requestSubmit(this.$root.querySelector('.form-bar [value="save"]'));
    },

    // The sections that fit a category stand in the form, and whatever has words in it; others are folded away.
    sort(category) {
      const others = this.$root.querySelector("[data-other-groups]");
      if (!others) return;
      for (const group of this.$root.querySelectorAll("[data-of-category]")) {
        const fits = group.dataset.ofCategory === category;
        if (fits && others.contains(group)) others.before(group);
        else if (!fits && !others.contains(group) && said(group) === "[]") others.append(group);
        if (fits) group.open = true;
      }
    },
  }));
});
