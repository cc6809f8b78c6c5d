// One row of the Gantt: a project's bar over its years, or the window of one that is not scheduled.

function projectRow(project) {
  const classes = `project${project.selected ? "" : " out"}${project.late ? " is-late" : ""}`;
  const row = el("tr", { class: classes, "data-key": project.key }, el("th", { scope: "row", class: "name" }, projectLink(project)));
  row.append(
    el("td", { class: "word stage" }, stageChip(project.stage)),
    figure(about(project, "total_cost") + money(project.cost)),
    figure(money(project.paid)),
    figure(about(project, "seats_added") + count(project.seats)),
    opening(project),
    ...(project.selected ? bars(project) : freeWindow(project)),
  );
  return row;
}

function opening(project) {
  if (!project.selected) return el("td", { class: "opens quiet" }, "–");
  return el("td", { class: project.late ? "opens late-year" : "opens" }, `${project.late ? "! " : ""}${project.opens}`);
}

function bars(project) {
  return YEARS.map((year, n) => {
    const td = el("td", { class: project.due === year ? "y due" : "y" });
    const amount = project.byYear[n];
    const text = amount ? rounded(amount) : "";
    const sign = year === project.opens ? openSign(project) : null;
    if (year >= project.start && year <= project.finish) {
      const late = project.due !== null && year > project.due - project.lag;
      const look = late ? "late" : `s-${stageCode(project.stage)}`;
      const ends = `${year === Math.max(FIRST, project.start) ? " first" : ""}${year === Math.min(LAST, project.finish) ? " last" : ""}`;
      const marks = `${project.start < FIRST && year === FIRST ? "◂ " : ""}${late ? "! " : ""}`;
      td.append(el("div", { class: `bar ${look}${ends}` }, sign, marks + text));
    } else if (amount) {
      td.append(el("div", { class: "bar rest first last" }, sign, text));
    } else if (sign) {
      td.append(sign);
    }
    return td;
  });
}

function openSign(project) {
  const classes = project.late ? "opened-late" : "open";
  return el("span", { class: classes }, project.late ? "!◆" : "◆");
}

// The window in which it could be built, with the reason in short.
function freeWindow(project) {
  const from = Math.min(Math.max(project.from, FIRST), LAST);
  const to = Math.max(Math.min(project.to, LAST), from);
  const reason = project.reason ? project.reason.name : say("html.left_out");
  const box = el("div", { class: "window" }, ...show(reason));
  const blank = (first, last) => YEARS.filter((y) => y >= first && y <= last).map(() => el("td", { class: "y" }));
  return [...blank(FIRST, from - 1), el("td", { class: "y", colspan: to - from + 1 }, box), ...blank(to + 1, LAST)];
}

// A county's subtotal, or the total of everything shown.
function sumRow(title, members, classes) {
  const chosen = members.filter((project) => project.selected);
  const share = ` · ${main(say("html.scheduled"))} ${count(chosen.length)} / ${count(members.length)}`;
  const row = el("tr", { class: classes }, el("th", { scope: "row", class: "name" }, ...title, share));
  row.append(
    el("td"),
    figure(money(sum(chosen.map((p) => p.cost)))),
    figure(money(sum(chosen.map((p) => p.paid)))),
    figure(count(sum(chosen.map((p) => p.seats)))),
    el("td"),
    ...YEARS.map((_, n) => {
      const amount = sum(chosen.map((p) => p.byYear[n]));
      return el("td", { class: "y" }, amount ? rounded(amount) : "·");
    }),
  );
  return row;
}
