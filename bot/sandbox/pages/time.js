// Beijing time, whatever the visitor's own zone is.

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Shanghai", hourCycle: "h23",
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const WEEK = "日一二三四五六";
const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;

export function split(ms) {
  const out = {};
  for (const { type, value } of parts.formatToParts(ms)) out[type] = value;
  out.week = WEEK[new Date(ms + SHANGHAI).getUTCDay()];
  return out;
}

export const dayKey = (ms) => Math.floor((ms + SHANGHAI) / DAY);

export function hourMinute(ms) {
  const t = split(ms);
  return `${t.hour}:${t.minute}`;
}

export function dayAndTime(ms) {
  const t = split(ms);
  return `${Number(t.month)}月${Number(t.day)}日 周${t.week} ${t.hour}:${t.minute}`;
}

export function full(ms) {
  return `${dayAndTime(ms)}:${split(ms).second}`;
}

/** For <input type="datetime-local">. */
export function toLocalInput(ms) {
  const t = split(ms);
  return `${t.year}-${t.month}-${t.day}T${t.hour}:${t.minute}`;
}

export const fromLocalInput = (text) => `${text.length === 16 ? `${text}:00` : text}+08:00`;

/** Nine o'clock of the day after `ms`. */
export function nextMorning(ms) {
  const t = split(ms + DAY);
  return `${t.year}-${t.month}-${t.day}T09:00:00+08:00`;
}
