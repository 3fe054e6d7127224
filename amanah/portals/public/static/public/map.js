// The map one explores. The still map and the list beneath say the same; this comes only after a tap on a phone, and by itself on a wide screen.
(() => {
  "use strict";
  const root = document.querySelector("[data-map]");
  if (!root || !root.dataset.box) return;
  const still = root.querySelector(".map-still"), canvas = root.querySelector(".map-canvas");
  const tools = root.querySelector("[data-map-tools]"), news = root.querySelector("[data-map-news]");
  const ask = what => getComputedStyle(document.documentElement).getPropertyValue(what).trim();
  const [west, south, east, north] = root.dataset.box.split(",").map(Number);

  const load = () => new Promise((done, failed) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: root.dataset.sheet });
    const script = Object.assign(document.createElement("script"), { src: root.dataset.library, onload: done, onerror: failed });
    document.head.append(sheet, script);
  });

  const label = (map, feature, small) => {
    const text = Object.assign(document.createElement("span"), { textContent: feature.properties.name, className: small ? "map-name map-name-sm" : "map-name" });
    text.setAttribute("aria-hidden", "true");
    return new maplibregl.Marker({ element: text }).setLngLat([feature.properties.lng, feature.properties.lat]).addTo(map);
  };

  const start = async () => {
    tools.hidden = true;
    try {
      const [kecamatan, kelurahan] = await Promise.all([...["kecamatan", "kelurahan"].map(level => fetch(root.dataset[level]).then(r => r.json())), load()]);
      canvas.hidden = false;
      maplibregl.setWorkerUrl(root.dataset.worker);
      const map = new maplibregl.Map({
        container: canvas, attributionControl: false, dragRotate: false, pitchWithRotate: false, cooperativeGestures: matchMedia("(pointer: coarse)").matches,
        bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 24 }, maxBounds: [[west - .5, south - .5], [east + .5, north + .5]],
        fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
        style: { version: 8, sources: { kecamatan: { type: "geojson", data: kecamatan }, kelurahan: { type: "geojson", data: kelurahan, promoteId: "code" } }, layers: [
          { id: "laut", type: "background", paint: { "background-color": ask("--map-sea") } },
          { id: "isi", type: "fill", source: "kelurahan", paint: { "fill-color": ["case", ["boolean", ["feature-state", "over"], false], ask("--seq-2"), ask("--map-land")] } },
          { id: "kelurahan", type: "line", source: "kelurahan", paint: { "line-color": ask("--line-strong"), "line-width": .7 } },
          { id: "kecamatan", type: "line", source: "kecamatan", paint: { "line-color": ask("--map-line"), "line-width": 2 } },
        ] },
      });
      map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
      map.getCanvas().setAttribute("aria-label", root.dataset.label);
      const far = kecamatan.features.map(f => label(map, f, false)), near = kelurahan.features.map(f => label(map, f, true));
      // One level of names at a time, and never two on top of each other.
      const show = () => {
        const close = map.getZoom() >= 12.3, taken = [];
        for (const [names, on] of [[far, !close], [near, close]]) for (const name of names) {
          const text = name.getElement();
          text.hidden = !on;
          if (!on) continue;
          const a = text.getBoundingClientRect();
          const under = taken.some(b => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
          text.classList.toggle("map-name-under", under);
          if (!under) taken.push(a);
        }
      };
      map.on("moveend", show); map.once("idle", show);
      let over = null;
      const light = code => { if (over) map.setFeatureState({ source: "kelurahan", id: over }, { over: false }); over = code;
        if (over) map.setFeatureState({ source: "kelurahan", id: over }, { over: true }); };
      map.on("mousemove", "isi", e => { light(e.features[0].properties.code); map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", "isi", () => { light(null); map.getCanvas().style.cursor = ""; });
      map.on("click", "isi", e => { location.href = `${root.dataset.page}${e.features[0].properties.code}/`; });
      still.hidden = true;
    } catch {
      canvas.hidden = true; still.hidden = false;
      news.textContent = news.dataset.failed;
    }
  };

  tools.hidden = false;
  root.querySelector("[data-map-start]").addEventListener("click", start);
  if (matchMedia("(min-width: 62rem)").matches && !(navigator.connection && navigator.connection.saveData)) start();
})();
