// The line to the server. Flet's client believes a dead line for minutes, covers the app when it
// notices, waits twice as long after every failed try, and cannot be told by the server that there
// is no server. This socket asks for a pulse and says in plain HTML what is not kept. The app stays
// in sight; what is typed meanwhile is sent when the line is back, each frame once.
(() => {
  const Native = window.WebSocket;
  const SIGNED_OUT = 4401;
  const REFUSED = 1002;
  const PULSE = Uint8Array.of(0x7f);
  const SHOW_AGAIN = Uint8Array.of(0x7f, 1);
  const IDLE = 15000;      // without a frame, before a pulse is asked for
  const ANSWER = 1500;     // for the server to react to a touch, before a pulse is asked for
  const SLOW = 2500;       // for a pulse to come back, before people are told to wait
  const DEAD = 8000;       // for a pulse to come back, before the line counts as lost
  const AWAKE = 3000;      // the same after a sleep or a change of networks
  const AGAIN = 2000;      // between two tries to open
  const BLINK = 1500;      // a loss this short is not told
  const TOLD = 8000;       // how long the return is told

  let line = null;         // the newest socket
  let spare = null;        // opened, and not yet given to the app
  let heardAt = Date.now();
  let lostAt = 0;
  let refused = 0;

  // The server counts the frames of a session; its pulse tells how many it has got.
  let counted = null;      // by the server; null until it has told
  let unsure = [];         // sent after those

  const timeOf = (instant, zone) => {
    const clock = { hour: "2-digit", minute: "2-digit" };
    try {
      return new Date(instant).toLocaleTimeString("en-GB", { ...clock, timeZone: zone || undefined });
    } catch {  // a zone younger than this browser
      return new Date(instant).toLocaleTimeString("en-GB", clock);
    }
  };

  // What people see. The page's language and the clinic's numbers are in the template.
  let shown = "";
  const show = (state) => {
    const strip = document.getElementById("connection");
    if (!strip || state === shown) return;
    shown = state;
    strip.className = state;
    strip.replaceChildren();
    if (state) {
      const part = document.getElementById("connection-words").content.querySelector(`.${state}`);
      const words = part.cloneNode(true);
      const clock = words.querySelector("time");
      if (clock) clock.textContent = timeOf(heardAt, strip.dataset.zone);
      strip.append(...words.childNodes);
    }
    makeRoom(strip);
  };

  // Flutter draws over the whole window: a window that says it is lower leaves room for the strip.
  const viewport = window.visualViewport;
  const real = viewport && Object.getOwnPropertyDescriptor(VisualViewport.prototype, "height").get;
  const realPage = Object.getOwnPropertyDescriptor(Element.prototype, "clientHeight").get;
  let taken = 0;
  if (viewport) {
    Object.defineProperty(viewport, "height", { get: () => real.call(viewport) - taken });
    Object.defineProperty(document.documentElement, "clientHeight",
      { get: () => realPage.call(document.documentElement) - taken });
  }
  const makeRoom = (strip) => {
    if (!viewport) return;
    taken = strip.offsetHeight;
    rise();
    viewport.dispatchEvent(new Event("resize"));
  };
  // The keyboard of a phone covers the foot of the page, not of what is seen of it.
  const rise = () => {
    const strip = document.getElementById("connection");
    const covered = innerHeight - real.call(viewport) - viewport.offsetTop;
    if (strip && viewport) strip.style.bottom = `${Math.max(0, covered)}px`;
  };
  if (viewport) viewport.addEventListener("resize", rise);

  class Line extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSING = 2;
    static CLOSED = 3;

    constructor(url) {
      super();
      this.url = String(url);
      this.readyState = Line.CONNECTING;
      this.binaryType = "arraybuffer";
      this.protocol = this.extensions = "";
      this.bufferedAmount = 0;
      this.sentAt = this.askedAt = 0;
      this.patience = DEAD;
      this.registering = true;
      this.inStep = false;   // what the server has counted is known
      line = this;
      this.open();
    }

    open() {
      this.drop();
      const native = this.native = spare && spare.readyState <= Native.OPEN ? spare : new Native(this.url);
      spare = null;
      native.binaryType = "arraybuffer";
      const mine = (act) => (event) => { if (native === this.native) act(event); };
      native.addEventListener("open", mine(() => this.opened()));
      native.addEventListener("message", mine((event) => this.heard(event.data)));
      native.addEventListener("close", mine((event) => this.closed(event.code)));
      if (native.readyState === Native.OPEN) setTimeout(mine(() => this.opened()));
      // A try that nobody answers would end by itself only after minutes.
      this.timer = setTimeout(() => this.retry(), DEAD);
    }

    // Nothing that an old socket still says counts.
    drop() {
      clearTimeout(this.timer);
      const old = this.native;
      this.native = null;
      if (old) old.close();
    }

    opened() {
      clearTimeout(this.timer);
      refused = 0;
      if (this.readyState === Line.CONNECTING) {
        this.readyState = Line.OPEN;
        this.dispatchEvent(new Event("open"));
      } else {
        // The app learns of the loss only now, and asks for another line at once.
        spare = this.native;
        this.native = null;
        this.end(1006);
      }
    }

    closed(code) {
      if (code === SIGNED_OUT) location.reload();
      if (code === REFUSED) unsure = [];
      this.lose();
      this.retry();
    }

    lose() {
      lostAt = lostAt || Date.now();
      this.inStep = false;
      this.askedAt = this.sentAt = 0;
    }

    retry() {
      lostAt = lostAt || Date.now();
      this.drop();
      this.timer = setTimeout(() => this.open(), AGAIN);
      fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(DEAD) })
        .then((answer) => answer.json())  // red or green, this is the server itself
        .then(() => {
          if (this !== line || this.native || this.readyState > Line.OPEN) return;
          // It answers and does not let us in, again and again: the sign-in has ended.
          refused += 1;
          if (refused > 2) location.reload();
          else this.open();
        })
        .catch(() => {});
    }

    end(code) {
      if (this.readyState === Line.CLOSED) return;
      this.readyState = Line.CLOSED;
      this.drop();
      this.dispatchEvent(new CloseEvent("close", { code, wasClean: false }));
    }

    heard(data) {
      heardAt = Date.now();
      this.askedAt = this.sentAt = 0;
      if (lostAt) back();
      else if (shown === "slow") show("");
      if (new Uint8Array(data)[0] === PULSE[0]) {
        this.count(new DataView(data).getUint32(1));
        return;
      }
      if (this.registering) {
        this.registering = false;
        this.ask();
      }
      this.dispatchEvent(new MessageEvent("message", { data }));
    }

    count(got) {
      const first = counted === null;
      const known = first ? got : counted;
      // Fewer than before: another session, in which the touches of the old one mean nothing.
      unsure = got < known ? [] : unsure.slice(got - known);
      counted = got;
      if (this.inStep) return;
      this.inStep = true;
      for (const frame of unsure) this.native.send(frame);
      if (unsure.length && !first) this.native.send(SHOW_AGAIN);
    }

    send(data) {
      if (this.readyState !== Line.OPEN) return;
      if (this.registering) {
        this.native.send(data);
        return;
      }
      unsure.push(data);
      this.sentAt = this.sentAt || Date.now();
      if (this.inStep) this.native.send(data);
    }

    close(code, reason) {
      if (this.readyState >= Line.CLOSING) return;
      const native = this.native;
      this.end(code || 1005);
      if (native && native.readyState === Native.OPEN) native.close(code || 1000, reason || "");
    }

    ask(patience = DEAD) {
      if (this.readyState !== Line.OPEN || !this.native || this.native.readyState !== Native.OPEN) return;
      this.askedAt = Date.now();
      this.patience = patience;
      this.native.send(PULSE);
    }

    look(now) {
      if (this.readyState !== Line.OPEN || lostAt) return;
      if (this.askedAt && now - this.askedAt > this.patience) {
        this.lose();
        this.open();
      } else if (this.askedAt) {
        if (now - this.askedAt > SLOW && this.sentAt) show("slow");
      } else if (now - heardAt > IDLE || (this.sentAt && now - this.sentAt > ANSWER)) {
        this.ask();
      }
    }
  }

  const back = () => {
    const long = shown === "lost";
    lostAt = 0;
    show(long ? "back" : "");
    if (long) setTimeout(() => { if (shown === "back") show(""); }, TOLD);
    dispatchEvent(new Event("line-back"));
  };

  setInterval(() => {
    const now = Date.now();
    if (line && !document.hidden) line.look(now);
    if (lostAt && now - lostAt > BLINK) show("lost");
  }, 500);

  // A phone that was in a pocket: timers stood still, and the line may be dead without a word.
  const wake = () => {
    if (document.hidden || !line) return;
    if (line.native && line.native.readyState === Native.OPEN) line.ask(AWAKE);
    else if (lostAt) line.open();
  };
  for (const name of ["online", "pageshow", "focus"]) addEventListener(name, wake);
  for (const name of ["visibilitychange", "resume"]) document.addEventListener(name, wake);
  addEventListener("offline", () => { if (line) line.ask(AWAKE); });

  // The line may be opened while the engine is being compiled, and is handed over then.
  window.openLineEarly = () => {
    if (line || spare) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    spare = new Native(`${scheme}//${location.host}${flet.webSocketEndpoint}`);
  };
  window.WebSocket = Line;
})();
