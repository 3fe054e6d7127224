// "Pakai lokasi ponsel": asks only after a tap, and hands on four decimals, enough for a kelurahan and too little for a door.
(() => {
  "use strict";
  const place = document.querySelector("[data-locate]");
  const news = document.querySelector("[data-locate-news]");
  if (!place || !("geolocation" in navigator) || !window.isSecureContext) return;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    news.hidden = false;
    news.textContent = news.dataset.wait;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { location.href = `${place.dataset.locate}?lat=${coords.latitude.toFixed(4)}&lng=${coords.longitude.toFixed(4)}`; },
      () => { news.textContent = news.dataset.refused; },
      { timeout: 15000, maximumAge: 60000 });
  });
})();
