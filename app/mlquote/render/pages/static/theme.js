// The theme that was chosen here before, set before anything is drawn.
{
  let chosen = "";
  try { chosen = localStorage.getItem("mlquote.theme") || ""; } catch { /* storage is closed: the system decides */ }
  if (chosen) document.documentElement.dataset.theme = chosen;
  document.documentElement.classList.add("has-script");
}
