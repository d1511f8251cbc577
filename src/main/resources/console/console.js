// Keeps the page fresh. The server makes the markup, here too: parts that differ are exchanged, so nothing is escaped or worded twice.
"use strict";

const EVERY_SECOND = 1000;
const SERVING = 2000;
const FLEET = 10000;
const RETRY = 3000;
const rollout = document.getElementById("rollout");
const link = document.getElementById("link");
const alertLine = document.getElementById("alert");
let asking = false;
let askAgain = false;

/** Fetches a part of the page and exchanges what has changed in it. */
async function refresh(path, id) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error("status " + answer.status);
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  exchange(document.getElementById(id), parsed.getElementById(id));
}

function exchange(old, fresh) {
  const ids = (group) => Array.from(group.querySelectorAll("[data-live]"), (part) => part.id);
  if (ids(old).join() !== ids(fresh).join()) {
    const focused = old.contains(document.activeElement);
    old.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById("main").focus({ preventScroll: true });
  } else {
    for (const part of fresh.querySelectorAll("[data-live]")) exchangePart(document.getElementById(part.id), part);
    const hero = fresh.querySelector("#state");
    if (hero) document.getElementById("state").className = hero.className;
  }
  if (fresh.dataset.title) {
    old.dataset.state = fresh.dataset.state;
    if (document.title !== fresh.dataset.title) document.title = fresh.dataset.title;
    const announcement = document.getElementById("announcement");
    if (announcement.textContent !== fresh.dataset.announcement) announcement.textContent = fresh.dataset.announcement;
  }
}

/** Whoever had the focus, or had scrolled, keeps it: on what is there instead, of the same kind where there is one (WCAG 2.4.3). */
function exchangePart(old, fresh) {
  if (old.outerHTML === fresh.outerHTML) return;
  const scrolled = Array.from(old.querySelectorAll(".scroll"), (table) => table.scrollLeft);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const kind = focused?.matches(".scroll") ? ".scroll" : focused?.tagName.toLowerCase();
  const index = focused ? Array.from(old.querySelectorAll(kind)).indexOf(focused) : -1;
  old.replaceWith(fresh);
  fresh.querySelectorAll(".scroll").forEach((table, i) => { table.scrollLeft = scrolled[i] ?? 0; });
  if (!focused) return;
  const heir = fresh.querySelectorAll(kind)[index] ?? fresh.querySelector("button") ?? document.getElementById("main");
  heir.focus({ preventScroll: true });
}

/** At most one question at a time; what happens meanwhile is asked for afterwards. */
async function here() {
  if (rollout) { await fleet(); return; }
  if (asking) { askAgain = true; return; }
  asking = true;
  try {
    do { askAgain = false; await refresh("/console/here", "here"); } while (askAgain);
    online(true);
  } catch (failure) {
    online(false);
  } finally {
    asking = false;
  }
}

function fleet() {
  return rollout
    ? refresh(rollout.dataset.path, "rollout").then(() => online(true), () => online(false))
    : refresh("/console/fleet", "fleet").catch(() => online(false));
}

function online(on) {
  link.classList.toggle("on", on);
  const text = on ? "Live" : "Not connected; this is the last that was seen";
  if (link.textContent !== text) link.textContent = text;
}

/** A browser gives up for good where the answer is an error, as from a proxy while the pod starts again: then it is begun anew. */
function follow() {
  const timeline = new EventSource("/drain/timeline");
  for (const event of ["trigger", "state", "warning", "undrain"]) {
    timeline.addEventListener(event, () => { here(); if (event !== "trigger") fleet(); });
  }
  timeline.onopen = () => { here(); fleet(); };
  timeline.onerror = () => {
    online(false);
    if (timeline.readyState === EventSource.CLOSED) setTimeout(follow, RETRY);
  };
}

/** The budget runs down by the second; requests come and go without an event. */
function keepFresh() {
  if (!document.hidden) here();
  const draining = !rollout && document.getElementById("here").dataset.state !== "serving";
  setTimeout(keepFresh, draining ? EVERY_SECOND : SERVING);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  event.preventDefault();
  const button = form.querySelector("button");
  // Not "disabled": that would take the focus away, and whoever uses the keyboard would begin at the top again.
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  const reason = form.querySelector("input")?.value.trim();
  try {
    const answer = await fetch("/drain", {
      method: form.dataset.method,
      ...(reason ? { body: JSON.stringify({ reason }), headers: { "Content-Type": "application/json" } } : {}),
    });
    const problem = answer.ok ? null : await answer.json().catch(() => ({}));
    alertLine.textContent = problem ? `${problem.title ?? "Refused"}: ${problem.detail ?? answer.status}` : "";
    alertLine.hidden = !problem;
  } catch (failure) {
    alertLine.textContent = "This pod did not answer.";
    alertLine.hidden = false;
  }
  button.removeAttribute("aria-disabled");
  await here();
  fleet();
});

document.addEventListener("visibilitychange", () => { if (!document.hidden) { here(); fleet(); } });
follow();
keepFresh();
if (!rollout) setInterval(() => { if (!document.hidden) fleet(); }, FLEET);
