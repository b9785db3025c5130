// Joins the parts: reads the data, keeps what is selected and hidden, listens to the reader.

const byId = (id) => document.getElementById(id);

function readGraph() {
  const data = JSON.parse(byId("data").textContent);
  // Layouts lie flat; on an upright screen they stand.
  if (window.innerHeight > window.innerWidth) for (const node of data.nodes) [node.x, node.y] = [node.y, node.x];
  const edgesOf = new Map();
  for (const edge of data.edges) {
    for (const end of new Set([edge.from, edge.to])) edgesOf.set(end, [...(edgesOf.get(end) || []), edge]);
  }
  const byDegree = [...data.nodes].sort((a, b) => b.degree - a.degree);
  return {
    ...data, edgesOf, byDegree,
    hubDegree: Math.max(4, byDegree.length ? byDegree[Math.min(9, byDegree.length - 1)].degree : 0),
    node: new Map(data.nodes.map((node) => [node.id, node])),
    edge: new Map(data.edges.map((edge) => [edge.id, edge])),
  };
}

const graph = readGraph();
const alone = graph.nodes.filter((node) => !node.degree).length;
const FEW_ALONE = 20; // so many things without a relation fit beside a network; more would crowd it out
const view = { hideAlone: alone > FEW_ALONE && alone < graph.nodes.length, node: null, edge: null, hoverNode: null, hoverEdge: null, hiddenClasses: new Set(), hiddenProperties: new Set(), free };
const panel = byId("panel");
const narrow = window.matchMedia("(max-width: 760px)");

// The part of the canvas that no card covers, in pixels.
function free() {
  const stage = byId("stage").getBoundingClientRect();
  const sheet = narrow.matches && (view.node || view.edge) ? panel.offsetTop : stage.bottom; // where it will be, not where it slides
  return {
    left: Math.min(80, stage.width * 0.12), right: stage.width - Math.min(80, stage.width * 0.12),
    top: Math.max(byId("top").getBoundingClientRect().bottom, byId("note").getBoundingClientRect().bottom) - stage.top + 12,
    bottom: Math.min(byId("legend").getBoundingClientRect().top, sheet) - stage.top - 34,
  };
}

function showPanel(children) {
  document.body.classList.toggle("selected", Boolean(view.node || view.edge));
  panel.replaceChildren(...children.filter(Boolean));
  panel.scrollTop = 0;
}

function select(id) {
  const node = graph.node.get(id);
  Object.assign(view, { node: id, edge: null });
  if (byId("query").value !== node.label) byId("query").value = "";
  if (view.hiddenClasses.delete(node.class)) drawLegend();
  showPanel(nodePanel(graph, node, focus, clear));
  canvas.refresh();
}

// Selects and brings into sight, with what is linked to it.
function focus(id) {
  select(id);
  const near = (graph.edgesOf.get(id) || []).flatMap((edge) => [edge.from, edge.to]);
  canvas.fit([...new Set([id, ...near])].filter((other) => canvas.visible(graph.node.get(other))), true);
}

function selectEdge(id) {
  Object.assign(view, { node: null, edge: id });
  showPanel(edgePanel(graph, graph.edge.get(id), focus, clear));
  canvas.refresh();
}

function clear() {
  Object.assign(view, { node: null, edge: null });
  byId("query").value = "";
  showPanel(overviewPanel(graph, focus));
  canvas.refresh();
}

function fitAll(animate) {
  canvas.fit(graph.nodes.filter(canvas.visible).map((node) => node.id), animate);
}

function drawLegend() {
  byId("legend").replaceChildren(...graph.classes.map((known) => {
    const shown = !view.hiddenClasses.has(known.name);
    return element("button", { type: "button", "aria-pressed": String(shown), "data-class": known.name, onclick: () => {
      if (shown) view.hiddenClasses.add(known.name);
      else view.hiddenClasses.delete(known.name);
      drawLegend();
      byId("legend").querySelector(`[data-class="${CSS.escape(known.name)}"]`).focus();
      canvas.refresh();
    } }, shapeIcon(known.shape, known.color), known.label, element("small", {}, String(known.count)));
  }), ...(alone > FEW_ALONE ? [aloneButton()] : []));
}

// Shows or hides the things that no relation links to another.
function aloneButton() {
  return element("button", { type: "button", "aria-pressed": String(!view.hideAlone), id: "alone", onclick: () => {
    view.hideAlone = !view.hideAlone;
    drawLegend();
    byId("alone").focus();
    canvas.refresh();
    fitAll(true);
  } }, "没有关系的事物", element("small", {}, String(alone)));
}

function drawFilter() {
  const list = byId("filter-list");
  const all = (shown) => {
    view.hiddenProperties = new Set(shown ? [] : graph.properties.map((property) => property.name));
    drawFilter();
    canvas.refresh();
  };
  list.replaceChildren(
    element("div", { class: "all" },
      element("button", { type: "button", onclick: () => all(true) }, "全选"),
      element("button", { type: "button", onclick: () => all(false) }, "全不选")),
    ...graph.properties.map((property) => {
      const box = element("input", { type: "checkbox", value: property.name });
      box.checked = !view.hiddenProperties.has(property.name);
      box.addEventListener("change", () => {
        if (box.checked) view.hiddenProperties.delete(property.name);
        else view.hiddenProperties.add(property.name);
        canvas.refresh();
      });
      return element("label", {}, box, element("span", {}, property.label), element("small", {}, String(property.count)));
    }));
}

function toggleFilter(open) {
  byId("filter-list").hidden = !open;
  byId("filter-button").setAttribute("aria-expanded", String(open));
}

// Names that start with the words come first, then shorter ones.
function matches(words) {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return [];
  const found = [];
  for (const node of graph.nodes) {
    const name = [node.label, ...node.aliases].find((text) => text.toLowerCase().includes(wanted));
    if (name) found.push({ node, name, score: (name.toLowerCase().startsWith(wanted) ? 0 : 1000) + name.length });
  }
  return found.sort((a, b) => a.score - b.score || b.node.degree - a.node.degree).slice(0, 8);
}

function listenToSearch() {
  const query = byId("query");
  const list = byId("suggestions");
  let chosen = 0;
  let found = [];
  const close = () => {
    list.hidden = true;
    query.setAttribute("aria-expanded", "false");
    query.removeAttribute("aria-activedescendant");
  };
  const pick = (node) => {
    query.value = node.label;
    close();
    query.blur();
    focus(node.id);
  };
  const show = () => {
    const items = found.map(({ node, name }, index) => element("li",
      { role: "option", id: `suggestion-${index}`, "aria-selected": String(index === chosen), onclick: () => pick(node) },
      shapeIcon(node.shape, node.color), element("span", {}, node.label),
      element("small", {}, name === node.label ? node.classLabel : `又名 ${name}`)));
    const none = element("li", { class: "none" }, "没有这个名称");
    list.replaceChildren(...(items.length ? items : [none]));
    list.hidden = !query.value.trim();
    query.setAttribute("aria-expanded", String(!list.hidden));
    if (items.length) query.setAttribute("aria-activedescendant", `suggestion-${chosen}`);
  };
  query.addEventListener("input", () => {
    chosen = 0;
    found = matches(query.value);
    show();
  });
  query.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter and arrows belong to the input method until the word is written
    if (event.key === "Enter" && found.length && !list.hidden) pick(found[chosen].node);
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && found.length) {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      show();
      event.preventDefault();
    }
  });
  // Not at once: a click on a suggestion takes the focus away first.
  query.addEventListener("blur", () => setTimeout(close, 150));
  return close;
}

function listenToKeys(closeSuggestions) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target.tagName !== "INPUT") {
      event.preventDefault();
      byId("query").focus();
      byId("query").select();
    } else if (event.key === "Escape") {
      if (!byId("suggestions").hidden) closeSuggestions();
      else if (!byId("filter-list").hidden) toggleFilter(false);
      else clear();
    }
  });
  byId("filter-button").addEventListener("click", () => toggleFilter(byId("filter-list").hidden));
  document.addEventListener("click", (event) => {
    if (event.target.isConnected && !byId("filter").contains(event.target)) toggleFilter(false);
  });
}

function listenToCanvas({ network }) {
  network.on("click", ({ nodes, edges }) => {
    if (nodes.length) (narrow.matches ? focus : select)(nodes[0]); // the sheet would cover it
    else if (edges.length) selectEdge(edges[0]);
    else clear();
  });
  network.on("doubleClick", ({ nodes }) => nodes.length && focus(nodes[0]));
  const hover = (name) => (event) => {
    view[name] = event[name === "hoverNode" ? "node" : "edge"];
    network.redraw();
  };
  const blur = (name) => () => {
    view[name] = null;
    network.redraw();
  };
  network.on("hoverNode", hover("hoverNode"));
  network.on("blurNode", blur("hoverNode"));
  network.on("hoverEdge", hover("hoverEdge"));
  network.on("blurEdge", blur("hoverEdge"));
  const zoom = (factor) => () => network.moveTo({ scale: network.getScale() * factor, animation: { duration: 150 } });
  byId("zoom-in").addEventListener("click", zoom(1.35));
  byId("zoom-out").addEventListener("click", zoom(1 / 1.35));
  byId("zoom-fit").addEventListener("click", () => fitAll(true));
  network.on("resize", () => setTimeout(() => (view.node || view.edge ? null : fitAll(false)), 0));
}

if (graph.total > graph.nodes.length) {
  byId("note").textContent = `共 ${graph.total} 个事物，这里只画联系最多的 ${graph.nodes.length} 个`;
  byId("note").hidden = false;
}
const canvas = graph.nodes.length
  ? makeCanvas(byId("canvas"), graph, view)
  : { refresh() {}, fit() {}, visible: () => true, network: null };
drawLegend();
drawFilter();
listenToKeys(listenToSearch());
clear();
if (canvas.network) {
  listenToCanvas(canvas);
  fitAll(false);
} else {
  document.body.classList.add("nothing");
  byId("empty").hidden = false;
}
