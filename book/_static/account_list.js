/* The account list: find with or without accents, filter, sort. Without it the table is whole. */
"use strict";
(function () {
  const place = document.querySelector("section.account-list");
  const table = place && place.querySelector("table.account-table");
  if (!table) return;
  const FIRST = 25; // rows on the screen at once: all are a press away
  const tools = place.querySelector(".account-tools");
  const body = table.tBodies[0];
  const letters = { ø: "o", ß: "ss", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
  const fold = (text) =>
    text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")
      .replace(/[øßæœłđðþı]/g, (sign) => letters[sign]);
  const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });
  const small = (cell) => (cell.querySelector("small") || { textContent: "" }).textContent;
  const rows = Array.from(body.rows, (row) => ({
    row,
    text: fold([0, 1, 8].map((at) => row.cells[at].textContent).join(" ")),
    keys: Array.from(row.cells, (cell) => cell.dataset.sort || ""),
    owner: (row.cells[1].dataset.sort || "").replace(/^~$/, ""),
    caller: small(row.cells[8]).split(", by ")[0],
    segment: small(row.cells[0]),
    treatment: (row.cells[7].dataset.sort || "").replace(/^~$/, ""),
  }));
  let whole = false, order = { column: -1, down: false }, found = rows;

  const make = (name, properties, ...inside) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inside);
    return made;
  };
  const field = (label, control) => make("label", {}, make("span", { textContent: label }), control);
  const find = make("input", { type: "search", autocomplete: "off", spellcheck: false });
  const choice = (label, key) => {
    const values = [...new Set(rows.map((one) => one[key]).filter(Boolean))].sort(collator.compare);
    const select = make("select", {}, new Option("All", ""), ...values.map((v) => new Option(v, v)));
    select.addEventListener("change", changed);
    return { key, select, label, values };
  };
  const choices = [choice("Who calls", "caller"), choice("Owner", "owner"), choice("Segment", "segment"),
    choice("Treatment", "treatment")].filter((one) => one.values.length > 1);
  const clear = make("button", { type: "button", textContent: "Clear" });
  const more = make("button", { type: "button", className: "account-more" });
  const count = make("p", { className: "account-count" });
  count.setAttribute("role", "status");
  count.setAttribute("aria-live", "polite");
  tools.setAttribute("role", "search");
  tools.setAttribute("aria-label", "Find and filter accounts");
  tools.append(field("Find", find), ...choices.map((one) => field(one.label, one.select)), clear, count);
  table.closest(".account-scroll").after(more);

  const heads = Array.from(table.tHead.rows[0].cells, (head, column) => {
    if (column === 9) return head; // what not to pitch has no order
    const button = make("button", { type: "button", textContent: head.textContent });
    button.addEventListener("click", () => {
      const down = head.dataset.kind === "number";
      order = { column, down: order.column === column ? !order.down : down };
      changed();
    });
    head.replaceChildren(button);
    return head;
  });

  function compare(one, other) {
    const [a, b] = [one.keys[order.column], other.keys[order.column]];
    if (heads[order.column].dataset.kind !== "number") {
      return (order.down ? -1 : 1) * collator.compare(a, b);
    }
    if (a === "" || b === "") return (a === "") - (b === ""); // what is not known stands last
    return (order.down ? -1 : 1) * (Number(a) - Number(b));
  }

  function draw(all) {
    const part = all || whole ? found : found.slice(0, FIRST);
    body.replaceChildren(...part.map((one) => one.row));
    const left = found.length - part.length;
    more.hidden = left <= 0;
    more.textContent = "Show all " + found.length;
  }

  function changed() {
    const words = fold(find.value).split(/\s+/).filter(Boolean);
    found = rows.filter((one) => words.every((word) => one.text.includes(word)) &&
      choices.every(({ key, select }) => !select.value || one[key] === select.value));
    if (order.column >= 0) found = [...found].sort(compare);
    heads.forEach((head, column) => {
      if (column === order.column) {
        head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      } else head.removeAttribute("aria-sort");
    });
    whole = false;
    count.textContent = found.length === 1 ? "1 account" : found.length + " accounts";
    draw(false);
  }

  find.addEventListener("input", changed);
  clear.addEventListener("click", () => {
    find.value = "";
    choices.forEach(({ select }) => { select.value = ""; });
    order = { column: -1, down: false };
    changed();
    find.focus();
  });
  more.addEventListener("click", () => {
    whole = true;
    draw(true);
    const next = found[FIRST] && found[FIRST].row.cells[0];
    if (next) { next.tabIndex = -1; next.focus(); }
  });
  window.addEventListener("beforeprint", () => draw(true));
  window.addEventListener("afterprint", () => draw(false));
  changed();
})();
