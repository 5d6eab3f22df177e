// The bar of time as something to be held: drag along the ticks, and let go to travel there.
// Without this each tick is a link, and so are the changes before and after.

const ticks = document.querySelector("[data-ticks]");
const links = ticks ? [...ticks.querySelectorAll("a")] : [];
const said = document.querySelector(".time-at span");
let pointed = null;

const nearest = (x) =>
  links.reduce((best, link) => {
    const distance = Math.abs(middle(link) - x);
    return distance < Math.abs(middle(best) - x) ? link : best;
  });

const middle = (link) => {
  const box = link.getBoundingClientRect();
  return box.left + box.width / 2;
};

const point = (link) => {
  if (link === pointed) return;
  pointed?.classList.remove("is-pointed");
  pointed = link;
  pointed?.classList.add("is-pointed");
  if (link) said.textContent = link.title;
};

// By keyboard one steps from change to change: the ticks themselves need no stop each.
for (const link of links) link.tabIndex = link.hasAttribute("aria-current") ? 0 : -1;

if (links.length > 1) {
  ticks.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    ticks.setPointerCapture(event.pointerId);
    point(nearest(event.clientX));
  });
  ticks.addEventListener("pointermove", (event) => {
    if (ticks.hasPointerCapture(event.pointerId)) point(nearest(event.clientX));
  });
  ticks.addEventListener("pointerup", (event) => {
    if (ticks.hasPointerCapture(event.pointerId) && pointed) pointed.click();
  });
  ticks.addEventListener("pointercancel", () => point(null));
  ticks.addEventListener("dragstart", (event) => event.preventDefault());
}

// [ and ] go to the changes before and after, n to now, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const way = { "[": "a[rel=prev].time-step", "]": "a[rel=next].time-step", n: "[data-now]" }[event.key];
  if (way) document.querySelector(way)?.click();
});

// A list that was narrowed since it was loaded has another address by now, and stays narrowed in time.
const bar = document.querySelector(".time[data-keeps-query]");
bar?.addEventListener("click", (event) => {
  const link = event.target.closest(".ticks a, a.time-step");
  if (link) link.search = location.search;
});
bar?.querySelector("form[action='/travel/']").addEventListener("submit", (event) => {
  const path = event.target.elements.path;
  path.value = path.value.split("?")[0] + location.search;
});

// Played, the page goes on from change to change by itself, until there is none or somebody pauses it.
const PLAYED = "played";
const STEP_MS = 1500;
const player = document.querySelector("[data-play]");
const following = document.querySelector("a[rel=next].time-step");
let step = null;

function goTo(link) {
  sessionStorage.setItem(PLAYED, link.href);
  link.click();
}

function play() {
  player.textContent = "Pause";
  step = setTimeout(goTo, STEP_MS, following);
}

function pause() {
  player.textContent = "Play";
  step = clearTimeout(step);
}

if (player && links.length > 2) {
  const isPlayed = sessionStorage.getItem(PLAYED) === location.href;
  player.hidden = false;
  player.addEventListener("click", () => {
    if (step) pause();
    else if (following) play();
    else goTo(links[0]);
  });
  window.addEventListener("pagehide", pause);
  if (isPlayed) {
    player.focus({ preventScroll: true });
    if (following) play();
  }
  sessionStorage.removeItem(PLAYED);
}
