// What every page does beyond HTML. All of it is extra: without it the page still works.

// htmx itself begins in a timer, on a slow machine after the first keys: what asks by it is ready now.
// (Not the whole page, each of whose elements htmx will look at; nor fields, which ask once they are left.)
for (const asking of document.querySelectorAll("[hx-get]:not(.field), [hx-post]")) htmx.process(asking);

// A whole page (of the sign-in, say) is gone to: it never stands in a part of this one.
document.addEventListener("htmx:before:swap", (event) => {
  const { text, target, select, response } = event.detail.ctx;
  const isSelected = select && response.raw.ok;
  if (isSelected || target === document.body || !/^\s*<!doctype/i.test(text)) return;
  event.preventDefault();
  location.assign(response.raw.url);
});

// The theme chooser, in the footer: shown only where it can work.
for (const chooser of document.querySelectorAll("[data-theme-chooser]")) {
  const select = chooser.querySelector("select");
  select.value = document.documentElement.dataset.theme ?? "";
  select.addEventListener("change", () => {
    if (select.value) document.documentElement.dataset.theme = select.value;
    else delete document.documentElement.dataset.theme;
    try {
      if (select.value) localStorage.setItem("theme", select.value);
      else localStorage.removeItem("theme");
    } catch {
      // Storage is forbidden here: the choice lasts for this page.
    }
  });
  chooser.hidden = false;
}

// A form of one choice is sent by choosing.
for (const form of document.querySelectorAll("form[data-send-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
  form.querySelector("button").hidden = true;
}

// A form with unsaved words asks before it is left; sending it is not leaving it.
for (const form of document.querySelectorAll("form[data-keep]")) {
  let isChanged = false;
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
}

// What is saved, or discarded, need not be kept in this browser any more (draft.js).
for (const said of document.querySelectorAll("[data-saved]")) {
  try {
    localStorage.removeItem(said.dataset.saved);
  } catch {
    // Storage is forbidden here: nothing was kept.
  }
}

// What may take long says so once it is sent, and for how long by now, and is not sent twice.
function tellProgress(button, doing) {
  const began = Date.now();
  const tell = () => {
    const seconds = Math.round((Date.now() - began) / 1000);
    button.textContent = seconds > 1 ? `${doing}, ${seconds} s …` : `${doing} …`;
  };
  tell();
  setInterval(tell, 1000);
}

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.ariaBusy === "true") return event.preventDefault();
    form.ariaBusy = "true";
    if (event.submitter) tellProgress(event.submitter, event.submitter.dataset.busy || "Under way");
  });
  // Back from the page that followed: it can be sent again.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}
