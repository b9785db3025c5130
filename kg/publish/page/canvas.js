// The network itself: vis-network draws shapes and lines, the names are drawn here so that none covers another.

const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",system-ui,sans-serif';
const LINE = "#9aa8b8";
const STRONG_LINE = "#334155";

function visNode(node) {
  return {
    id: node.id, x: node.x, y: node.y, size: node.size, shape: node.shape, borderWidth: 1, borderWidthSelected: 3,
    color: {
      background: node.color, border: node.color, // as wide on the screen from afar: in white it would cover the shape
      highlight: { background: node.color, border: "#0f172a" }, hover: { background: node.color, border: "#475569" },
    },
  };
}

function visEdge(edge, rank) {
  return {
    id: edge.id, from: edge.from, to: edge.to, dashes: edge.status === "target" ? [7, 6] : false, width: 1.3,
    color: { color: LINE, highlight: STRONG_LINE, hover: STRONG_LINE },
    // Two facts about one pair would hide each other as straight lines.
    smooth: rank === null ? false : { enabled: true, type: "curvedCW", roundness: 0.14 + 0.16 * rank },
  };
}

function visEdges(edges) {
  const pairs = new Map();
  const directions = new Map();
  const pair = (edge) => JSON.stringify([edge.from, edge.to].sort());
  for (const edge of edges) pairs.set(pair(edge), (pairs.get(pair(edge)) || 0) + 1);
  return edges.map((edge) => {
    if (pairs.get(pair(edge)) === 1) return visEdge(edge, null);
    const direction = JSON.stringify([edge.from, edge.to]);
    const rank = directions.get(direction) || 0;
    directions.set(direction, rank + 1);
    return visEdge(edge, rank);
  });
}

function makeCanvas(container, graph, view) {
  const nodes = new vis.DataSet(graph.nodes.map(visNode));
  const edges = new vis.DataSet(visEdges(graph.edges));
  const network = new vis.Network(container, { nodes, edges }, {
    physics: false,
    layout: { improvedLayout: false },
    interaction: { hover: true, hideEdgesOnDrag: graph.edges.length > 1500, tooltipDelay: 1e9, keyboard: false },
    edges: { arrows: { to: { enabled: true, scaleFactor: 0.55 } }, hoverWidth: 0.8, selectionWidth: 1.2, arrowStrikethrough: false },
  });

  function visible(node) {
    return !view.hiddenClasses.has(node.class) && !(view.hideAlone && !node.degree && node.id !== view.node);
  }

  function edgeVisible(edge) {
    return !view.hiddenProperties.has(edge.property)
      && visible(graph.node.get(edge.from)) && visible(graph.node.get(edge.to));
  }

  // What stands out: the selection and what it touches; `null` when nothing is selected.
  function lit() {
    if (view.node) {
      const touching = (graph.edgesOf.get(view.node) || []).filter(edgeVisible);
      return { nodes: new Set([view.node, ...touching.flatMap((edge) => [edge.from, edge.to])]), edges: new Set(touching.map((edge) => edge.id)) };
    }
    if (view.edge) {
      const edge = graph.edge.get(view.edge);
      return { nodes: new Set([edge.from, edge.to]), edges: new Set([edge.id]) };
    }
    return null;
  }

  function refresh() {
    const bright = lit();
    nodes.update(graph.nodes.map((node) => ({
      id: node.id, hidden: !visible(node), opacity: !bright || bright.nodes.has(node.id) ? 1 : 0.18,
    })));
    edges.update(graph.edges.map((edge) => ({
      id: edge.id, hidden: !edgeVisible(edge),
      color: {
        color: bright && bright.edges.has(edge.id) ? STRONG_LINE : LINE, highlight: STRONG_LINE, hover: STRONG_LINE,
        opacity: !bright || bright.edges.has(edge.id) ? 1 : 0.15,
      },
    })));
    if (view.node) network.selectNodes([view.node], false);
    else if (view.edge) network.setSelection({ nodes: [], edges: [view.edge] }, { highlightEdges: false });
    else network.unselectAll();
  }

  let seen = [0, 0, 0, 0]; // the part of the network on the screen
  const widths = new Map();
  function widthOf(context, text, font) {
    const key = font + text;
    if (!widths.has(key)) {
      context.font = font.replace("SIZE", "100px");
      widths.set(key, context.measureText(text).width / 100);
    }
    return widths.get(key);
  }

  function fontOf(bold) {
    return `${bold ? "600 " : ""}SIZE ${FONT}`;
  }

  // Draws `text` centred at (x, y) of the network unless it would cover what is drawn already.
  function drawText(context, taken, text, x, y, size, { bold = false, color = "#1f2937", force = false, room = 0 } = {}) {
    const font = fontOf(bold);
    const width = widthOf(context, text, font) * size;
    const [half, high] = [width / 2 + size * (0.2 + room), size * (0.6 + room)];
    const box = [x - half, y - high, x + half, y + high];
    const inside = seen[0] <= box[0] && seen[1] <= box[1] && box[2] <= seen[2] && box[3] <= seen[3];
    if (!force && !inside) return false; // a name cut off by the edge names nothing
    if (!force && taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return false;
    taken.push(box);
    context.font = font.replace("SIZE", `${size}px`);
    context.lineWidth = size * 0.34;
    context.strokeStyle = "rgba(248,250,252,0.94)";
    context.strokeText(text, x, y);
    context.fillStyle = color;
    context.fillText(text, x, y);
    return true;
  }

  function drawNames(context) {
    const bright = lit();
    const scale = network.getScale();
    const size = Math.min(16, Math.max(12.5, 13.5 * Math.sqrt(scale))) / scale;
    const at = network.getPositions();
    const [corner, opposite] = [[0, 0], [container.clientWidth, container.clientHeight]].map(([x, y]) => network.DOMtoCanvas({ x, y }));
    seen = [corner.x, corner.y, opposite.x, opposite.y];
    // From afar names need more room around them to be told apart.
    const afar = scale < 0.55 && graph.nodes.length > 150;
    const taken = [];
    context.save();
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    const rank = (node) => (node.id === view.node ? 3 : node.id === view.hoverNode ? 2 : bright && bright.nodes.has(node.id) ? 1 : 0);
    const named = graph.byDegree.filter((node) => visible(node) && (!bright || bright.nodes.has(node.id) || node.id === view.hoverNode));
    const isHub = (node) => node.degree >= graph.hubDegree;
    const name = (node) => {
      const { x, y } = at[node.id];
      const style = { bold: node.id === view.node || isHub(node), force: rank(node) >= 2, room: afar && !rank(node) ? 0.35 : 0 };
      const beneath = node.size + size * 0.85;
      const beside = node.size + size * 0.5 + widthOf(context, node.label, fontOf(style.bold)) * size / 2;
      // Beneath its shape, else wherever around it is room.
      [[0, beneath], [0, -beneath], [beside, 0], [-beside, 0]].some(([dx, dy]) => drawText(context, taken, node.label, x + dx, y + dy, size, style));
    };
    const cover = (part) => named.forEach((node) => {
      const { x, y } = at[node.id];
      const half = node.size * part;
      taken.push([x - half, y - half, x + half, y + half]);
    });
    // The names that matter most may cover a shape; the others find their place between the shapes.
    const first = (node) => rank(node) || isHub(node);
    [...named].filter(first).sort((a, b) => rank(b) - rank(a)).forEach(name);
    if (afar) cover(0.7);
    named.filter((node) => !first(node)).forEach(name);
    cover(1);
    for (const edge of graph.edges) {
      const pointed = edge.id === view.hoverEdge || (bright && bright.edges.has(edge.id));
      const asked = pointed || (!bright && graph.alwaysLabelled) || (view.hoverNode && [edge.from, edge.to].includes(view.hoverNode) && !bright);
      if (!asked || edge.from === edge.to || !edgeVisible(edge)) continue;
      const line = network.body.edges[edge.id].edgeType;
      const style = { color: pointed ? "#0f172a" : "#64748b", force: edge.id === view.hoverEdge };
      // Where the middle is taken, a place nearer to either end may be free.
      [0.5, 0.4, 0.6, 0.3, 0.7].some((part) => {
        const { x, y } = line.getPoint(part);
        return drawText(context, taken, edge.label, x, y, size * 0.84, style);
      });
    }
    context.restore();
  }

  // Moves so that `ids` fill what the cards on the canvas leave free.
  function fit(ids, animate) {
    const at = network.getPositions(ids);
    const free = view.free();
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const id of ids) {
      const { size } = graph.node.get(id);
      box[0] = Math.min(box[0], at[id].x - size);
      box[1] = Math.min(box[1], at[id].y - size);
      box[2] = Math.max(box[2], at[id].x + size);
      box[3] = Math.max(box[3], at[id].y + size);
    }
    if (!ids.length) return;
    const scale = Math.min((free.right - free.left) / (box[2] - box[0]), (free.bottom - free.top) / (box[3] - box[1]), 1.3);
    network.moveTo({
      position: {
        x: (box[0] + box[2]) / 2 - ((free.left + free.right) / 2 - container.clientWidth / 2) / scale,
        y: (box[1] + box[3]) / 2 - ((free.top + free.bottom) / 2 - container.clientHeight / 2) / scale,
      },
      scale,
      animation: animate ? { duration: 350, easingFunction: "easeInOutQuad" } : false,
    });
  }

  network.on("afterDrawing", drawNames);
  return { network, refresh, fit, visible };
}
