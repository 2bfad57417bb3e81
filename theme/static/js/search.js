// Searches the index that plugins/search has written: files with the words asked for, then files with the pages found.
const place = document.querySelector("[data-word-files]");

if (place) {
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const WORD = /[\p{L}\p{N}]+(?:['’‑-][\p{L}\p{N}]+)*/gu;
  const MOST_WORDS = 12;
  const AT_ONCE = 10;
  const FEWEST_LETTERS = 4; // of a word that may be mistyped, and of the parts of a compound
  const AROUND = 110; // letters of a passage before and after the word
  const common = new Set(place.dataset.common.split(" "));
  const [status, plain] = place.children;
  const query = (new URLSearchParams(location.search).get("q") ?? "").trim();

  // -- Terms: the same as in plugins/search/core.py -----------------------------------------------------

  function fold(word) {
    return word
      .toLowerCase()
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/([aeq]ue)|([aou])e/g, "$1$2")
      .replaceAll("ss", "ß");
  }

  function withoutEnding(folded) {
    return /^(.{3,}?)(?:e[mnrs]?|[ns])*$/.exec(folded)?.[1] ?? folded;
  }

  function termOf(word) {
    return withoutEnding(fold(word.replace(/['’‑-]/g, "")));
  }

  // -- Files --------------------------------------------------------------------------------------------

  const files = new Map();

  function load(name) {
    if (!files.has(name)) {
      files.set(
        name,
        fetch(name).then((answer) => {
          if (!answer.ok) throw new Error(name);
          return answer.json();
        }),
      );
    }
    return files.get(name);
  }

  function fileNumber(cell, count) {
    let number = 0;
    for (let at = 0; at < cell.length; at += 1) number = (number * 31 + cell.charCodeAt(at)) >>> 0;
    return ((number ^ (number >>> 7)) >>> 0) % count;
  }

  // Of a term with so many letters, how many at its beginning, and at its end, say which file it is in.
  function cellLetters(length) {
    return Math.min(4, Math.max(2, (length - 1) >> 1));
  }

  // What only the newest pages have is in one file; of what they share with others, each has a part of the postings.
  async function wordsIn(cell) {
    const file = load(`woerter/${fileNumber(cell, Number(place.dataset.wordFiles))}.json`);
    const [older, newest] = await Promise.all([file, load("neueste.json")]);
    const words = { ...older };
    for (const [term, found] of Object.entries(newest.woerter))
      if (term.startsWith(cell)) words[term] = (words[term] ?? "") + found;
    return words;
  }

  async function endsIn(cell) {
    const file = load(`enden/${fileNumber(cell, Number(place.dataset.endFiles))}.json`);
    const [older, newest] = await Promise.all([file, load("neueste.json")]);
    return older.concat(Object.keys(newest.woerter).filter((term) => term.length > FEWEST_LETTERS && term.endsWith(cell)));
  }

  async function postings(term) {
    return (await wordsIn(term.slice(0, cellLetters(term.length))))[term];
  }

  // -- Words: what is found for each ----------------------------------------------------------------------

  // *hits*: what a page's id is worth; *terms*: which were found.
  function counted(found, share) {
    const hits = new Map();
    const pages = Number(place.dataset.wordFiles) * 8; // about so many
    for (const text of Object.values(found)) {
      // What few pages have says more.
      const rarity = Math.log2(1 + pages / (text.length / 4)) * share;
      for (let at = 0; at < text.length; at += 4) {
        const id = text.slice(at, at + 3);
        const worth = rarity * DIGITS.indexOf(text[at + 3]);
        hits.set(id, Math.max(worth, hits.get(id) ?? 0));
      }
    }
    return { hits, terms: Object.keys(found), isExact: share === 1 };
  }

  // Whether one letter is wrong, missing or too many, or two have changed places.
  function isNear(one, other) {
    const shorter = Math.min(one.length, other.length);
    let start = 0;
    let end = 0;
    while (start < shorter && one[start] === other[start]) start += 1;
    while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
    const [a, b] = [one, other].map((word) => word.slice(start, word.length - end));
    return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b === a[1] + a[0]);
  }

  // Words that begin like *term*, and words of which it may be a slip.
  async function similar(term) {
    const cells = [2, 3, 4].map((letters) => wordsIn(term.slice(0, letters)));
    const known = Object.assign({}, ...(await Promise.all(cells)));
    const names = Object.keys(known).filter((name) => name.startsWith(term) || isNear(term, name));
    return [Object.fromEntries(names.map((name) => [name, known[name]])), known];
  }

  // Pages with both parts of a compound that nobody has written yet: *begun* has words that begin like it.
  async function parts(word, begun) {
    const folded = fold(word);
    for (let at = folded.length - FEWEST_LETTERS; at >= FEWEST_LETTERS; at -= 1) {
      const [left, right] = [folded.slice(0, at), folded.slice(at)].map(withoutEnding);
      const rest = begun[left] && (await postings(right));
      if (rest) {
        const both = [counted({ [left]: begun[left] }, 0.5), counted({ [right]: rest }, 0.5)];
        const hits = [...both[0].hits].filter(([id]) => both[1].hits.has(id));
        if (hits.length) return { hits: new Map(hits), terms: [left, right], isExact: true };
      }
    }
    return undefined;
  }

  async function mistypedAtTheBeginning(term) {
    const { length } = term;
    const letters = new Set([length - 1, length, length + 1].map(cellLetters));
    const lists = await Promise.all([...letters].map((count) => endsIn(term.slice(-count))));
    const names = [...new Set(lists.flat())].filter((name) => isNear(term, name));
    const found = await Promise.all(names.map(postings));
    return Object.fromEntries(names.map((name, at) => [name, found[at]]));
  }

  async function lookUp(word) {
    const term = termOf(word);
    const isCommon = common.has(word.toLowerCase());
    const exact = await postings(term);
    const missing = { hits: new Map(), terms: [], isExact: true };
    if (exact) return { word, isCommon, ...counted({ [term]: exact }, 1) };
    if (isCommon || term.length < FEWEST_LETTERS) return { word, isCommon, ...missing };
    const [near, begun] = await similar(term);
    if (Object.keys(near).length) return { word, ...counted(near, 0.5) };
    return { word, ...((await parts(word, begun)) ?? counted(await mistypedAtTheBeginning(term), 0.5)) };
  }

  // -- Pages ----------------------------------------------------------------------------------------------

  // Ids of the pages that have the most of the words, the best first; common words only add to the order.
  function ranked(words) {
    const telling = words.filter(({ isCommon }) => !isCommon);
    const wanted = new Set(telling.length ? telling : words);
    const pages = new Map();
    for (const word of words) {
      for (const [id, worth] of word.hits) {
        const page = pages.get(id) ?? { id, words: 0, worth: 0 };
        page.words += wanted.has(word) ? 1 : 0;
        page.worth += wanted.has(word) ? worth : worth / 2;
        pages.set(id, page);
      }
    }
    const most = Math.max(0, ...[...pages.values()].map((page) => page.words));
    const found = most ? [...pages.values()].filter((page) => page.words === most) : [];
    found.sort((one, other) => other.worth - one.worth || (one.id < other.id ? -1 : 1));
    return { ids: found.map(({ id }) => id), isPartial: most > 0 && most < wanted.size };
  }

  async function page(id) {
    const number = DIGITS.indexOf(id[0]) * 64 + DIGITS.indexOf(id[1]);
    const pages = id.startsWith("++") ? load("neueste.json").then(({ seiten }) => seiten) : load(`seiten/${number}.json`);
    const [url, note, title, text, lang] = (await pages)[id[2]] ?? [];
    // After a deployment, files of two indexes may meet.
    return url && { url, note, title, text, lang };
  }

  // -- What readers see -----------------------------------------------------------------------------------

  function make(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  function isHit(word, terms) {
    if (common.has(word.toLowerCase())) return false;
    const [folded, term] = [fold(word.replace(/['’‑-]/g, "")), termOf(word)];
    return terms.some((one) => one === term || (one.length >= FEWEST_LETTERS && folded.includes(one)));
  }

  function marked(text, terms) {
    const pieces = [];
    let end = 0;
    for (const { 0: word, index } of text.matchAll(WORD)) {
      if (isHit(word, terms)) {
        pieces.push(text.slice(end, index), make("mark", "", word));
        end = index + word.length;
      }
    }
    return [...pieces, text.slice(end)];
  }

  // The passage around the first of the words in the text of a page; examples of what is wrong are none.
  function passage(main, terms) {
    for (const block of main.querySelectorAll("p, li, dd:not(.no-typo), td, h2, h3, figcaption, pre")) {
      const text = block.textContent.replaceAll("\u00ad", "").replace(/\s+/g, " ").trim();
      const hit = [...text.matchAll(WORD)].find(([word]) => isHit(word, terms));
      if (hit) {
        const start = hit.index > AROUND ? text.indexOf(" ", hit.index - AROUND) + 1 : 0;
        const far = text.lastIndexOf(" ", hit.index + hit[0].length + AROUND);
        const end = text.length > hit.index + 2 * AROUND ? Math.max(far, hit.index + hit[0].length) : text.length;
        return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
      }
    }
    return undefined;
  }

  // Where the summary has none of the words, the page itself is asked, once the result is in sight.
  const waiting = new Map();
  const sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        sight.unobserve(target);
        waiting.get(target)();
      }
    }
  });

  function showPassageOf(url, text, terms) {
    waiting.set(text, async () => {
      try {
        const answer = await fetch(`/${url}`);
        const whole = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = passage(whole.querySelector(".e-content, .prose") ?? whole.body, terms);
        if (found) text.replaceChildren(...marked(found, terms));
      } catch {
        // The summary stays.
      }
    });
    sight.observe(text);
  }

  function item({ url, note, title, text, lang }, terms) {
    const made = make("li", "entry-list__item");
    const link = make("a", "", ...marked(title, terms));
    link.href = `/${url}`;
    const words = make("p", "", ...marked(text, terms));
    const label = make("p", "entry-list__note", ...marked(note, terms));
    made.append(make("h2", "entry-list__title", link), label, words);
    if (lang) for (const part of [link, words]) part.lang = lang;
    if (!made.querySelector("mark")) showPassageOf(url, words, terms);
    return made;
  }

  async function showMore(list, ids, terms) {
    const pages = await Promise.all(ids.splice(0, AT_ONCE).map(page));
    const items = pages.filter(Boolean).map((one) => item(one, terms));
    list.append(...items);
    list.nextElementSibling?.remove();
    if (ids.length) {
      const button = make("button", "button", "Weitere Treffer");
      button.type = "button";
      button.dataset.variant = "quiet";
      button.addEventListener("click", async () => {
        const first = await showMore(list, ids, terms);
        first?.querySelector("a").focus();
      });
      list.after(button);
    }
    return items[0];
  }

  function told(words, count, isPartial) {
    if (!count)
      return `Zu „${query}“ ist nichts zu finden. Prüfen Sie die Schreibung, oder versuchen Sie es mit einem anderen Wort.`;
    const sentences = [`${count.toLocaleString("de")} Treffer für „${query}“.`];
    for (const { word, isExact } of words)
      if (!isExact) sentences.push(`„${word}“ selbst kommt nicht vor; gezeigt wird, was ähnlich geschrieben ist.`);
    if (isPartial) sentences.push("Alle Wörter zusammen hat keine Seite; gezeigt wird, was am meisten davon hat.");
    return sentences.join(" ");
  }

  async function search() {
    const asked = [...new Set(query.match(WORD) ?? [])].slice(0, MOST_WORDS);
    const words = await Promise.all(asked.map(lookUp));
    const { ids, isPartial } = ranked(words);
    const count = ids.length;
    if (count) {
      const list = make("ol", "entry-list");
      place.append(list);
      await showMore(list, ids, words.flatMap(({ terms }) => terms));
    }
    status.textContent = told(words, count, isPartial);
  }

  plain.remove();
  if (query) {
    document.querySelector(".search-form input").value = query;
    document.title = `${query} – ${document.title}`;
    search().catch(() => {
      status.textContent = "Die Suche ist gerade nicht zu erreichen. Bitte versuchen Sie es gleich noch einmal.";
    });
  }
}
