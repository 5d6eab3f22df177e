// The search box as a combobox, and as a palette: "/" or Ctrl+K (⌘K) from anywhere. The server makes
// the options (wiki/search/suggestions.py); htmx asks for them. Without this it is a form.

const boxes = [...document.querySelectorAll("[data-search-box]")];

function combine(box) {
  const list = document.getElementById(box.dataset.searchBox);
  const said = box.form.querySelector("[aria-live]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  list.role = "listbox";
  list.ariaLabel = "Suggestions";
  box.role = "combobox";
  box.ariaAutoComplete = "list";
  box.ariaExpanded = "false";
  box.setAttribute("aria-controls", list.id);

  function close() {
    list.hidden = true;
    box.ariaExpanded = "false";
    said.textContent = "";
    choose(null);
  }

  function open() {
    const count = options().length;
    if (!count) return close();
    list.hidden = false;
    box.ariaExpanded = "true";
    said.textContent = `${count} suggestion${count === 1 ? "" : "s"}, to be reached by the arrow keys.`;
  }

  function choose(option) {
    if (active()) active().ariaSelected = "false";
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.ariaSelected = "true";
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  // Beyond the last option, and before the first, is the box itself.
  function move(step) {
    if (list.hidden) return box.dispatchEvent(new Event("offer"));
    const places = [null, ...options()];
    choose(places.at((places.indexOf(active()) + step) % places.length));
  }

  // What comes for a box that was left meanwhile, or closed, stays unseen.
  box.addEventListener("htmx:after:swap", () => {
    for (const [place, option] of options().entries()) option.id = `${list.id}-${place}`;
    choose(null);
    if (document.activeElement === box) open();
  });

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && active()) active().click();
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });

  box.form.addEventListener("focusout", (event) => {
    if (!box.form.contains(event.relatedTarget)) close();
  });
  window.addEventListener("pageshow", close);
}

for (const box of boxes) combine(box);

// "/" goes to the box as readers of encyclopaedias expect, unless they are typing; Ctrl+K from anywhere.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping;
  const isPalette = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!boxes.length || !(isSlash || isPalette)) return;
  event.preventDefault();
  boxes[0].focus();
  boxes[0].select();
  boxes[0].dispatchEvent(new Event("offer"));
});
