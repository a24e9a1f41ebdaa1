/* The search: an excerpt under each result, from what the pages say. Words that nobody wrote with
   the accents that were typed are looked for without. */
"use strict";
let handbookExcerpts = null;
(function () {
  const place = document.querySelector("#search-results");
  if (!place || typeof Search === "undefined") return;
  const { fold, spelled, make } = handbookFind;
  const BEFORE = 60, LONG = 240; // characters: shown before the first word found, and in all
  const WORD = /[\p{L}\p{N}_]+/gu;
  const root = document.documentElement.dataset.content_root || "./";
  let texts = null, wanted = [];

  const parse = Search._parseQuery;
  Search._parseQuery = (query) => {
    const [said, terms, ...rest] = parse(query);
    const known = (term) => term in Search._index.terms || term in Search._index.titleterms;
    return [said, new Set([...terms].map((term) => known(term) ? term : fold(term))), ...rest];
  };

  /* Where words begin that were looked for, and which of them each is. */
  function hits(text) {
    const found = [];
    for (const word of text.matchAll(WORD)) {
      const forms = [fold(word[0]), spelled(word[0])];
      const which = wanted.findIndex((one) => forms.some((form) => form.startsWith(one)));
      if (which >= 0) found.push({ at: word.index, to: word.index + word[0].length, which });
    }
    return found;
  }

  /* The place from which most of what was looked for is within an excerpt's length. */
  function best(found) {
    let most = 0, first = found[0];
    for (const one of found) {
      const near = found.filter((other) => other.at >= one.at && other.to <= one.at + LONG - BEFORE);
      const kinds = new Set(near.map((other) => other.which)).size;
      if (kinds > most) { most = kinds; first = one; }
      if (most === wanted.length) break;
    }
    return first;
  }

  function excerpt(text) {
    const found = hits(text), first = found.length ? best(found).at : 0;
    const begins = Math.max(0, first - BEFORE);
    const cut = /[.?!·] /.exec(text.slice(begins, first));
    let from = begins;
    if (begins > 0) from = cut ? begins + cut.index + 2 : text.indexOf(" ", begins) + 1;
    if (from > first) from = first;
    let to = Math.min(text.length, from + LONG);
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), Math.min(to, first + 1));
    const shown = make("p", { className: "context" }, from > 0 ? "… " : "");
    let at = from;
    for (const one of found.filter((hit) => hit.at >= from && hit.to <= to)) {
      shown.append(text.slice(at, one.at), make("mark", { textContent: text.slice(one.at, one.to) }));
      at = one.to;
    }
    shown.append(text.slice(at, to).replace(/[ ·]+$/, ""), to < text.length ? " …" : "");
    return shown;
  }

  function add(item) {
    const link = item.querySelector("a");
    if (!texts || !link || item.querySelector(".context")) return;
    const name = link.getAttribute("href").replace(root, "").replace(/\.html(#.*)?$/, "");
    if (texts[name]) item.append(excerpt(texts[name]));
  }

  const all = () => place.querySelectorAll("ul.search > li").forEach(add);
  handbookExcerpts = (said) => {
    const query = new URLSearchParams(location.search).get("q") || "", stems = new Stemmer();
    wanted = [...query.toLowerCase().matchAll(WORD)].map(([word]) => word)
      .filter((word) => !stopwords.includes(word))
      .flatMap((word) => [fold(word), fold(stems.stemWord(word))]);
    wanted = [...new Set(wanted)];
    texts = said;
    all();
  };
  new MutationObserver(all).observe(place, { childList: true, subtree: true });
  document.body.append(make("script", { src: root + "_static/search_texts.js" }));
})();
