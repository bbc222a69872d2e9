// A new mailbox: name+ticket@domain is switched on for servers that are known to take it, until somebody decides.
const box = () => document.querySelector("[data-plus-hosts]");
let decided = false;

document.addEventListener("change", (event) => {
  if (event.target === box()) decided = true;
});
document.addEventListener("input", (event) => {
  if (decided || !box() || !event.target.matches?.("[name=imap_host], [name=smtp_host]")) return;
  const known = box().dataset.plusHosts.split(" ");
  const hosts = [...box().form.querySelectorAll("[name=imap_host], [name=smtp_host]")].map((field) => field.value.trim().toLowerCase());
  box().checked = hosts.some((host) => known.some((end) => host === end || host.endsWith(`.${end}`)));
});
