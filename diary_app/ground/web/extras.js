(() => {
  const base = "{{base}}";

  // Fetch the engine while the page is still being read. A wrong guess would cost megabytes, so
  // it follows the same rule as the loader: WebAssembly in Blink, JavaScript everywhere else.
  const blink = navigator.vendor === "Google Inc.";
  const preload = (path, rel, as) => {
    const link = document.createElement("link");
    link.rel = rel;
    link.href = base + path;
    if (as) link.as = as;
    if (as === "fetch") link.crossOrigin = "anonymous";
    document.head.append(link);
  };
  if (blink) {
    preload("main.dart.wasm", "preload", "fetch");
    preload("canvaskit/skwasm.wasm", "preload", "fetch");
    preload("main.dart.mjs", "modulepreload");
    preload("canvaskit/skwasm.js", "modulepreload");
  } else {
    preload("main.dart.js", "preload", "script");
    preload("canvaskit/canvaskit.wasm", "preload", "fetch");
    preload("canvaskit/canvaskit.js", "modulepreload");
  }

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

  // The accessibility tree: from the first Tab key on, or for ?a11y=1, which is remembered. Not
  // for everybody, because it takes the number pad away and costs frames.
  const wanted = new URLSearchParams(location.search).get("a11y");
  if (wanted !== null) localStorage.setItem("a11y", wanted);
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
    if (localStorage.getItem("a11y") === "1") describeScreen(20);
  }, { once: true });
  addEventListener("keydown", (event) => { if (event.key === "Tab") describeScreen(0); }, true);
  addEventListener("focusin", (event) => {
    const field = event.target;
    const isField = field.dataset && field.dataset.semanticsRole === "text-field";
    const measured = /\((°C|°F|mg|kg|cm|mmHg)\)/.test(field.getAttribute("aria-label") || "");
    if (isField && measured) setTimeout(() => field.setAttribute("inputmode", "decimal"), 60);
  }, true);

  // The client waits twice as long after every failed try, without limit. Come back as soon as
  // the server answers; at once when it says that the sign-in has ended.
  let socket = null;
  let lostAt = 0;
  const SIGNED_OUT = 4401;
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      socket = this;
      this.addEventListener("open", () => { lostAt = 0; });
      this.addEventListener("close", (event) => {
        if (event.code === SIGNED_OUT) location.reload();
        lostAt = lostAt || Date.now();
      });
    }
  };
  const comeBack = () => {
    if (!lostAt || Date.now() - lostAt < 4000 || socket.readyState === Native.OPEN) return;
    fetch("/healthz", { cache: "no-store" })
      .then((answer) => answer.json())  // red or green, this is the server itself
      .then((told) => { if (told.status && lostAt) location.reload(); })
      .catch(() => {});
  };
  addEventListener("online", comeBack);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) comeBack(); });
  setInterval(comeBack, 3000);

  if ("serviceWorker" in navigator) {
    addEventListener("load", () => { navigator.serviceWorker.register("/sw.js").catch(() => {}); });
  }
})();
