// Before the first paint: the theme that was chosen, else that of the system. A file of its own, since the page's
// policy lets no script in its text.
(() => {
  const chosen = localStorage.getItem("holdfast.theme");
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
