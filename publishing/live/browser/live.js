// Keeps a page of the preview as the author last saved it, and says what keeps it from that.
(() => {
  "use strict";

  const RETRY_MS = 400;
  const script = document.currentScript;
  const address = new URL("live", script.src.replace(/^http/, "ws"));
  const own = new Set([location.pathname, script.dataset.page]);
  // The number of the site's state that this page shows.
  let stand = Number(script.dataset.stand);
  let socket = null;

  function connect() {
    if (socket?.readyState <= WebSocket.OPEN) return;
    socket = new WebSocket(address);
    socket.onmessage = (event) => heed(JSON.parse(event.data));
    socket.onclose = reconnect;
  }

  // Browsers wait ever longer before they try a refused WebSocket again, up to a minute. A request
  // is refused at once.
  async function reconnect() {
    for (;;) {
      await pause(RETRY_MS);
      await visible();
      try {
        await fetch(script.src, { method: "HEAD", cache: "no-store" });
        return connect();
      } catch {
        // Still nobody there.
      }
    }
  }

  function pause(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  function visible() {
    return new Promise((resolve) => {
      if (!document.hidden) return resolve();
      document.addEventListener("visibilitychange", () => resolve(), { once: true });
    });
  }

  function heed({ since, stand: now, changed, problems }) {
    show(problems);
    if (now === stand) return;
    if (since !== stand || changed === null) return location.reload();
    stand = now;
    const paths = changed.map((path) => new URL(path, location.origin).pathname);
    const affected = paths.filter(isUsed());
    if (affected.every((path) => path.endsWith(".css"))) affected.forEach(exchange);
    else location.reload();
  }

  function isUsed() {
    const used = new Set(own);
    for (const { name } of performance.getEntriesByType("resource")) {
      used.add(new URL(name).pathname);
    }
    return (path) => used.has(path);
  }

  // The old stylesheet stays until the new one is there, so that the page never stands without.
  function exchange(path) {
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const url = new URL(link.href);
      if (url.pathname !== path) continue;
      url.searchParams.set("stand", stand);
      const next = link.cloneNode();
      next.href = url;
      next.onload = next.onerror = () => link.remove();
      link.after(next);
    }
  }

  // --- What is wrong ---------------------------------------------------------------------------

  let panel = null;

  function show(problems) {
    panel?.remove();
    panel = null;
    if (problems.length === 0) return;
    panel = element("mittwochspost-vorschau", "", { lang: "de" });
    const style = element("link", "", { rel: "stylesheet", href: new URL("live.css", script.src) });
    const section = element("section", "", { role: "alert" });
    panel.attachShadow({ mode: "open" }).append(style, section);
    // Unstyled, it would push itself under the page.
    section.hidden = true;
    style.onload = style.onerror = () => {
      section.hidden = false;
    };
    document.body.append(panel);
    section.append(heading(problems.length), list(problems), closeButton());
  }

  function heading(count) {
    const errors = count === 1 ? "Ein Fehler" : `${count} Fehler`;
    return element("h2", `${errors} – Sie sehen den letzten guten Stand`);
  }

  function list(problems) {
    const items = element("ol");
    for (const problem of problems) {
      const item = element("li");
      item.append(element("p", place(problem), { class: "place" }), element("p", problem.message));
      if (problem.remedy) item.append(element("p", problem.remedy, { class: "remedy" }));
      items.append(item);
    }
    return items;
  }

  function place({ file, line, field }) {
    const parts = [file];
    if (line !== null) parts.push(`Zeile ${line}`);
    if (field) parts.push(`Feld „${field}“`);
    return parts.join(", ");
  }

  function closeButton() {
    const button = element("button", "Ausblenden", { type: "button" });
    button.addEventListener("click", () => show([]));
    return button;
  }

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // A page that the browser keeps for „back“ has lost its connection; it looks again when shown.
  addEventListener("pagehide", () => {
    socket.onclose = null;
    socket.close();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) connect();
  });

  connect();
})();
