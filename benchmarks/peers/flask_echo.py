"""wechatpy under Flask: echoes a text, encrypted, as wechatpy's own example for Flask does (but reads the keys once)."""

from flask import Flask, abort, request
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

from bot.demo.world import AES_KEY, APP_ID, TOKEN

app = Flask(__name__)
crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


@app.post("/")
def callback() -> str:
    """Signature, decryption, parsing, echo, encryption."""
    query = request.args
    try:
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
        xml = crypto.decrypt_message(request.data, query["msg_signature"], query["timestamp"], query["nonce"])
    except (InvalidSignatureException, InvalidAppIdException):
        abort(403)
    message = parse_message(xml)
    return crypto.encrypt_message(create_reply(message.content, message).render(), query["nonce"], query["timestamp"])
