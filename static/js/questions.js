// A form of questions (templates/proposals/conflicts.html): keys choose a card, typing chooses one's own
// answer, the button names what it keeps, and nobody leaves what is not kept without being asked.
document.addEventListener("alpine:init", () => {
  const isText = (element) => element?.matches?.("input:not([type=radio]), textarea, select");

  // What a key or a word is about: a passage of a text, or a question.
  const around = (element) => element?.closest?.("[data-passage], [data-question]");

  const cards = (group) =>
    [...group.querySelectorAll(".conflict-head input[type=radio]")].filter((radio) => around(radio) === group);

  function choose(radio) {
    if (!radio || radio.checked) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Whoever chooses a passage answers by passages; who chooses a whole text does not.
  function chooseAround(radio) {
    const passage = radio.closest("[data-passage]");
    if (!passage) return;
    choose(passage.closest("[data-question]").querySelector("[type=radio][value=passages]"));
  }

  const isChanged = (field) =>
    field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

  Alpine.data("questions", () => ({
    isSent: false,

    init() {
      const form = this.$root;
      form.addEventListener("input", (event) => this.typed(event.target));
      form.addEventListener("change", (event) => this.chosen(event.target));
      form.addEventListener("submit", () => (this.isSent = true));
      document.addEventListener("keydown", (event) => this.pressed(event));
      document.addEventListener("htmx:after:swap", () => this.answered());
      window.addEventListener("beforeunload", (event) => this.leave(event));
      this.settle();
    },

    // Typing an answer of one's own chooses it.
    typed(field) {
      if (!isText(field)) return;
      choose(field.closest(".conflict-own")?.querySelector("input[type=radio]"));
    },

    chosen(radio) {
      if (radio.type !== "radio") return;
      this.isSent = false;
      chooseAround(radio);
      this.settle();
    },

    // 1, 2, 3 choose a card of the question one is in; Enter keeps the answer. Elsewhere on the page they
    // do nothing: whoever speaks to the computer would press them unawares (WCAG 2.1.4).
    pressed(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const within = around(event.target);
      if (!within) return;
      if (event.key === "Enter" && event.target.type !== "textarea" && !event.target.matches("a, button, summary")) {
        event.preventDefault();
        within.closest("[data-question]").querySelector("[data-keep-one]")?.click();
        return;
      }
      if (isText(event.target) || !/^[1-9]$/.test(event.key)) return;
      const card = cards(within.querySelector("[data-passage]") ?? within)[event.key - 1];
      if (!card) return;
      event.preventDefault();
      choose(card);
      card.focus();
    },

    // Each button says what it keeps.
    settle() {
      for (const button of this.$root.querySelectorAll("[data-keep-one]")) {
        const question = button.closest("[data-question]");
        const says = question.querySelector(`[name="${question.id}"]:checked`)?.dataset.says;
        button.textContent = says ? `Keep ${says}` : "Keep this answer";
      }
      for (const hint of this.$root.querySelectorAll("[data-keys]")) hint.hidden = false;
    },

    // An answer was kept: on to the next question.
    answered() {
      this.isSent = false;
      this.settle();
      const next = this.$root.querySelector("[data-question] .field-errors, [data-question]");
      (next?.closest("[data-question]")?.querySelector("input[type=radio]") ?? this.$root.querySelector("a.btn"))?.focus();
    },

    leave(event) {
      const fields = [...this.$root.querySelectorAll("input:not([type=hidden]), textarea")];
      const isTyped = this.$root.querySelector("[data-typed]") !== null || fields.some(isChanged);
      if (isTyped && !this.isSent) event.preventDefault();
    },
  }));
});
