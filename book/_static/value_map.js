/* The value map, account by account: drawn from the rows of the table under it, and from nothing
   else. Without this script the picture above and the table are whole; on paper the picture is. */
"use strict";
(function () {
  const place = document.querySelector("section.value-map");
  const table = place && place.querySelector("table.map-table");
  if (!table) return;
  const { either, make, controls } = handbookFind;
  const SVG = "http://www.w3.org/2000/svg";
  const LARGEST = 22, SMALLEST = 3.5, REACH = 12; // pixels: radii, and how near a pointer must be
  const NAMED = 5; // of the largest accounts to protect
  const PROTECT = "Protect & repair";
  const QUARTERS = [["Maintain efficiently", 0, 1], ["Grow & leverage", 1, 1],
    ["Re-price or release", 0, 0], [PROTECT, 1, 0]]; // and the corner: right, up
  const SHAPES = { "Invest": "M0-1.2 1.1.8-1.1.8Z", "Negative payoff": "M0 1.2 1.1-.8-1.1-.8Z" };
  const live = place.querySelector(".map-live");
  const cut = { value: Number(live.dataset.value), loyalty: Number(live.dataset.loyalty) };

  const number = (count) => count.toLocaleString("en-US");
  const accounts = (count) => (count === 1 ? "1 account" : `${number(count)} accounts`);
  const drawn = (name, attributes, ...inside) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...inside);
    return made;
  };
  const heads = Array.from(table.tHead.rows[0].cells, (head) => head.textContent);
  const points = Array.from(table.tBodies[0].rows, (row) => {
    const cells = [...row.children], texts = cells.map((one) => one.textContent);
    const [name, owner, segment, cell, firm] = texts;
    const at = (column) => Number(cells[column].getAttribute("data-at"));
    return {
      row, name, owner, segment, cell, firm, value: at(5), loyalty: at(6), money: at(7),
      link: cells[0].firstElementChild && cells[0].firstElementChild.getAttribute("href"),
      text: either(`${name} ${owner} ${segment}`),
      facts: texts.map((text, i) => [heads[i], text]).filter(([, text], i) => i && text),
    };
  });
  const most = Math.max(...points.map((one) => one.money), 0);
  const many = points.length > 800 ? 0.6 : 1; // so that thousands leave each other room
  const valued = [...points].sort((a, b) => a.value - b.value || a.loyalty - b.loyalty);
  const likened = [...points].sort((a, b) => a.loyalty - b.loyalty || a.value - b.value);
  let scale = null, found = points, current = null, first = null, byValue = [], byLoyalty = [];

  /* Parts of the page -------------------------------------------------------------------- */
  const picture = [...document.querySelectorAll("figure.chart")].filter((one) =>
    place.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING).pop();
  const heading = picture && picture.querySelector(".chart-title");
  const help = make("p", { className: "map-help", id: "map-help",
    textContent: "Point at or tap an account for details. By keyboard: Tab to the map, then left and right " +
      "by value, up and down by loyalty; Enter opens the account’s page, Escape closes the details." });
  const svg = drawn("svg", { role: "group", "aria-describedby": "map-help",
    "aria-label": "Map of accounts by value and loyalty" });
  const ground = drawn("g", { class: "map-ground", "aria-hidden": "true" });
  const marks = drawn("g", { class: "map-marks" });
  const names = drawn("g", { class: "map-names", "aria-hidden": "true" });
  const ring = drawn("circle", { class: "map-ring", "aria-hidden": "true" });
  const card = make("div", { className: "map-card", hidden: true });
  svg.append(ground, marks, ring, names);
  const { clear, count, fits, empty } = controls(place.querySelector(".map-tools"),
    "Find and filter accounts on the map", points,
    [["Owner", "owner"], ["Segment", "segment"], ["Treatment", "cell"], ["How firm", "firm"]], changed);
  if (picture) picture.classList.add("map-on-paper");

  function legend() {
    const used = new Set(points.map((one) => one.firm));
    const list = make("ul", { className: "map-legend" });
    ["firm", "leaning", "unclear", "not tested"].filter((one) => used.has(one)).forEach((firm) => {
      const mark = drawn("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" },
        drawn("circle", { r: 6, class: kind(firm) }));
      list.append(make("li", {}, mark, firm));
    });
    Object.keys(SHAPES).filter((cell) => points.some((one) => one.cell === cell)).forEach((cell) => {
      const mark = drawn("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" },
        drawn("path", { d: SHAPES[cell], transform: "scale(6)", class: "leaning" }));
      const here = points.filter((one) => one.cell === cell).length;
      list.append(make("li", {}, mark, `${cell}: ${accounts(here)}`));
    });
    list.append(make("li", { textContent: most ? "Size: revenue" : "" }));
    return list;
  }

  function kind(firm) { return firm.replace(" ", "-"); }

  const patterns = {}; // of marks: all that are alike but for place and size
  function like(one) {
    const key = `${one.firm} ${one.cell in SHAPES ? one.cell : ""} ${Boolean(one.link)}`;
    const look = one.cell in SHAPES ? ["path", { d: SHAPES[one.cell] }] : ["circle", {}];
    const frame = one.link ? ["a", {}] : ["g", { role: "img" }];
    patterns[key] ||= drawn(frame[0], { ...frame[1], tabindex: -1 },
      drawn(look[0], { ...look[1], class: kind(one.firm) }));
    return patterns[key];
  }

  /* Points: rows go by revenue, so small ones lie over large ones ----------------------------- */
  points.forEach((one) => {
    one.r = Math.max(SMALLEST, most ? LARGEST * Math.sqrt(one.money / most) : 2 * SMALLEST) * many;
    one.node = like(one).cloneNode(true);
    one.mark = one.node.firstChild;
    one.node.setAttribute("aria-label",
      `${one.name}; ${one.facts.map(([head, text]) => `${head}: ${text}`).join("; ")}`);
    if (one.link) one.node.setAttribute("href", one.link);
    one.node.point = one;
    marks.append(one.node);
  });

  function ticks(low, high) {
    const step = [2, 5, 10, 20, 25, 50].find((one) => (high - low) / one <= 7) || 50;
    const made = [];
    for (let at = Math.ceil(low / step) * step; at <= high; at += step) made.push(at);
    return made;
  }

  function range(key, pad) {
    const all = points.map((one) => one[key]).concat(cut[key]).filter(Number.isFinite);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const room = (high - low || 1) * pad;
    return [low - room, high + room];
  }

  function layout() {
    const width = live.clientWidth;
    if (!width) return;
    const narrow = width < 560, factor = narrow ? 0.6 : 1;
    const height = Math.round(narrow ? width * 1.05 : Math.min(width * 0.66, 560));
    const box = { left: 40, right: width - 8, top: 8, bottom: height - 44 };
    const [x0, x1] = range("value", 0.06), [y0, y1] = range("loyalty", narrow ? 0.18 : 0.12);
    scale = {
      x: (value) => box.left + (value - x0) / (x1 - x0) * (box.right - box.left),
      y: (value) => box.bottom - (value - y0) / (y1 - y0) * (box.bottom - box.top),
      box, narrow, x0, x1, y0, y1, width, height,
    };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    points.forEach((one) => {
      one.x = scale.x(one.value);
      one.y = scale.y(one.loyalty);
      one.size = one.r * factor;
      const [x, y, size] = [one.x, one.y, one.size].map((place) => place.toFixed(1));
      if (one.mark.tagName === "circle") {
        one.mark.setAttribute("cx", x);
        one.mark.setAttribute("cy", y);
        one.mark.setAttribute("r", size);
      } else one.mark.setAttribute("transform", `translate(${x} ${y}) scale(${size})`);
    });
    around();
    if (current) show(current);
  }

  /* Axes, cuts, and the names of the four quarters with how many of the found are in each ----- */
  function around() {
    const { box, x, y, x0, x1, y0, y1, narrow } = scale;
    const line = (x1, y1, x2, y2, name) => drawn("line", { x1, y1, x2, y2, class: name });
    const word = (x, y, text, anchor, name) =>
      drawn("text", { x, y, "text-anchor": anchor, class: name }, text);
    const parts = [line(box.left, box.bottom, box.right, box.bottom, "axis"),
      line(box.left, box.top, box.left, box.bottom, "axis")];
    if (x(cut.value) >= box.left && x(cut.value) <= box.right) {
      parts.push(line(x(cut.value), box.top, x(cut.value), box.bottom, "cut"));
    }
    parts.push(line(box.left, y(cut.loyalty), box.right, y(cut.loyalty), "cut"));
    ticks(Math.max(x0, 0), Math.min(x1, 100)).forEach((at) =>
      parts.push(word(x(at), box.bottom + 16, at, "middle", "tick")));
    ticks(Math.max(y0, 0), Math.min(y1, 100)).forEach((at) =>
      parts.push(word(box.left - 6, y(at) + 4, at, "end", "tick")));
    parts.push(word((box.left + box.right) / 2, box.bottom + 36, "Strategic value (0 to 100)", "middle", "tick"));
    const middle = (box.top + box.bottom) / 2;
    const up = word(11, middle, "Loyalty (0 to 100)", "middle", "tick");
    up.setAttribute("transform", `rotate(-90 11 ${middle})`);
    ground.replaceChildren(...parts, up);
    const corners = QUARTERS.flatMap(([cell, right, top]) => {
      const here = found.filter((one) => one.cell === cell).length;
      const [left, high] = [right ? box.right - 4 : box.left + 6, top ? box.top + 14 : box.bottom - 8];
      const anchor = right ? "end" : "start", own = accounts(here);
      if (!narrow) return [word(left, high, `${cell}: ${own}`, anchor, "quarter")];
      return [word(left, top ? high : high - 15, cell, anchor, "quarter"),
        word(left, top ? high + 15 : high, own, anchor, "quarter")];
    });
    names.replaceChildren(...corners, ...labels(word));
  }

  /* Names of the largest accounts to protect, where they hide nothing ------------------------- */
  function labels(word) {
    const { box, narrow } = scale;
    const taken = QUARTERS.map(([, right, top]) => ({
      left: right ? box.right - 200 : box.left, right: right ? box.right : box.left + 200,
      top: top ? box.top : box.bottom - 34, bottom: top ? box.top + 34 : box.bottom,
    }));
    const largest = found.filter((one) => one.cell === PROTECT && one.money > 0)
      .slice(0, narrow ? 0 : NAMED);
    return largest.flatMap((one) => {
      const text = one.name.length > 28 ? `${one.name.slice(0, 27).trimEnd()}…` : one.name;
      const wide = text.length * 6.6, side = one.size + 5;
      const tried = [[one.x - side - wide, one.y - 7], [one.x + side, one.y - 7],
        [one.x - wide / 2, one.y - side - 12], [one.x - wide / 2, one.y + side]];
      const spot = tried.map(([left, top]) => ({ left, top, right: left + wide, bottom: top + 14 }))
        .find((here) => here.left > box.left && here.right < box.right && here.bottom < box.bottom &&
          taken.every((other) => here.right < other.left || here.left > other.right ||
            here.bottom < other.top || here.top > other.bottom));
      if (!spot) return [];
      taken.push(spot);
      return [word(spot.left, spot.top + 11, text, "start", "name")];
    });
  }

  /* Facts of one account ----------------------------------------------------------------------- */
  function show(one) {
    current = one;
    ring.setAttribute("transform", `translate(${one.x} ${one.y})`);
    ring.setAttribute("r", one.size + 3);
    ring.classList.add("on");
    const title = one.link ? make("a", { href: one.link, textContent: one.name, tabIndex: -1 }) : one.name;
    const list = make("dl", {}, ...one.facts.flatMap(([head, text]) =>
      [make("dt", { textContent: head }), make("dd", { textContent: text })]));
    card.replaceChildren(make("p", { className: "map-card-name" }, title), list);
    const here = found.filter((other) => other.x === one.x && other.y === one.y).length;
    if (here > 1) {
      card.append(make("p", { className: "map-card-here",
        textContent: `${accounts(here)} stand at this place: arrow keys go through them.` }));
    }
    card.hidden = false;
    if (scale.narrow) { card.style.left = card.style.top = ""; return; }
    const { offsetWidth: wide, offsetHeight: high } = card;
    const right = one.x + one.size + 8, left = one.x - one.size - 8 - wide;
    card.style.left = `${right + wide < scale.width ? right : Math.max(0, left)}px`;
    card.style.top = `${Math.max(0, Math.min(one.y - high / 2, scale.height - high))}px`;
  }

  function hide() {
    current = null;
    card.hidden = true;
    ring.classList.remove("on");
  }

  function nearest(event) {
    const seen = svg.getBoundingClientRect(), factor = scale.width / seen.width;
    const [x, y] = [(event.clientX - seen.left) * factor, (event.clientY - seen.top) * factor];
    const far = (one) => Math.hypot(one.x - x, one.y - y);
    let best = null, least = Infinity;
    found.forEach((one) => {
      const away = far(one);
      if (away < one.size + REACH && away < least) { best = one; least = away; }
    });
    return best;
  }

  svg.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const one = nearest(event);
    if (one && one !== current) show(one);
  });
  live.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch" && !marks.contains(document.activeElement)) hide();
  });
  svg.addEventListener("click", (event) => {
    if (event.detail === 0) return; // Enter on a point
    event.preventDefault();
    const one = nearest(event);
    if (!one) hide();
    else if (one === current && event.pointerType !== "touch" && one.link) window.location.href = one.link;
    else show(one);
  });

  /* By keyboard: one point is in the order of Tab, arrows go to the others ---------------------- */
  function stop(one) {
    if (first) first.node.setAttribute("tabindex", "-1");
    if (one) one.node.setAttribute("tabindex", "0");
    first = one;
  }
  live.addEventListener("focusin", (event) => { // on SVG itself it would make a stop of its own
    const node = event.target.closest(".map-marks > [tabindex]");
    if (node && node.point) { stop(node.point); show(node.point); }
  });
  live.addEventListener("focusout", (event) => { if (marks.contains(event.target)) hide(); });
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    const node = event.target.closest("[tabindex]"), one = node && node.point;
    if (!one) return undefined;
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key], along = { ArrowDown: -1, ArrowUp: 1 }[event.key];
    const order = along ? byLoyalty : byValue, at = order.indexOf(one);
    const next = event.key === "Home" ? 0 : event.key === "End" ? order.length - 1
      : across || along ? Math.max(0, Math.min(order.length - 1, at + (across || along))) : -1;
    if (next < 0) return undefined;
    event.preventDefault();
    order[next].node.focus({ preventScroll: true });
    return undefined;
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  function changed() {
    const fit = fits();
    points.forEach((one) => {
      const off = !fit(one);
      if (off === one.off) return;
      one.off = one.row.hidden = off;
      one.mark.classList.toggle("off", off);
    });
    found = points.filter((one) => !one.off);
    byValue = valued.filter((one) => !one.off);
    byLoyalty = likened.filter((one) => !one.off);
    hide();
    stop(found.find((one) => one.cell === PROTECT) || found[0]); // the largest: rows go by revenue
    count.textContent =
      (found.length === points.length ? "" : `${number(found.length)} of `) + accounts(points.length);
    if (scale) around();
    if (scale && found.length === 1) show(found[0]);
  }

  clear.addEventListener("click", () => { empty(); changed(); });
  if (heading) live.append(make("p", { className: "chart-title", textContent: heading.textContent }));
  live.append(make("div", { className: "map-field" }, svg, card), legend(), help);
  new ResizeObserver(layout).observe(live);
  layout();
  changed();
})();
