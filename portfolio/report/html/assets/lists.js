// Lists: promises, seat targets, sources.

const MILESTONE_HEADS = [["milestone"], ["by_year", "num"], ["firm"], ["actual", "num"], ["late_years", "num"], ["kept"], ["document"], ["locator"]];

function milestoneCells([, kind, year, firm, actual, late, document, locator]) {
  const verdict = late > 0 ? "missed" : actual === null ? "" : "kept";
  return [
    cell(pooled(kind)),
    figure(String(year)),
    cell(say(firm ? "milestones.firm" : "milestones.soft")),
    actual === null ? cell(say("milestones.never")) : figure(String(actual)),
    figure(String(late)),
    verdictCell(verdict),
    cell(pooled(document), "long"),
    cell(pooled(locator), "long"),
  ];
}

function verdictCell(verdict) {
  if (verdict === "") return el("td", { class: "word quiet" }, "–");
  const kept = verdict === "kept";
  return el("td", { class: kept ? "word good" : "word bad" }, kept ? "✓ " : "✗ ", ...show(say(`milestones.${verdict}`)));
}

function startMilestones() {
  const late = plan.milestones.filter((milestone) => milestone[5] > 0);
  const only = byId("late-only");
  const all = plan.milestones;
  byId("milestones-count").replaceChildren(...show(all.length ? say("html.milestones.some", { n: count(all.length), late: count(late.length) }) : say("milestones.none")));
  only.closest("label").hidden = late.length === 0;
  if (all.length === 0) return;
  const table = slicedTable(byId("milestones-table"), {
    caption: say("milestone"),
    head: headings([["project_name"], ["county"], ...MILESTONE_HEADS].map(([key, classes]) => [say(key), classes])),
    rows: () => (only.checked ? late : all),
    row: (milestone) => {
      const project = projects[milestone[0]];
      const start = [el("th", { scope: "row" }, projectLink(project)), cell(countyName(project.county))];
      return [el("tr", { "data-key": project.key }, ...start, ...milestoneCells(milestone))];
    },
  });
  only.addEventListener("change", table.draw);
}

function startTargets() {
  const missed = plan.targets.filter(([, , , , , , missing]) => missing > 0).length;
  const n = plan.targets.length;
  byId("targets-count").replaceChildren(...show(n ? say("html.targets.some", { n: count(n), missed: count(missed) }) : say("html.targets.none")));
  if (n === 0) return;
  const heads = [["county"], ["zone"], ["stage"], ["year", "num"], ["firm"], ["target_needed", "num"], ["target_supply", "num"], ["target_missing", "num"]];
  slicedTable(byId("targets-table"), {
    caption: say("targets.title"),
    head: headings(heads.map(([key, classes]) => [say(key), classes])),
    rows: () => plan.targets,
    row: ([county, zone, stage, year, needed, supply, missing, soft]) => [
      el(
        "tr",
        {},
        ...[county, zone, stage].map((number) => cell(pooled(number))),
        figure(String(year)),
        cell(say(soft ? "milestones.soft" : "milestones.firm")),
        figure(count(needed)),
        figure(count(supply)),
        shortageCell(missing),
      ),
    ],
  });
}

function startSources() {
  const heads = ["county", "table", "html.basis.item", "basis", "document", "locator", "notes"];
  const rows = [...projects, ...plan.origins];
  slicedTable(byId("sources-table"), {
    caption: say("html.sources"),
    head: headings(heads.map((key) => [say(key)])),
    rows: () => rows,
    row: (line) => [Array.isArray(line) ? originRow(line) : projectOrigin(line)],
    slice: 30,
  });
}

function originRow([county, table, name, basis, ...cited]) {
  const start = [cell(countyName(county)), cell(say(table)), el("th", { scope: "row" }, ...show(pooled(name))), el("td", { class: "word" }, ...basisText(basis))];
  return el("tr", {}, ...start, ...cited.map((number) => cell(pooled(number), "long")));
}

function projectOrigin(project) {
  const start = [cell(countyName(project.county)), cell(say("table.projects")), el("th", { scope: "row" }, projectLink(project))];
  const cited = [project.source, project.locator, project.notes];
  return el("tr", {}, ...start, el("td", { class: "word" }, ...basisText(project.basis)), ...cited.map((number) => cell(pooled(number), "long")));
}
