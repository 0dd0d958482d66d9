(() => {
  const base = "{{base}}";

  // On a first visit the words on the page are painted before the engine may have the connection.
  // A wrong guess would cost megabytes, so this follows the same rule as the loader: WebAssembly in
  // Blink, JavaScript everywhere else.
  const blink = navigator.vendor === "Google Inc.";
  const preload = (path, rel, as) => {
    const link = document.createElement("link");
    link.rel = rel;
    link.href = base + path;
    if (as) link.as = as;
    if (as === "fetch") link.crossOrigin = "anonymous";
    document.head.append(link);
    return link;
  };
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    const loader = document.createElement("script");
    loader.src = base + "flutter_bootstrap.js";
    loader.onerror = () => setTimeout(loadAgain, 3000);
    document.body.append(loader);
    if (blink) {
      preload("main.dart.wasm", "preload", "fetch").onload = openLineEarly;
      preload("canvaskit/skwasm.wasm", "preload", "fetch");
      preload("main.dart.mjs", "modulepreload");
      preload("canvaskit/skwasm.js", "modulepreload");
    } else {
      preload("main.dart.js", "preload", "script").onload = openLineEarly;
      preload("canvaskit/canvaskit.wasm", "preload", "fetch");
      preload("canvaskit/canvaskit.js", "modulepreload");
    }
    for (const path of ["FontManifest.json", "fonts/MaterialIcons-Regular.otf", "fonts/roboto.woff2"]) {
      preload("assets/" + path, "preload", "fetch");
    }
  };
  // Load the page again, but never in circles.
  const loadAgain = () => {
    const since = Date.now() - Number(sessionStorage.getItem("loaded-again"));
    if (since < 30000) {
      setTimeout(loadAgain, 30000 - since);
      return;
    }
    sessionStorage.setItem("loaded-again", String(Date.now()));
    location.reload();
  };

  // A file that did not arrive leaves the engine waiting for ever.
  let drawn = false;
  addEventListener("flutter-first-frame", () => { drawn = true; }, { once: true });
  addEventListener("unhandledrejection", () => {
    setTimeout(() => { if (!drawn) loadAgain(); }, 10000);
  });

  // The time zone of this device, for the server to read in the handshake.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const secure = location.protocol === "https:" ? ";Secure" : "";
  if (zone) document.cookie = `tz=${encodeURIComponent(zone)};path=/;SameSite=Lax;max-age=31536000${secure}`;

  // Safari shows a page from its back/forward cache frozen at its last frame.
  addEventListener("pageshow", (event) => {
    if (event.persisted && navigator.vendor.startsWith("Apple")) location.reload();
  });

  // Flutter asks for a number pad without a decimal key.
  const setAttribute = HTMLInputElement.prototype.setAttribute;
  HTMLInputElement.prototype.setAttribute = function (name, value) {
    const decimal = name === "inputmode" && value === "numeric";
    return setAttribute.call(this, name, decimal ? "decimal" : value);
  };

  // The accessibility tree: from the first Tab key on, or where it was switched on before: in the
  // help, or by ?a11y=1. Not for everybody, because it takes the number pad away and costs frames.
  const READER = "flutter.screen_reader";  // the name the app's own settings have in the browser
  const wanted = new URLSearchParams(location.search).get("a11y");
  if (wanted !== null) localStorage.setItem(READER, wanted === "1" ? "true" : "false");
  const describeScreen = (tries) => {
    const placeholder = document.querySelector("flt-semantics-placeholder");
    if (placeholder) {
      const box = placeholder.getBoundingClientRect();
      const middle = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
      placeholder.dispatchEvent(
        new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, ...middle }));
    } else if (tries > 0) {
      setTimeout(() => describeScreen(tries - 1), 100);
    }
  };
  addEventListener("flutter-first-frame", () => {
    if (localStorage.getItem(READER) === "true") describeScreen(20);
  }, { once: true });
  addEventListener("keydown", (event) => { if (event.key === "Tab") describeScreen(0); }, true);
  addEventListener("focusin", (event) => {
    const field = event.target;
    const isField = field.dataset && field.dataset.semanticsRole === "text-field";
    const measured = /\((°C|°F|mg|kg|cm|mmHg)\)/.test(field.getAttribute("aria-label") || "");
    if (isField && measured) setTimeout(() => field.setAttribute("inputmode", "decimal"), 60);
  }, true);

  // The worker that keeps the app's files comes after the app, so that it takes nothing from it.
  // It says when a page belongs to another version than the server, or to nobody any more.
  const worker = navigator.serviceWorker;
  const again = !!(worker && worker.controller);
  const keep = () => {
    const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
    const ours = loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith(base));
    worker.ready.then((ready) => ready.active.postMessage({ keep: ours.map((url) => url.pathname), again }));
  };
  if (worker) {
    worker.addEventListener("message", (event) => {
      if (!event.data || !("version" in event.data)) return;
      if (event.data.version !== base) loadAgain();
      else if (drawn) keep();
    });
    // Back after a loss: the server may be a newer one.
    addEventListener("line-back", () => {
      worker.getRegistration().then((known) => known && known.update()).catch(() => {});
    });
    const register = () => { worker.register("/sw.js").then(keep).catch(() => {}); };
    addEventListener("flutter-first-frame", () => setTimeout(register, 1000), { once: true });
    setTimeout(() => { if (!drawn) register(); }, 60000);
  }

  if (again) {
    begin();
    openLineEarly();
  } else {
    requestAnimationFrame(() => requestAnimationFrame(begin));
    setTimeout(begin, 1000);  // a tab in the background paints nothing
  }
})();
