// Sets the chosen theme before the first paint: loaded in the head, and blocking for that.
// Without a choice the system decides, in CSS. The chooser is in site.js.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden here: the system decides.
}
