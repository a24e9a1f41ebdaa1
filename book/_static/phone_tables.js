/* On a phone a table of words that is wider than the screen is read row by row, as cards; one of
   numbers keeps its columns and says how many there are. Without it every table is scrolled. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const phone = matchMedia("(max-width: 640px)");
  const WORDS = 20; // letters of a cell that is read, and not compared
  const said = (cell) => cell.textContent.trim();

  const wordy = (table) => {
    const [head, ...more] = table.tHead ? table.tHead.rows : [];
    if (!head || more.length || head.querySelector("[colspan]")) return false;
    const long = new Set();
    for (const row of table.tBodies[0].rows) {
      if (row.cells.length !== head.cells.length) return false;
      for (const cell of [...row.cells].slice(1)) {
        if (!cell.matches(".number, .date") && said(cell).length > WORDS) long.add(cell.cellIndex);
      }
    }
    return long.size > 0;
  };

  const asCards = (table) => {
    const heads = [...table.tHead.rows[0].cells].map(said);
    table.classList.add("cards");
    table.setAttribute("role", "table"); // what is shown as blocks is a table still
    for (const part of [table.tHead, ...table.tBodies]) part.setAttribute("role", "rowgroup");
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      for (const cell of row.cells) {
        const inBody = row.parentElement !== table.tHead;
        const name = inBody ? "rowheader" : "columnheader";
        cell.setAttribute("role", cell.matches("th") ? name : "cell");
        if (inBody && cell.cellIndex) cell.dataset.head = heads[cell.cellIndex];
      }
    }
  };

  const hinted = (holder, table) => {
    const hint = document.createElement("p");
    const wide = [...table.rows].reduce((most, row) => Math.max(most, row.cells.length), 0);
    hint.className = "table-hint";
    hint.textContent = `${wide} columns: swipe the table sideways.`;
    holder.before(hint);
  };

  const fit = (inside) => {
    if (!phone.matches) return;
    for (const holder of inside.querySelectorAll(".table-scroll:not([data-fitted])")) {
      const table = holder.querySelector(":scope > table:not(.account-table)");
      if (!table || holder.scrollWidth <= holder.clientWidth + 2) continue; // or in a closed part
      holder.dataset.fitted = "yes";
      if (table.matches(".data-table") && wordy(table)) asCards(table);
      else hinted(holder, table);
    }
  };

  fit(document);
  phone.addEventListener("change", () => fit(document));
  document.addEventListener("toggle", (event) => fit(event.target), true);
});
