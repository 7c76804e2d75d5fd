"use strict";
(() => {
  const root = document.documentElement;
  const theme = document.getElementById("theme");
  const paint = (dark) => {
    root.dataset.theme = dark ? "dark" : "light";
    theme.textContent = dark ? "Light" : "Dark";
    theme.setAttribute("aria-pressed", String(dark));
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = false;
  paint(system.matches);
  system.addEventListener("change", () => { if (!chosen) paint(system.matches); });
  theme.addEventListener("click", () => { chosen = true; paint(root.dataset.theme !== "dark"); });

  const findings = [...document.querySelectorAll(".finding")];
  const search = document.getElementById("search");
  const chips = [...document.querySelectorAll(".chip")];
  const shown = document.getElementById("shown");
  const texts = new Map(findings.map((one) => [one, one.textContent.toLowerCase()]));
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(chips.filter((one) => one.getAttribute("aria-pressed") === "true").map((one) => one.dataset.severity));
    let count = 0;
    for (const one of findings) {
      one.hidden = !(wanted.has(one.dataset.severity) && words.every((word) => texts.get(one).includes(word)));
      count += one.hidden ? 0 : 1;
    }
    shown.textContent = count === findings.length ? "" : `${count} of ${findings.length} shown`;
  };
  if (search) {
    search.addEventListener("input", filter);
    for (const chip of chips) {
      chip.addEventListener("click", () => {
        chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
        filter();
      });
    }
    const unfold = document.getElementById("unfold");
    unfold.addEventListener("click", () => {
      const open = unfold.getAttribute("aria-pressed") !== "true";
      unfold.setAttribute("aria-pressed", String(open));
      unfold.textContent = open ? "Fold all" : "Unfold all";
      for (const one of findings) one.open = open;
    });
  }

  const reveal = () => {
    const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (one instanceof HTMLDetailsElement) {
      one.hidden = false;
      one.open = true;
      one.querySelector("summary").focus();
      one.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();

  const step = (by) => {
    const visible = findings.filter((one) => !one.hidden);
    if (!visible.length) return;
    const at = visible.findIndex((one) => one.contains(document.activeElement));
    const next = visible[Math.min(Math.max(at + by, 0), visible.length - 1)];
    next.querySelector("summary").focus();
    next.scrollIntoView({ block: "nearest" });
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });

  for (const button of document.querySelectorAll(".copy")) {
    button.addEventListener("click", async () => {
      const text = button.closest("figure").querySelector("pre");
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(text);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }

  const odd = document.getElementById("odd");
  odd.addEventListener("change", () => {
    document.body.classList.toggle("only-odd", odd.checked);
    if (odd.checked) for (const one of document.querySelectorAll(".fields")) one.open = one.querySelector(".odd") !== null;
  });
})();
