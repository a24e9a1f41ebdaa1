/* What the account list and the value map share: texts without accents, and their controls. */
"use strict";
const handbookFind = (function () {
  const letters = { ø: "o", ß: "ss", æ: "ae", œ: "oe", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };
  const fold = (text) =>
    text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")
      .replace(/[øßæœłđðþı]/g, (sign) => letters[sign]);
  const typed = { ä: "ae", ö: "oe", ü: "ue", ø: "oe", å: "aa" }; // where a keyboard lacks the letter
  const spelled = (text) =>
    fold(text.toLowerCase().normalize("NFC").replace(/[äöüøå]/g, (sign) => typed[sign]));
  const either = (text) => {
    const [plain, other] = [fold(text), spelled(text)];
    return plain === other ? plain : plain + " " + other;
  };
  const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });
  const make = (name, properties, ...inside) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inside);
    return made;
  };
  const field = (label, control) => make("label", {}, make("span", { textContent: label }), control);

  /* Controls over rows that hold `text` and what choices go by: `fits` says whether a row is found. */
  function controls(tools, label, rows, choices, changed) {
    const find = make("input", { type: "search", autocomplete: "off", spellcheck: false });
    const selects = choices.map(([name, key]) => {
      const values = [...new Set(rows.map((one) => one[key]).filter(Boolean))].sort(collator.compare);
      const select = make("select", {}, new Option("All", ""), ...values.map((v) => new Option(v, v)));
      select.addEventListener("change", changed);
      return { name, key, select, values };
    }).filter((one) => one.values.length > 1);
    const clear = make("button", { type: "button", textContent: "Clear" });
    const count = make("p", { className: "account-count" });
    count.setAttribute("role", "status");
    count.setAttribute("aria-live", "polite");
    tools.setAttribute("role", "search");
    tools.setAttribute("aria-label", label);
    tools.append(field("Find", find), ...selects.map((one) => field(one.name, one.select)), clear, count);
    find.addEventListener("input", changed);
    const fits = () => {
      const words = fold(find.value).split(/\s+/).filter(Boolean);
      return (one) => words.every((word) => one.text.includes(word)) &&
        selects.every(({ key, select }) => !select.value || one[key] === select.value);
    };
    const empty = () => {
      find.value = "";
      selects.forEach(({ select }) => { select.value = ""; });
      find.focus();
    };
    return { find, clear, count, fits, empty };
  }
  return { fold, spelled, either, collator, make, controls };
})();
