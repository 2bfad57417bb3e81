// Previews and sends a comment without leaving the page: what the service answers, it shows in place of
// the form. Without this script the same pages open one after the other.
"use strict";

(() => {
  const form = document.getElementById("kommentar-schreiben");
  if (!form || new URL(form.action).origin !== location.origin) return;

  // The page brings only the style of what is on it.
  if (!document.querySelector('link[rel="stylesheet"]')) {
    const styles = document.createElement("link");
    styles.rel = "stylesheet";
    styles.href = "/theme/css/main.css";
    document.head.append(styles);
  }

  // What the service answers takes the place of the form, which stays where it is until then: moved, it
  // would lose the focus, and with it the keyboard of a phone.
  const desk = document.createElement("div");
  desk.className = "flow";

  // The answer is a page of its own; here its headings are below the article's.
  function demote(main, from, to) {
    for (const heading of main.querySelectorAll(from)) {
      const lower = document.createElement(to);
      for (const { name, value } of heading.attributes) lower.setAttribute(name, value);
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
  }

  function show(html) {
    const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    demote(main, "h2", "h4");
    demote(main, "h1", "h3");
    for (const link of main.querySelectorAll("a"))
      if (link.pathname === location.pathname && !link.hash) link.closest("p").remove();
    form.replaceWith(desk);
    desk.replaceChildren(...main.childNodes);
    const heading = desk.querySelector("h3");
    heading.tabIndex = -1;
    heading.focus();
  }

  function complain(sent) {
    const words = document.createElement("p");
    words.className = "comment-errors";
    words.setAttribute("role", "alert");
    words.textContent =
      "Der Server ist gerade nicht zu erreichen. Ihr Text ist noch da: Bitte versuchen Sie es gleich noch einmal.";
    if (sent.previousElementSibling?.matches('[role="alert"]')) sent.previousElementSibling.remove();
    sent.before(words);
  }

  let isBusy = false;
  async function send(event) {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    const sent = event.target;
    try {
      const body = new URLSearchParams(new FormData(sent));
      const answer = await fetch(sent.action, { method: "POST", body });
      show(await answer.text());
    } catch {
      complain(sent);
    } finally {
      isBusy = false;
    }
  }

  form.addEventListener("submit", send);
  desk.addEventListener("submit", send);
})();
