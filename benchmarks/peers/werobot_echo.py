"""werobot: echoes a text, encrypted. Its session store, which it opens unasked, is off: this peer stores nothing."""

from werobot import WeRoBot
from werobot.messages.messages import TextMessage

from bot.demo.world import AES_KEY, APP_ID, TOKEN

robot = WeRoBot(token=TOKEN, encoding_aes_key=AES_KEY, app_id=APP_ID, SESSION_STORAGE=False)


@robot.text
def echo(message: TextMessage) -> str:
    return message.content


app = robot.wsgi
