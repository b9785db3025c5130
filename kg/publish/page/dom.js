"use strict";
// Elements are only ever made from text: nothing an article says is parsed as HTML.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

// The shapes of vis-network, in a square of 20.
const SHAPES = {
  dot: "M10 2a8 8 0 1 0 0 16a8 8 0 1 0 0-16z",
  square: "M3 3h14v14h-14z",
  diamond: "M10 1.5l8.5 8.5l-8.5 8.5l-8.5-8.5z",
  triangle: "M10 2l8.5 15.5h-17z",
  triangleDown: "M10 18l8.5-15.5h-17z",
  hexagon: "M5.5 2.2h9l4.5 7.8l-4.5 7.8h-9l-4.5-7.8z",
  star: "M10 1l2.7 5.9l6.4.7l-4.8 4.3l1.4 6.3l-5.7-3.2l-5.7 3.2l1.4-6.3l-4.8-4.3l6.4-.7z",
};

function shapeIcon(shape, color) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "shape");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[shape] || SHAPES.dot);
  path.setAttribute("fill", color);
  svg.append(path);
  return svg;
}

// Where `part` stands in `whole`, spaces aside: the sentence is repaired, the quotation is as the source had it.
function find(whole, part) {
  const kept = [];
  let squeezed = "";
  for (let i = 0; i < whole.length; i += 1) {
    if (!/\s/.test(whole[i])) {
      kept.push(i);
      squeezed += whole[i];
    }
  }
  const wanted = part.replace(/\s/g, "");
  const at = wanted ? squeezed.indexOf(wanted) : -1;
  return at < 0 ? null : [kept[at], kept[at + wanted.length - 1] + 1];
}

function quotation(reason) {
  const { sentence, exact } = reason;
  const at = find(sentence, exact);
  const text = element("p", { class: "sentence" });
  if (at) text.append(sentence.slice(0, at[0]), element("mark", {}, sentence.slice(...at)), sentence.slice(at[1]));
  else text.append(sentence);
  const place = /^https?:\/\//.test(reason.location)
    ? element("a", { href: reason.location, target: "_blank", rel: "noopener noreferrer" }, reason.article)
    : reason.article;
  return element(
    "blockquote", {}, text,
    !at && exact && find(exact, sentence) === null ? element("p", { class: "original" }, `原文：“${exact}”`) : null,
    element("footer", {}, element("cite", {}, "《", place, "》"), reason.issued ? element("span", {}, reason.issued) : null),
  );
}

function quotations(evidence) {
  if (!evidence.length) return element("p", { class: "background" }, "背景知识，不出自文章");
  const [first, ...others] = evidence.map(quotation);
  if (!others.length) return first;
  const more = element("details", {}, element("summary", {}, `另有 ${others.length} 处出处`), ...others);
  return element("div", {}, first, more);
}
