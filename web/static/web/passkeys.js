/* Says on the page when a passkey was not used: the browser itself says it only to whoever builds pages. */
(function () {
  "use strict";
  document.addEventListener("allauth.error", (event) => {
    const place = document.getElementById("passkey-told");
    if (!place) return;
    event.preventDefault();
    place.textContent = "";
    // An empty region first, so that the same sentence is said a second time too.
    setTimeout(() => { place.textContent = place.dataset.failed; }, 50);
  });
})();
