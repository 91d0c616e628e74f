/* At a door a tap that was not saved must be seen. */
(function () {
  "use strict";
  const notSaved = document.getElementById("not-saved");
  for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(trouble, () => { notSaved.hidden = false; });
  }
  document.addEventListener("htmx:afterOnLoad", () => { notSaved.hidden = true; });

  // Letters that were still on their way when Enter was pressed: their answer comes after the welcome, and is not wanted.
  function dropLateAnswers() {
    const field = document.getElementById("q");
    field.addEventListener("htmx:beforeOnLoad", (event) => { if (!field.isConnected) event.preventDefault(); });
  }
  dropLateAnswers();
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "door-work") dropLateAnswers(); });

  // A link to the walk-in form opens it, and the field is ready.
  function openWalkIn() {
    if (location.hash !== "#walk-in") return;
    const walkIn = document.getElementById("walk-in");
    walkIn.open = true;
    walkIn.querySelector("input[name=party]").focus();
  }
  window.addEventListener("hashchange", openWalkIn);
  document.addEventListener("click", (event) => {
    if (event.target.closest("a[href='#walk-in']")) setTimeout(openWalkIn);
  });
  openWalkIn();
  document.addEventListener("arrived", () => { document.getElementById("walk-in").open = false; });
})();
