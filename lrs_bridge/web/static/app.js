// What scripts add to pages that work without them: copying an identifier, and whole pages for what a list cannot show.
(() => {
  const offer = (root) => root.querySelectorAll(".copy[hidden]").forEach((button) => { button.hidden = false; });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("aria-label", "Copied");
    button.classList.add("copied");
    setTimeout(() => {
      button.setAttribute("aria-label", "Copy the identifier");
      button.classList.remove("copied");
    }, 1500);
  });

  // A list that cannot be had (an odd address, an ended session) becomes the whole page that says so.
  document.addEventListener("htmx:responseError", (event) => {
    window.location.assign(event.detail.pathInfo.finalRequestPath || event.detail.pathInfo.requestPath);
  });

  if (navigator.clipboard) {
    offer(document);
    document.addEventListener("htmx:afterSwap", () => offer(document));
  }
})();
