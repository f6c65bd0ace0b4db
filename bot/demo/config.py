"""The configuration of the demonstration."""

import json
from typing import Any

from bot.demo import world
from bot.demo.stack import Stack


def config_for(stack: Stack, *, database_url: str = "", **programme: Any) -> str:
    """A config.toml that connects the bot to the simulated platform of ``stack``."""
    rules = {"name": world.PROGRAMME, "year": 2020, "filing_working_days": 3, **programme}
    lines = "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rules.items())
    return f"""
[database]
url = "{database_url or f"sqlite:///{stack.folder / 'kepu.db'}"}"

[storage]
folder = "{stack.folder / "files"}"

[server]
port = {stack.port}
public_url = "{stack.url}"

[official_account]
app_id = "{world.APP_ID}"
app_secret = "{world.APP_SECRET}"
token = "{world.TOKEN}"
encoding_aes_key = "{world.AES_KEY}"
kind = "service"
api_base_url = "{stack.sandbox_url}"
template_id = "{world.TEMPLATE}"
subscription_template_id = "{world.SUBSCRIPTION}"

[work_group]
bot_id = "{world.BOT_ID}"
secret = "{world.BOT_SECRET}"
gateway_url = "{stack.sandbox_url.replace("http", "ws")}/ws"

[[work_group.groups]]
name = "{world.GROUP_NAME}"
chat_id = "{world.GROUP}"

[programme]
{lines}
"""
