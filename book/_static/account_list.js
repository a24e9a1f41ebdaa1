/* The account list: find with or without accents, filter, sort. Without it the table is whole. */
"use strict";
(function () {
  const place = document.querySelector("section.account-list");
  const table = place && place.querySelector("table.account-table");
  if (!table) return;
  const FIRST = 25; // rows on the screen at once: all are a press away
  const tools = place.querySelector(".account-tools");
  const body = table.tBodies[0];
  const { either, collator, make, controls } = handbookFind;
  const small = (cell) => (cell.querySelector("small") || { textContent: "" }).textContent;
  const rows = Array.from(body.rows, (row) => ({
    row,
    text: either([0, 1, 8].map((at) => row.cells[at].textContent).join(" ")),
    keys: Array.from(row.cells, (cell) => cell.dataset.sort || ""),
    owner: (row.cells[1].dataset.sort || "").replace(/^~$/, ""),
    caller: small(row.cells[8]).split(", by ")[0],
    segment: small(row.cells[0]),
    treatment: (row.cells[7].dataset.sort || "").replace(/^~$/, ""),
  }));
  let whole = false, order = { column: -1, down: false }, found = rows;

  const { clear, count, fits, empty } = controls(tools, "Find and filter accounts", rows,
    [["Who calls", "caller"], ["Owner", "owner"], ["Segment", "segment"], ["Treatment", "treatment"]],
    changed);
  const more = make("button", { type: "button", className: "account-more" });
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
    found = rows.filter(fits());
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

  clear.addEventListener("click", () => {
    order = { column: -1, down: false };
    empty();
    changed();
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
