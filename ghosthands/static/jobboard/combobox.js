// The office picker: the ARIA combobox pattern with a list that filters while one types.
const input = document.querySelector('[role="combobox"]');
if (input) attach(input, document.getElementById(input.getAttribute("aria-controls")));

function attach(input, list) {
  const offices = JSON.parse(document.getElementById("offices-data").textContent);
  let active = -1;

  const options = () => [...list.children].filter((item) => item.getAttribute("role") === "option");

  function open() {
    const typed = input.value.trim().toLowerCase();
    const exact = offices.some((office) => office.toLowerCase() === typed);
    const found = offices.filter((office) => exact || office.toLowerCase().includes(typed));
    list.replaceChildren(...(found.length ? found.map(option) : [nothing()]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    activate(-1);
  }

  function option(office, index) {
    const item = document.createElement("li");
    item.id = `office-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(office === input.value));
    item.textContent = office;
    item.addEventListener("click", () => choose(office));
    return item;
  }

  function nothing() {
    const item = document.createElement("li");
    item.className = "none";
    item.textContent = "No office by that name";
    return item;
  }

  function activate(index) {
    active = index;
    options().forEach((item, place) => item.classList.toggle("active", place === index));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options()[index].id);
  }

  function choose(office) {
    input.value = office;
    close();
    input.focus();
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function press(event) {
    const last = options().length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) open();
      else activate(event.key === "ArrowDown" ? Math.min(active + 1, last) : Math.max(active - 1, 0));
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      choose(options()[active].textContent);
    } else if (event.key === "Escape" && !list.hidden) {
      close();
    } else return;
    event.preventDefault();
  }

  input.addEventListener("click", open);
  input.addEventListener("input", open);
  input.addEventListener("keydown", press);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the input
  input.addEventListener("blur", () => {
    if (!offices.includes(input.value)) input.value = "";
    close();
  });
}
