// The card of a project: dates, money by year and source, seats, promises, relations, sources.

const dialog = byId("project");

function openCard(project) {
  const close = el("button", { type: "button" }, ...show(say("html.close")));
  close.addEventListener("click", () => dialog.close());
  const where = [countyName(project.county), pooled(project.zone), stageName(project.stage)];
  if (project.nature >= 0) where.push(plan.natures[project.nature]);
  const title = el(
    "div",
    {},
    el("h2", { id: "project-name" }, ...show(project.name)),
    el("p", {}, `${where.map(plain).join(" · ")} · ${project.key}`),
  );
  const body = el("div", { class: "body" }, whyOf(project), facts(project), moneyOf(project));
  body.append(...seatsOf(project), ...promisesOf(project), ...linksOf(project), sourcesOf(project));
  dialog.replaceChildren(el("header", {}, title, close), body);
  if (!dialog.open) dialog.showModal();
  close.focus(); // also where one card leads to another
  dialog.scrollTop = 0;
}

function factList(pairs) {
  const rows = pairs.filter(([, value]) => plain(value) !== "");
  return el(
    "dl",
    { class: "facts" },
    ...rows.map(([key, value, wide]) =>
      el("div", { class: wide ? "wide" : false }, el("dt", {}, ...show(say(key))), el("dd", {}, ...show(value))),
    ),
  );
}

function facts(project) {
  const period = project.selected ? `${project.start}–${project.finish}` : "";
  const duration = `${about(project, "duration_years")}${project.years}`;
  return factList([
    ["html.period", period],
    ["opens", project.selected ? `${project.late ? "! " : ""}${project.opens}` : ""],
    ["html.card.due", project.due === null ? "" : String(project.due)],
    ["gantt.duration", duration],
    ["window", project.selected && !project.delayed ? "" : `${project.from}–${project.to}`],
    ["cost", about(project, "total_cost") + money(project.cost)],
    ["html.in_plan", money(project.paid)],
    ["html.card.sunk", project.before ? money(project.before) : ""],
    ["html.card.after", project.after ? money(project.after) : ""],
    ["seats_added", about(project, "seats_added") + count(project.seats)],
    ["priority", String(project.priority)],
    ["html.mandatory", project.mandatory ? say("yes") : ""],
    ["html.status_now", pooled(project.status)],
    ["html.location", pooled(project.location)],
    ["html.lead", pooled(project.lead)],
    ["html.cooperating", pooled(project.cooperating), true],
    ["html.scale", pooled(project.scale), true],
  ]);
}

function moneyOf(project) {
  if (!project.selected || project.paid === 0) return null;
  const used = YEARS.map((_, n) => n).filter((n) => project.byYear[n]);
  const bySource = new Map();
  for (const [year, source, amount] of chunks(project.draws, 3)) {
    if (!bySource.has(source)) bySource.set(source, new Map());
    bySource.get(source).set(year, amount);
  }
  const line = (title, amounts, classes) =>
    el(
      "tr",
      { class: classes || false },
      el("th", { scope: "row" }, ...title),
      ...used.map((n) => figure(money(amounts(n)))),
      figure(money(sum(used.map(amounts)))),
    );
  const head = el("tr", {}, heading(say("source")), ...used.map((n) => heading(String(YEARS[n]), "num")), heading(say("total"), "num"));
  const rows = [...bySource].sort(([a], [b]) => a - b);
  const lines = rows.map(([source, amounts]) => line(show(plan.sources[source][1]), (n) => amounts.get(n) ?? 0));
  const total = line(show(say("html.card.spend")), (n) => project.byYear[n], "total");
  const table = el("table", { class: "paid" }, el("thead", {}, head), el("tbody", {}, ...lines, total));
  return el("div", {}, el("h3", {}, ...show(say("html.card.money"))), el("div", { class: "box" }, table));
}

function simpleTable(title, heads, rows) {
  if (rows.length === 0) return [];
  const head = el("tr", {}, ...heads.map(([key, classes]) => heading(say(key), classes)));
  const table = el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows));
  return [el("h3", {}, ...show(say(title))), el("div", { class: "box" }, table)];
}

function seatsOf(project) {
  const heads = [["stage"], ["zone"], ["seats_added", "num"], ["seats_replaced", "num"], ["seats_offline", "num"]];
  const rows = project.effects.map(([stage, zone, ...seats]) =>
    el("tr", {}, el("td", {}, stageChip(stage)), cell(pooled(zone)), ...seats.map((n) => figure(count(n)))),
  );
  return simpleTable("html.card.seats", heads, rows);
}

function promisesOf(project) {
  const own = plan.milestones.filter(([n]) => n === project.n);
  return simpleTable("milestone", MILESTONE_HEADS, own.map(milestoneCells).map((cells) => el("tr", {}, ...cells)));
}

function linksOf(project) {
  if (project.links.length === 0) return [];
  const items = project.links.map((number) => el("li", {}, ...show(pooled(number))));
  return [el("h3", {}, ...show(say("html.card.links"))), el("ul", { class: "plain" }, ...items)];
}

function sourcesOf(project) {
  const estimates = project.estimates.map(([, name, text]) => el("li", {}, "≈ ", ...show(pooled(name)), " ", ...show(pooled(text))));
  const given = factList([
    ["document", pooled(project.source), true],
    ["locator", pooled(project.locator), true],
    ["notes", pooled(project.notes), true],
  ]);
  const title = el("h3", {}, ...show(say("basis")), " · ", ...basisText(project.basis));
  return el("div", {}, title, estimates.length ? el("ul", { class: "plain" }, ...estimates) : null, given);
}
