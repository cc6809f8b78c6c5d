// The schedule: filters, live counts, and the table grouped by county.

const filters = {
  county: byId("f-county"),
  stage: byId("f-stage"),
  source: byId("f-source"),
  status: byId("f-status"),
  search: byId("f-search"),
};

function fits(project) {
  const { county, stage, source, status, search } = filters;
  if (county.value !== "" && project.county !== Number(county.value)) return false;
  if (stage.value !== "" && project.stage !== Number(stage.value)) return false;
  if (source.value !== "" && !project.payers.has(Number(source.value))) return false;
  if (status.value === "scheduled" && !project.selected) return false;
  if (status.value === "deferred" && project.selected) return false;
  if (status.value === "late" && !project.late) return false;
  if (status.value === "delayed" && !project.delayed) return false;
  return search.value.trim().toLowerCase().split(/\s+/).every((word) => project.found.includes(word));
}

function groupsOf(list) {
  const groups = new Map();
  for (const project of list) {
    if (!groups.has(project.county)) groups.set(project.county, []);
    groups.get(project.county).push(project);
  }
  return groups;
}

function drawGantt() {
  let shown = projects.filter(fits);
  let groups = groupsOf(shown);
  const titles = ["stage", "cost", "html.in_plan", "seats_added"];
  const head = el(
    "tr",
    {},
    heading(say("project_name"), "name"),
    ...titles.map((key) => heading(say(key), key === "stage" ? "stage" : "num")),
    heading(say("opens"), "opens"),
    ...YEARS.map((year) => heading(String(year), "y")),
  );
  const table = slicedTable(byId("gantt-box"), {
    caption: say("html.gantt.table"),
    classes: "gantt",
    head: [head],
    rows: () => shown,
    row: (project, n, drawn) => {
      const isFirst = n === 0 || drawn[n - 1].county !== project.county;
      const members = groups.get(project.county);
      const subtotal = isFirst ? [sumRow(show(countyName(project.county)), members, "county")] : [];
      return [...subtotal, projectRow(project)];
    },
    foot: (all) => (all.length ? [sumRow(show(say("html.total")), all, "total")] : []),
    empty: () => say("html.none"),
  });
  const redraw = () => {
    shown = projects.filter(fits);
    groups = groupsOf(shown);
    table.draw();
    tellCounts(shown);
    fitBoxes();
  };
  tellCounts(shown);
  return redraw;
}

function tellCounts(shown) {
  const chosen = shown.filter((project) => project.selected);
  const parts = [
    [`${count(shown.length)} / ${count(projects.length)}`, say("html.count.projects")],
    [money(sum(chosen.map((p) => p.cost))), say("html.count.cost"), say("wan")],
    [money(sum(chosen.map((p) => p.paid))), say("html.count.spend"), say("wan")],
    [count(sum(chosen.map((p) => p.seats))), say("html.count.seats")],
  ];
  byId("counts").replaceChildren(
    ...parts.map(([number, name, unit]) =>
      el("span", { class: "part" }, el("b", {}, number), unit ? ` ${main(unit)} ` : " ", ...show(name)),
    ),
  );
}

function startGantt() {
  const county = [["", say("html.all")], ...plan.counties.map((name, n) => [n, name])];
  const used = new Set(projects.map((project) => project.stage));
  const stages = plan.stages.map(([, name], n) => [n, name]).filter(([n]) => used.has(n));
  options(filters.county, county);
  options(filters.stage, [["", say("html.all")], ...stages]);
  sourceOptions(filters.source);
  options(filters.status, [
    ["", say("html.all")],
    ["scheduled", say("html.scheduled")],
    ["deferred", say("html.left_out")],
    ["delayed", say("html.delayed")],
    ["late", say("html.late")],
  ]);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  onFilter(drawGantt());
}

// Calls `redraw` whenever the filters change.
function onFilter(redraw) {
  byId("filters").addEventListener("input", redraw);
  byId("filters").addEventListener("reset", () => setTimeout(redraw));
}

// Every source, grouped by its county.
function sourceOptions(select, keep = () => true) {
  const groups = new Map();
  plan.sources.forEach(([, , county], n) => {
    if (!keep(n)) return;
    const name = plain(countyName(county));
    if (!groups.has(name)) groups.set(name, el("optgroup", { label: name }));
    groups.get(name).append(el("option", { value: n }, plain(plan.sources[n][1])));
  });
  select.replaceChildren(el("option", { value: "" }, plain(say("html.all"))), ...groups.values());
}
