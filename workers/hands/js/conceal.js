// Mark every field whose own words say that no picture may show it.
// Returns how many elements a picture has to cover, and whether all of the page is in view already.
({ pattern, selector }) => {
  const secret = new RegExp(`(^| )(${pattern})( |$)`);
  const fold = (text) =>
    text.replace(/([a-z])([A-Z])/g, "$1 $2").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const named = (node, attribute) =>
    (node.getAttribute(attribute) || "").split(/\s+/).filter(Boolean)
      .map((id) => node.getRootNode().getElementById?.(id)?.textContent || "").join(" ");
  const said = (node) => {
    const group = node.closest("fieldset, [role=group]");
    const around = node.closest("label") || node.parentElement;
    const alone = around && around.querySelectorAll("input, select, textarea").length < 2;
    const near = alone && around.textContent.length < 60 ? around.textContent : "";
    return [
      ...[...(node.labels || [])].map((label) => label.textContent), near, named(node, "aria-labelledby"),
      group ? group.querySelector("legend")?.textContent || named(group, "aria-labelledby") : "",
      ...["aria-label", "placeholder", "name", "id", "title", "autocomplete"].map((key) => node.getAttribute(key) || ""),
    ];
  };
  let secrets = 0;
  const search = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) search(node.shadowRoot);
      const field = node.matches("input, select, textarea, [contenteditable=true], [role=spinbutton], [aria-haspopup=listbox]");
      if (field && !node.hasAttribute("data-private") && said(node).some((text) => secret.test(fold(text)))) {
        node.setAttribute("data-private", "");
      }
      secrets += node.matches(selector) ? 1 : 0;
    }
  };
  search(document);
  const { scrollWidth, scrollHeight } = document.scrollingElement || document.documentElement;
  return { secrets, inView: scrollWidth <= innerWidth && scrollHeight <= innerHeight };
}
