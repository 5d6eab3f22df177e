// What is typed into the form of a page is kept in this browser, and offered again after a crash, a closed
// tab or a lost session (templates/drafts/_offer.html). The server keeps it as well, by htmx and by a button.
document.addEventListener("alpine:init", () => {
  const PREFIX = "draft:";
  const KEPT_FOR_MS = 30 * 24 * 3600 * 1000;
  const PAUSE_MS = 500;

  // What a form would send, but for what is no words of anybody's.
  const typedIn = (form) =>
    [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");

  const read = (place) => {
    try {
      return JSON.parse(localStorage.getItem(place));
    } catch {
      return null;
    }
  };

  function forgetOld() {
    for (const place of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
      if (!(read(place)?.at > Date.now() - KEPT_FOR_MS)) localStorage.removeItem(place);
    }
  }

  Alpine.data("draft", () => ({
    form: null,
    place: "",
    begun: "",
    isKept: true,
    isTyped: false,
    timer: 0,

    init() {
      const form = document.getElementById("page-form");
      this.form = form;
      this.place = this.$root.dataset.place;
      this.begun = JSON.stringify(typedIn(form));
      this.offer();
      form.addEventListener("input", () => this.typed());
      form.addEventListener("submit", () => this.send());
      // A tab that is closed, or a telephone that is put away, gives no other notice.
      document.addEventListener("visibilitychange", () => this.isTyped && this.keep());
      window.addEventListener("beforeunload", (event) => this.leave(event));
    },

    // What the browser has, where it is no draft of the server's, and not what stands in the form anyway.
    offer() {
      const kept = this.isSaved() ? null : read(this.place);
      if (!kept || JSON.stringify(kept.typed) === this.begun) return;
      const onServer = Number(this.$refs.kept?.dataset.keptAt ?? 0) * 1000;
      if (kept.at < onServer) return;
      if (this.$refs.kept) this.$refs.kept.hidden = true;
      this.$refs.when.textContent = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
      this.$refs.offer.hidden = false;
    },

    isSaved() {
      return [...document.querySelectorAll("[data-saved]")].some((each) => each.dataset.saved === this.place);
    },

    typed() {
      this.isTyped = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), PAUSE_MS);
    },

    keep() {
      clearTimeout(this.timer);
      try {
        forgetOld();
        const typed = typedIn(this.form);
        if (JSON.stringify(typed) !== this.begun) {
          localStorage.setItem(this.place, JSON.stringify({ at: Date.now(), typed }));
        }
        this.isKept = true;
      } catch {
        // Storage is forbidden, or full.
        this.isKept = false;
      }
    },

    // The server makes the form of it, rows of lists and all.
    takeUp() {
      const form = document.createElement("form");
      form.method = "post";
      form.action = this.$root.dataset.keepAt;
      form.hidden = true;
      const token = this.form.elements.csrfmiddlewaretoken;
      for (const [name, value] of [[token.name, token.value], ...read(this.place).typed]) {
        // An input of one line would lose the others.
        const field = document.createElement("textarea");
        field.name = name;
        field.value = value;
        form.append(field);
      }
      document.body.append(form);
      form.submit();
    },

    discard() {
      localStorage.removeItem(this.place);
      this.$refs.offer.remove();
      if (this.$refs.kept) this.$refs.kept.hidden = false;
      this.form.querySelector("input:not([type=hidden]), textarea")?.focus();
    },

    // Sending is not leaving; whether it is saved, the next page says.
    send() {
      this.keep();
      this.isTyped = false;
    },

    // Asked only where nothing keeps what was typed.
    leave(event) {
      if (this.isTyped && !this.isKept) event.preventDefault();
    },
  }));
});
