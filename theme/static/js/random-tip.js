// Draws another tip; the page of each has all that the card shows.
const place = document.querySelector("[data-weeks]");

if (place) {
  const card = place.querySelector(".tip");
  const link = card.querySelector("a");
  const folder = new URL("..", link.href);
  const weeks = place.dataset.weeks.split(" ");

  function show(page, week, url) {
    const [year, number] = week.split("-kw");
    link.href = url;
    link.textContent = `KW\u00a0${Number(number)}/${year}`;
    link.nextSibling.data = ` · ${page.querySelector(".p-category").textContent}`;
    card.querySelector(".tip__headword").replaceChildren(...page.querySelector(".p-name").childNodes);
    card.querySelector(".tip__text").replaceChildren(...page.querySelector(".p-summary").childNodes);
    card.querySelector(".pair")?.remove();
    card.append(page.querySelector(".e-content > .pair") ?? "");
  }

  async function draw() {
    const others = weeks.filter((week) => new URL(`${week}/`, folder).href !== link.href);
    const week = others[Math.floor(Math.random() * others.length)];
    const url = new URL(`${week}/`, folder).href;
    try {
      const answer = await fetch(url);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"), week, url);
    } catch {
      // No connection, or a page that is not what we know: the browser shows what there is.
      location.assign(url);
    }
  }

  if (weeks.length > 1) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button", textContent: "Noch einen ziehen" });
    button.addEventListener("click", draw);
    place.setAttribute("aria-live", "polite");
    place.setAttribute("aria-atomic", "true");
    place.after(button);
  }
}
