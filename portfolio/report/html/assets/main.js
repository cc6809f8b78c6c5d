// Starts every part; opens cards; sets the page for paper and back.

startGantt();
startMoney();
startSeats();
startWhy();
startMilestones();
startTargets();
startSources();
fitBoxes();

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-project]");
  const row = link ?? event.target.closest("tr.project")?.querySelector("[data-project]");
  if (row) openCard(projects[Number(row.dataset.project)]);
  else if (event.target === dialog) dialog.close();
});

// Up and down lead from one project of the Gantt to the next.
byId("gantt-box").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.matches(".link")) return;
  const links = [...byId("gantt-box").querySelectorAll(".link")];
  links[links.indexOf(event.target) + step]?.focus();
  event.preventDefault();
});

byId("print").addEventListener("click", () => window.print());

window.addEventListener("resize", () => {
  fitBoxes();
  resizeCharts();
});
window.addEventListener("beforeprint", () => {
  for (const table of tables) table.onPaper();
  resizeCharts(true);
});
window.addEventListener("afterprint", () => {
  for (const table of tables) table.onScreen();
  resizeCharts();
});
byId("report").removeAttribute("aria-busy");
