{% load static %}// Without a signal: an honest page instead of the browser's. Pages themselves are never kept; they may be somebody's own.
const STORE = "amanah-{% static 'shell/components.css' %}";
const KEEP = ["{% url 'shell_offline' %}", "{% static 'vendor/bootstrap.min.css' %}", "{% static 'shell/tokens.css' %}",
  "{% static 'shell/components.css' %}", "{% static 'shell/img/icons.svg' %}", "{% static 'vendor/plus-jakarta-sans.woff2' %}"];

self.addEventListener("install", event => {
  event.waitUntil(caches.open(STORE).then(store => store.addAll(KEEP)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", event => {
  event.waitUntil(caches.keys().then(names => Promise.all(names.filter(n => n !== STORE).map(n => caches.delete(n)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", event => {
  const request = event.request;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("{% url 'shell_offline' %}")));
  } else if (request.method === "GET" && KEEP.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});
