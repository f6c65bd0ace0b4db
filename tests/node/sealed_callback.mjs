// Sends one callback sealed by @wecom/crypto and opens what comes back. Reads {url, account, timestamp, xml} as JSON on
// standard input and prints {status, body, reply, id, signed} as JSON.
import { readFileSync } from "node:fs";
import { decrypt, encrypt, getSignature } from "@wecom/crypto";

const { url, account, timestamp, xml } = JSON.parse(readFileSync(0, "utf-8"));
const nonce = "1320562132";
const sealed = encrypt(account.encoding_aes_key, xml, account.app_id);
const query = new URLSearchParams({
  signature: getSignature(account.token, timestamp, nonce, ""),
  timestamp,
  nonce,
  encrypt_type: "aes",
  msg_signature: getSignature(account.token, timestamp, nonce, sealed),
});
const body = `<xml><ToUserName><![CDATA[gh_office]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
const answer = await fetch(`${url}?${query}`, { method: "POST", headers: { "Content-Type": "text/xml" }, body });
const told = { status: answer.status, body: await answer.text() };

const part = (name) => told.body.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, "s"))?.[1];
if (part("Encrypt")) {
  const { message, id } = decrypt(account.encoding_aes_key, part("Encrypt"));
  const signature = getSignature(account.token, part("TimeStamp"), part("Nonce"), part("Encrypt"));
  Object.assign(told, { reply: message, id, signed: signature === part("MsgSignature") });
}
console.log(JSON.stringify(told));
