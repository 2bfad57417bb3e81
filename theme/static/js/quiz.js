// Makes a game of the quiz: one question at a time, each round drawn anew, with a score. Nothing is kept.
const quiz = document.querySelector(".quiz");

if (quiz) {
  const ROUND = 10;
  const pool = [...quiz.children];
  let round, solved;

  function make(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  function button(text, onClick) {
    const made = make("button", { type: "button", className: "button", textContent: text });
    made.addEventListener("click", onClick);
    return made;
  }

  // What comes next is focused, so that it is read out, and Tab goes on from there.
  function show(item, focused) {
    quiz.replaceChildren(item);
    focused.tabIndex = -1;
    focused.focus();
  }

  function shuffled(items) {
    const left = [...items];
    return items.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
  }

  function begin() {
    round = shuffled(pool).slice(0, ROUND).map((question) => question.cloneNode(true));
    solved = 0;
    round.forEach(prepare);
  }

  function prepare(question, number) {
    const solution = question.querySelector("details");
    const answers = [...question.querySelectorAll(".quiz__answers > li")];
    question.querySelector("h2").textContent = `Frage\u00a0${number + 1} von\u00a0${round.length}`;
    solution.hidden = true;
    answers.forEach((answer, index) => {
      const choice = button("", () => judge(question, number, "AB"[index]));
      choice.dataset.variant = "quiet";
      const text = make("span");
      text.append(...answer.childNodes);
      choice.append(text);
      answer.append(choice);
    });
  }

  function judge(question, number, letter) {
    const right = question.dataset.right;
    if (letter === right) solved += 1;
    question.querySelectorAll(".quiz__answers > li").forEach((answer, index) => {
      answer.dataset.state = "AB"[index] === right ? "right" : "wrong";
      answer.firstElementChild.disabled = true;
    });
    const solution = question.querySelector("details");
    const verdict = make("p", { textContent: letter === right ? "Stimmt. " : "Leider nicht. " });
    verdict.className = "quiz__verdict";
    verdict.append(`Bisher ${solved} von ${number + 1} richtig.`);
    solution.before(verdict);
    solution.hidden = false;
    solution.open = true;
    const isLast = number + 1 === round.length;
    solution.after(button(isLast ? "Zum Ergebnis" : "Nächste Frage", () => (isLast ? end() : ask(number + 1))));
    verdict.tabIndex = -1;
    verdict.focus();
  }

  function ask(number) {
    show(round[number], round[number].querySelector("h2"));
  }

  function end() {
    const item = make("li", { className: "flow" });
    const result = make("h2", { textContent: `Sie haben ${solved} von ${round.length} richtig.` });
    const again = button("Noch eine Runde", () => {
      begin();
      ask(0);
    });
    item.append(result, again);
    show(item, result);
  }

  begin();
  quiz.replaceChildren(round[0]);
}
