// The panel beside the network: what is known of one thing or one relation, and which sentence says so.

const STATUS = { actual: "实际", target: "计划" };

function badge(status) {
  return element("span", { class: `badge ${status}` }, STATUS[status] || status);
}

function thingButton(node, select) {
  return element("button", { type: "button", class: "thing", onclick: () => select(node.id) },
    shapeIcon(node.shape, node.color), element("span", {}, node.label));
}

function section(title, count, ...children) {
  return count
    ? element("section", {}, element("h3", {}, title, element("small", {}, String(count))), ...children)
    : null;
}

function head(icon, title, subtitle, close) {
  return element("header", {},
    element("div", { class: "kind" }, icon, subtitle,
      close ? element("button", { type: "button", class: "close", "aria-label": "关闭", onclick: close }, "×") : null),
    element("h2", {}, title));
}

function factItem(graph, edge, node, select) {
  const outgoing = edge.from === node.id;
  const other = graph.node.get(outgoing ? edge.to : edge.from);
  const name = element("span", { class: "property" }, edge.label);
  const line = outgoing
    ? [name, thingButton(other, select)]
    : [thingButton(other, select), name, element("span", { class: "self" }, node.label)];
  const title = edge.evidence.map((reason) => reason.title).find(Boolean);
  return element("li", { class: "fact", "data-property": edge.property },
    element("div", { class: "line" }, ...line, title ? element("span", { class: "role" }, title) : null,
      edge.status === "target" ? badge("target") : null),
    quotations(edge.evidence));
}

function observationTable(observations) {
  const rows = observations.map((said) => {
    const reasons = element("tr", { class: "reasons", hidden: true }, element("td", { colspan: 4 }, quotations(said.evidence)));
    const toggle = element("button", { type: "button", class: "why", "aria-expanded": "false", onclick: () => {
      reasons.hidden = !reasons.hidden;
      toggle.setAttribute("aria-expanded", String(!reasons.hidden));
    } }, said.indicator);
    const row = element("tr", {},
      element("th", { scope: "row" }, toggle), element("td", { class: "figure" }, said.text),
      element("td", { class: "year" }, said.year || "—"), element("td", {}, badge(said.status)));
    return [row, reasons];
  });
  if (rows.length === 1) rows[0][1].hidden = false;
  return element("table", {},
    element("thead", {}, element("tr", {}, ...["指标", "数值", "年份", "性质"].map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...rows.flat()));
}

function milestoneList(milestones) {
  return element("ol", { class: "milestones" }, ...milestones.map((said) =>
    element("li", { class: said.status },
      element("div", { class: "line" }, element("time", {}, said.text), element("strong", {}, said.label),
        said.status === "target" ? badge("target") : null),
      quotations(said.evidence))));
}

function nodePanel(graph, node, select, close) {
  const order = new Map(graph.properties.map((property, index) => [property.name, index]));
  const edges = [...(graph.edgesOf.get(node.id) || [])].sort((a, b) => order.get(a.property) - order.get(b.property));
  const facts = (list) => element("ul", { class: "facts" }, ...list.map((edge) => factItem(graph, edge, node, select)));
  const outgoing = edges.filter((edge) => edge.from === node.id);
  const incoming = edges.filter((edge) => edge.to === node.id && edge.from !== node.id);
  return [
    head(shapeIcon(node.shape, node.color), node.label, node.classLabel, close),
    node.aliases.length
      ? element("p", { class: "aliases" }, element("span", {}, "又名"), ...node.aliases.map((alias) => element("em", {}, alias)))
      : null,
    section("指标", node.observations.length, node.observations.length ? observationTable(node.observations) : null),
    section("里程碑", node.milestones.length, milestoneList(node.milestones)),
    section("事实", outgoing.length, facts(outgoing)),
    section("其他事物与它的关系", incoming.length, facts(incoming)),
    section("首次出现", node.evidence.length, quotations(node.evidence)),
  ];
}

function edgePanel(graph, edge, select, close) {
  const from = graph.node.get(edge.from);
  const to = graph.node.get(edge.to);
  return [
    head(null, edge.label, "关系", close),
    element("div", { class: "triple" }, thingButton(from, select),
      element("span", { class: "property" }, edge.label), thingButton(to, select), badge(edge.status)),
    element("section", {}, element("h3", {}, "出处", element("small", {}, String(edge.evidence.length))),
      ...(edge.evidence.length ? edge.evidence.map(quotation) : [quotations([])])),
  ];
}

function overviewPanel(graph, select) {
  const figures = graph.nodes.reduce((sum, node) => sum + node.observations.length, 0);
  const dates = graph.nodes.reduce((sum, node) => sum + node.milestones.length, 0);
  const counts = [["事物", graph.nodes.length], ["关系", graph.edges.length], ["指标", figures], ["里程碑", dates]];
  return [
    head(null, graph.title, "知识图谱", null),
    element("dl", { class: "counts" }, ...counts.map(([name, count]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, String(count))))),
    element("p", { class: "hint" }, "点击一个事物，查看它的事实、指标与出处；点击连线，查看这一关系出自哪句话。虚线表示计划中的关系。"),
    section("联系最多", Math.min(8, graph.nodes.length), element("ul", { class: "top" },
      ...graph.byDegree.slice(0, 8).map((node) => element("li", {}, thingButton(node, select),
        element("span", { class: "degree" }, `${node.degree} 条关系`))))),
  ];
}
