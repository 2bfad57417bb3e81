// Loads comments from elsewhere when the reader asks for them, and not before.
// What to load stands in the card (plugins/comments/systems.py); without script its link is all.
"use strict";

(() => {
  const scheme = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // Resolves when the script has run, fails when its server gives none.
  function run(box, src, attributes) {
    return new Promise((done, fail) => {
      const script = element("script", attributes);
      script.onload = done;
      script.onerror = fail;
      script.src = src;
      box.append(script);
    });
  }

  function embed(box, plan) {
    Object.assign(window, plan.globals);
    if (plan.target) box.append(element(...plan.target));
    return run(box, plan.script, plan.attributes);
  }

  function disqus(box, plan) {
    window.disqus_config = function () {
      Object.assign(this.page, plan.page);
      this.language = "de";
    };
    return embed(box, plan);
  }

  // Its own script would write inline script into a frame. This frame is the same without.
  function cusdis(box, plan) {
    return new Promise((done, fail) => {
      const frame = element("iframe", {
        srcdoc: '<!doctype html><html lang="de"><base target="_parent"><div id="root"></div></html>',
      });
      frame.onload = () => {
        const inside = frame.contentDocument;
        Object.assign(frame.contentWindow, { __DATA__: plan.data, CUSDIS_LOCALE: plan.words });
        const style = inside.createElement("link");
        Object.assign(style, { rel: "stylesheet", href: plan.style });
        const script = inside.createElement("script");
        Object.assign(script, { onload: done, onerror: fail, src: plan.script });
        inside.head.append(style);
        inside.body.append(script);
      };
      addEventListener("message", (event) => {
        if (event.source !== frame.contentWindow) return;
        const said = typeof event.data === "string" ? JSON.parse(event.data) : {};
        if (said.event === "resize") frame.style.blockSize = `${Number(said.data)}px`;
      });
      box.append(frame);
    });
  }

  const KEPT = new Set("P BR EM STRONG CODE PRE BLOCKQUOTE OL UL LI".split(" "));

  // Builds anew what is harmless; all else leaves its text.
  function clean(node) {
    if (node.nodeType === Node.TEXT_NODE) return [node.data];
    if (node.nodeType !== Node.ELEMENT_NODE || ["SCRIPT", "STYLE"].includes(node.tagName)) return [];
    const children = [...node.childNodes].flatMap(clean);
    if (KEPT.has(node.tagName)) return [element(node.tagName, {}, ...children)];
    return node.tagName === "A" ? [link(node.getAttribute("href"), ...children)] : children;
  }

  function link(href, ...children) {
    const isWeb = /^https?:/i.test(href || "");
    return element("a", isWeb ? { href, rel: "nofollow ugc noopener" } : {}, ...children);
  }

  function reply(status) {
    const date = new Date(status.created_at);
    const shown = date.toLocaleString("de", { dateStyle: "long", timeStyle: "short" });
    const text = new DOMParser().parseFromString(status.content, "text/html").body;
    let words = element("div", { class: "comment__text prose flow" }, ...[...text.childNodes].flatMap(clean));
    if (status.language) words.lang = status.language;
    if (status.spoiler_text) {
      const warning = element("summary", {}, `Inhaltswarnung: ${status.spoiler_text}`);
      words = element("details", {}, warning, words);
    }
    const name = link(status.account.url, status.account.display_name || status.account.acct);
    return element("li", {}, element("article", { class: "comment" },
      element("header", { class: "comment__header" },
        element("h4", { class: "comment__author" }, name),
        element("p", { class: "comment__date" }, link(status.url, shown))),
      words));
  }

  async function mastodon(box, plan) {
    const answer = await fetch(plan.api, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(answer.status);
    const found = (await answer.json()).descendants
      .filter((status) => ["public", "unlisted"].includes(status.visibility) && /^https:/.test(status.url));
    box.append(found.length
      ? element("ol", { class: "comments__list" }, ...found.map(reply))
      : element("p", {}, "Noch hat niemand geantwortet."));
  }

  const KINDS = { cusdis, disqus, mastodon };

  // What others put on the page gets a German name.
  function nameFrames(box, title) {
    const name = () => {
      for (const frame of box.querySelectorAll("iframe")) if (frame.title !== title) frame.title = title;
    };
    new MutationObserver(name).observe(box, { childList: true, subtree: true });
  }

  async function load(card, button) {
    const status = card.querySelector("[role=status]");
    const title = card.querySelector("h3").textContent;
    const plan = JSON.parse(card.dataset.embed.replaceAll("{scheme}", scheme()));
    const box = element("div", { class: "comment-embed__box flow", tabindex: "-1", role: "group", "aria-label": title });
    nameFrames(box, title);
    status.textContent = "Wird geladen\u00a0…";
    status.before(box);
    // The button goes, so the keyboard goes on where the comments will be.
    button.parentElement.remove();
    box.focus({ preventScroll: true });
    try {
      await (KINDS[plan.kind] || embed)(box, plan);
      status.textContent = "Geladen.";
    } catch {
      status.textContent = "Das war nicht zu laden. Bitte versuchen Sie es später noch einmal.";
    }
  }

  for (const card of document.querySelectorAll("[data-embed]")) {
    const button = card.querySelector("button");
    button.addEventListener("click", () => load(card, button), { once: true });
    button.hidden = false;
  }
})();
