// The demo's clock: shows it, lets it run between readings, and moves it.

import { api } from "./api.js";
import { toast } from "./dom.js";
import * as time from "./time.js";

const READ_EVERY = 10_000;

export class DemoClock {
  #base = null; // the platform's time at the last reading
  #read = 0; // our own monotonic time at that reading
  #rate = 1; // 0 when the platform's clock stands still
  #listeners = [];

  constructor() {
    this.toggle = document.getElementById("clock-toggle");
    this.face = document.getElementById("clock-time");
    this.actions = document.getElementById("clock-actions");
    this.dialog = document.getElementById("clock-dialog");
    this.form = document.getElementById("clock-form");
    this.#wire();
    this.refresh();
    setInterval(() => this.refresh(), READ_EVERY);
    setInterval(() => this.#paint(), 1000);
  }

  get now() {
    return this.#base === null ? null : this.#base + (performance.now() - this.#read) * this.#rate;
  }

  onTick(listener) {
    this.#listeners.push(listener);
  }

  async refresh() {
    try {
      this.#take(await api.clock());
    } catch {
      // The connection light already says so; the last known time stays.
    }
  }

  /** Open the dialog, offering `iso` (or an hour from now) as the moment to go to. */
  ask(iso, hint) {
    const offered = iso ? Date.parse(iso) : (this.now ?? Date.now()) + 3_600_000;
    this.form.elements.at.value = time.toLocalInput(offered);
    document.getElementById("clock-hint").textContent = hint || "提醒、截止和晨报都按这个时钟走。";
    this.dialog.showModal();
  }

  #take(answer) {
    const now = Date.parse(answer.now);
    if (Number.isNaN(now)) return;
    const waited = performance.now() - this.#read;
    if (this.#base !== null && waited > READ_EVERY / 2) this.#rate = now === this.#base ? 0 : 1;
    this.#base = now;
    this.#read = performance.now();
    this.#paint();
  }

  #paint() {
    const now = this.now;
    if (now === null) return;
    this.face.textContent = time.full(now);
    this.face.dateTime = new Date(now).toISOString();
    for (const listener of this.#listeners) listener(now);
  }

  async #move(change) {
    try {
      const answer = await api.setClock(change);
      if (answer?.now) this.#take(answer);
      else await this.refresh();
      toast(`现在是 ${time.dayAndTime(this.now)}`);
    } catch (error) {
      toast(error.message, "bad");
    }
  }

  #wire() {
    this.toggle.addEventListener("click", () => this.#open(this.toggle.getAttribute("aria-expanded") !== "true"));
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".clock")) this.#open(false);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#open(false);
    });
    this.actions.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      this.#open(false);
      if (button.dataset.advance) this.#move({ advance_seconds: Number(button.dataset.advance) });
      else if (button.dataset.goto === "custom") this.ask();
      else if (this.now !== null) this.#move({ now: time.nextMorning(this.now) });
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.dialog.close();
      this.#move({ now: time.fromLocalInput(this.form.elements.at.value) });
    });
  }

  #open(open) {
    this.toggle.setAttribute("aria-expanded", String(open));
  }
}
