// The filing page saves what is typed as it is typed. Everything here also works without this script, by the buttons.
"use strict";

(() => {
  const opening = document.getElementById("open");
  if (opening) opening.submit();

  const form = document.getElementById("form");
  if (!form) return;
  document.documentElement.classList.add("scripted");

  const saved = document.getElementById("saved");
  const pictures = document.getElementById("photo");
  const allDay = document.getElementById("all_day");
  const RETRY_AFTER = 5000;
  const PARTS = {
    text: (here, there) => { here.textContent = there.textContent; },
    html: (here, there) => {
      if (here.innerHTML !== there.innerHTML) here.replaceChildren(...document.importNode(there, true).childNodes);
    },
    class: (here, there) => { here.className = there.className; },
    hidden: (here, there) => { here.hidden = there.hidden; },
    value: (here, there) => { if (here.value !== there.value) { here.value = there.value; here.checked = there.checked; } },
  };
  const TYPED = "input:not([type=hidden], [type=file], [type=checkbox]), select, textarea";
  let composing = false;
  let busy = false;
  let waiting = false;
  let timer = 0;

  function say(words) {
    saved.textContent = words;
  }

  // Takes over from the answer what the server made of it, but for an input that was changed since it was sent.
  function show(page, sent) {
    for (const here of form.querySelectorAll(TYPED)) {
      const there = page.getElementById(here.id);
      if (there && !composing && sent.get(here.name) === here.value && here.value !== there.value) here.value = there.value;
    }
    for (const here of document.querySelectorAll("[data-live]")) {
      const there = page.getElementById(here.id);
      if (there) for (const part of here.dataset.live.split(" ")) PARTS[part](here, there);
    }
    dimEmpty();
  }

  function dimEmpty() {
    for (const one of form.querySelectorAll("[type=date], [type=time]")) one.classList.toggle("empty", !one.value);
  }

  async function post(body) {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 503) throw new Error("busy");
    if (!page.getElementById("form")) {
      location.reload(); // submitted in the chat meanwhile, or over: the server says so
      return;
    }
    show(page, body);
  }

  async function save() {
    if (busy) {
      waiting = true;
      return;
    }
    busy = true;
    waiting = false;
    clearTimeout(timer);
    say("正在保存…");
    const body = new FormData(form);
    body.delete("photo");
    body.set("act", "save");
    try {
      await post(body);
    } catch {
      say("没有保存上，网络恢复后会自动再试");
      timer = setTimeout(save, RETRY_AFTER);
    }
    busy = false;
    if (waiting) save();
  }

  async function send(act, file) {
    const body = new FormData();
    for (const name of ["token", "before"]) body.set(name, form.elements[name].value);
    body.set("act", act);
    if (file) body.set("photo", file, file.name);
    await post(body);
  }

  async function upload() {
    const files = [...pictures.files];
    pictures.value = "";
    const refused = [];
    for (const [at, file] of files.entries()) {
      say(`正在上传照片 ${at + 1}/${files.length}…`);
      try {
        await send("save", file);
        const why = document.getElementById("fault-photos").textContent;
        if (why) refused.push(why);
      } catch {
        refused.push(`“${file.name}”没有传上，请检查网络后再选一次`);
        say("");
      }
    }
    document.getElementById("fault-photos").textContent = refused.join("；");
  }

  function hideHours() {
    for (const name of ["begin", "until"]) document.getElementById(`cell-${name}`).hidden = allDay.checked;
  }

  form.addEventListener("change", (event) => {
    if (event.target === pictures) upload();
    else save();
    if (event.target === allDay) hideHours();
  });

  form.addEventListener("click", async (event) => {
    const drop = event.target.closest(".drop");
    if (!drop) return;
    event.preventDefault();
    drop.disabled = true;
    try {
      await send(drop.value);
    } catch {
      drop.disabled = false;
      say("没有删掉，请检查网络后再试");
    }
  });

  form.addEventListener("submit", () => {
    clearTimeout(timer);
    document.body.classList.add("sending");
  });

  // Back by the browser's button: what was being sent is over.
  addEventListener("pageshow", () => document.body.classList.remove("sending"));
  addEventListener("online", () => { if (timer) save(); });

  addEventListener("compositionstart", () => { composing = true; });
  addEventListener("compositionend", () => { composing = false; });

  hideHours();
  const wrong = document.querySelector(".wrong");
  if (wrong && !document.getElementById("tip").hidden) wrong.scrollIntoView({ block: "center" });
})();
