var flet = {
  pyodide: false,
  multiView: false,
  noCdn: true,
  webSocketEndpoint: "/ws",
  entrypointBaseUrl: "{{base}}",
  assetBase: "{{base}}",
  canvasKitBaseUrl: "{{base}}canvaskit/",
  fontFallbackBaseUrl: "{{base}}assets/fonts/",
  routeUrlStrategy: "path",
  webRenderer: "auto",
};
flet.flutterAppLoaded = new Promise((resolve) => { flet.flutterAppResolve = resolve; });
