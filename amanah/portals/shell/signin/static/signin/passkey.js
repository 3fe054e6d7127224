// A passkey that is refused, cancelled or unknown: say so in words instead of in the console.
document.addEventListener("allauth.error", event => {
  event.preventDefault();
  const notice = document.getElementById("kunci-gagal");
  if (notice) notice.hidden = false;
});
