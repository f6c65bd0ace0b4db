// The simulated platform's control port, and the live stream of messages.

const ROOT = "/_sandbox";

export class ApiError extends Error {}

async function request(method, path, body) {
  let response;
  try {
    response = await fetch(`${ROOT}/${path}`, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError("连不上模拟平台，请确认演示程序还在运行。");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    const detail = answer && (answer.error ?? answer.detail);
    throw new ApiError(typeof detail === "string" ? detail : `平台没有接受（HTTP ${response.status}）`);
  }
  if (answer === null) throw new ApiError("平台的回答不是 JSON。");
  return answer;
}

const id = encodeURIComponent;

export const api = {
  world: () => request("GET", "world"),
  state: () => request("GET", "state"),
  messages: (since, wait = 0) => request("GET", `messages?since=${since}&wait=${wait}`),
  clock: () => request("GET", "clock"),
  setClock: (change) => request("POST", "clock", change),
  faults: () => request("GET", "faults"),
  clearFaults: () => request("DELETE", "faults"),
  fault: (fault) => request("POST", "faults", fault),
  click: (userid, message_id, key) => request("POST", "click", { userid, message_id, key }),
  sayInGroup: (chatId, row) => request("POST", `groups/${id(chatId)}/say`, row),
  openDirect: (userid) => request("POST", `direct/${id(userid)}/open`, {}),
  sayDirect: (userid, row) => request("POST", `direct/${id(userid)}/say`, row),
  sayOfficial: (openid, row) => request("POST", `official/${id(openid)}/say`, { ...row, wait: false }),
  follow: (openid) => request("POST", `official/${id(openid)}/follow`, { wait: false }),
  unfollow: (openid) => request("POST", `official/${id(openid)}/unfollow`, { wait: false }),
  menu: (openid, key) => request("POST", `official/${id(openid)}/menu`, { key, wait: false }),
};

const STREAM_TRIES = 3; // streams that do not open before polling takes over
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Keep `onMessages(list, whole)` fed and `onState("live" | "polling" | "lost")` told.
 * Every (re)connection loads everything once, so that a restarted platform shows its own truth.
 */
export async function follow(onMessages, onState) {
  async function loadAll() {
    const answer = await api.messages(0);
    onMessages(answer.messages ?? [], true);
    return answer.last ?? 0;
  }

  /**
   * Live until the stream breaks; false when it never opened. A page that nobody looks at gives its connection back:
   * a browser opens six to one address, and keeps the pages that were left, with theirs.
   */
  async function stream() {
    let last = await loadAll();
    return new Promise((resolve) => {
      let opened = false;
      let source = null;

      function open() {
        source = new EventSource(`${ROOT}/events?since=${last}`);
        source.onopen = () => {
          opened = true;
          onState("live");
        };
        source.onmessage = (event) => {
          const message = JSON.parse(event.data);
          last = message.rev;
          onMessages([message], false);
        };
        // Not left to reconnect by itself: after a restart the platform counts from the start again.
        source.onerror = end;
      }

      function end() {
        document.removeEventListener("visibilitychange", look);
        source.close();
        resolve(opened);
      }

      function look() {
        source.close();
        if (!document.hidden) api.messages(last).then((answer) => (answer.last < last ? end() : open()), end);
      }

      document.addEventListener("visibilitychange", look);
      open();
    });
  }

  async function poll() {
    let last = await loadAll();
    onState("polling");
    for (;;) {
      const answer = await api.messages(last, 20);
      if ((answer.last ?? 0) < last) return;
      last = answer.last ?? last;
      if (answer.messages?.length) onMessages(answer.messages, false);
      else await pause(500); // a platform that does not hold the request must not be hammered
    }
  }

  let failures = 0;
  for (;;) {
    try {
      if (failures < STREAM_TRIES) failures = (await stream()) ? 0 : failures + 1;
      else await poll();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (failures >= STREAM_TRIES) failures = 0;
    }
    onState("lost");
    await pause(1500);
  }
}
