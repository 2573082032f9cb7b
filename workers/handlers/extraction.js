// Runs in the page and returns what a reader would call its content. `limits` bounds every part.
(limits) => {
  const SILENT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "IFRAME", "OBJECT", "CANVAS", "SVG", "svg"]);
  const FRAME =
    "nav, footer, aside, dialog:not([open]), [aria-hidden=true], [role=navigation], [role=contentinfo]," +
    " [role=complementary], [role=search]";
  const INLINE = /^(inline|contents|none|ruby)/;

  const squeeze = (text) => text.replace(/\s+/g, " ").trim();
  const cut = (text) => squeeze(text ?? "").slice(0, limits.item);
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const isFrame = (element) =>
    element.matches(FRAME) || (element.tagName === "HEADER" && !element.parentElement?.closest("main, article"));

  const childrenOf = (element) => {
    if (element.tagName === "SLOT" && element.assignedNodes().length) return element.assignedNodes();
    return (element.shadowRoot ?? element).childNodes;
  };

  const textOf = (root, budget) => {
    let text = "";
    const walk = (node) => {
      if (text.length > budget) return;
      if (node.nodeType === Node.TEXT_NODE) text += node.data.replace(/\s+/g, " ");
      if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.tagName) || !shown(node)) return;
      if (node !== root && isFrame(node)) return;
      const display = getComputedStyle(node).display;
      const edge = node.tagName === "BR" || !INLINE.test(display) ? (display === "table-cell" ? " " : "\n") : "";
      text += edge;
      childrenOf(node).forEach(walk);
      text += node.tagName === "BR" ? "" : edge;
    };
    walk(root);
    const lines = text.slice(0, budget).split("\n").map(squeeze);
    return lines.filter((line, at) => line || lines[at - 1]).join("\n").trim();
  };

  const lineOf = (element) => cut(textOf(element, limits.item * 2));

  const gridOf = (table) => {
    const rows = [...table.rows].slice(0, limits.rows);
    const grid = rows.map(() => []);
    rows.forEach((row, y) => {
      let x = 0;
      for (const cell of row.cells) {
        while (grid[y][x] !== undefined) x += 1;
        const entry = { text: lineOf(cell), isHeader: cell.tagName === "TH" };
        const width = Math.min(cell.colSpan || 1, limits.columns - x);
        const height = Math.min(cell.rowSpan || 1, rows.length - y);
        for (let dy = 0; dy < height; dy += 1) for (let dx = 0; dx < width; dx += 1) grid[y + dy][x + dx] = entry;
        x += Math.max(width, 0);
        if (x >= limits.columns) break;
      }
    });
    return { rows, grid: grid.map((row) => Array.from(row, (cell) => cell ?? { text: "", isHeader: false })) };
  };

  const named = (headers) => {
    const seen = new Map();
    return headers.map((text, at) => {
      const name = text || `column ${at + 1}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      return seen.get(name) > 1 ? `${name} ${seen.get(name)}` : name;
    });
  };

  const recordOf = (names, values) => Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""]));

  const readTable = (table) => {
    const caption = table.caption ? lineOf(table.caption) : "";
    const { rows, grid } = gridOf(table);
    const width = Math.max(0, ...grid.map((row) => row.length));
    if (width < 2 || !rows.length) return null;
    const inHead = rows.filter((row) => row.parentElement.tagName === "THEAD").length;
    const firstIsHeader = grid[0].length > 1 && grid[0].every((cell) => cell.isHeader);
    const headerRows = Math.max(inHead, firstIsHeader ? 1 : 0);
    const body = grid.slice(headerRows).map((row) => row.map((cell) => cell.text));
    if (headerRows) {
      const headers = named(Array.from({ length: width }, (_, at) => grid[headerRows - 1][at]?.text ?? ""));
      return { caption, headers, rows: body.map((values) => recordOf(headers, values)) };
    }
    if (grid.every((row) => row.length === 2 && row[0].isHeader && !row[1].isHeader)) {
      const headers = named(body.map((row) => row[0]));
      return { caption, headers, rows: [recordOf(headers, body.map((row) => row[1]))] };
    }
    return { caption, headers: [], rows: body };
  };

  const readTerms = (list) => {
    const names = [];
    const values = [];
    for (const element of list.querySelectorAll("dt, dd")) {
      if (element.tagName === "DT") names.push(lineOf(element));
      else if (names.length) {
        const at = names.length - 1;
        values[at] = values[at] ? `${values[at]}\n${lineOf(element)}` : lineOf(element);
      }
    }
    const headers = named(names.slice(0, limits.rows));
    return { caption: headingOf(list), headers, rows: [recordOf(headers, values)] };
  };

  const headingOf = (element) => {
    for (let at = element, up = 0; at && up < 3; at = at.parentElement, up += 1) {
      for (let before = at.previousElementSibling; before; before = before.previousElementSibling) {
        if (/^H[1-6]$/.test(before.tagName)) return lineOf(before);
        if (/^(UL|OL|DL|TABLE)$/.test(before.tagName)) return "";
      }
    }
    return "";
  };

  const readList = (list) => {
    const items = [...list.children].filter((child) => child.tagName === "LI" && shown(child)).slice(0, limits.rows);
    return { heading: headingOf(list), ordered: list.tagName === "OL", items: items.map(lineOf).filter(Boolean) };
  };

  const all = (selector, isWanted) =>
    [...document.querySelectorAll(selector)].filter((element) => shown(element) && isWanted(element));
  const inFrame = (element) => {
    for (let at = element; at; at = at.parentElement) if (isFrame(at)) return true;
    return false;
  };
  const isData = (table) =>
    !/^(presentation|none)$/.test(table.getAttribute("role") ?? "") && !table.querySelector("table") && !inFrame(table);
  const isOuterList = (list) => !list.parentElement.closest("ul, ol, dl, table") && !inFrame(list);

  const metaOf = (attribute, prefix) => {
    const found = {};
    for (const element of [...document.querySelectorAll(`meta[${attribute}]`)].slice(0, limits.rows)) {
      const name = element.getAttribute(attribute).trim().toLowerCase();
      const key = name.slice(prefix.length);
      if (name.startsWith(prefix) && key && !(key in found)) found[key] = cut(element.content);
    }
    return found;
  };

  const mainText = () => {
    const articles = document.querySelectorAll("article");
    const main = document.querySelector("main, [role=main]") ?? (articles.length === 1 ? articles[0] : null);
    return (main && textOf(main, limits.text)) || (document.body ? textOf(document.body, limits.text) : "");
  };

  const tables = all("table", isData).slice(0, limits.parts).map(readTable).filter((table) => table?.rows.length);
  const terms = all("dl", isOuterList).slice(0, limits.parts).map(readTerms).filter((table) => table.headers.length);
  return {
    title: cut(document.title),
    language: cut(document.documentElement.lang),
    canonical_url: document.querySelector("link[rel~=canonical]")?.href ?? "",
    meta: metaOf("name", ""),
    open_graph: metaOf("property", "og:"),
    json_ld: [...document.querySelectorAll("script[type='application/ld+json' i]")]
      .slice(0, limits.parts)
      .map((script) => script.textContent.slice(0, limits.script)),
    tables: [...tables, ...terms],
    lists: all("ul, ol", isOuterList).slice(0, limits.parts).map(readList).filter((list) => list.items.length > 1),
    text: mainText(),
  };
}
