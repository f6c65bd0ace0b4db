"""What `kepu-bot doctor` says of a whole installation, and that looking does no harm."""

import json
import subprocess
import sys
import urllib.request
from typing import Any

from tests.e2e.platform import Platform


def doctor(platform: Platform, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", "doctor", *options]
    return subprocess.run(
        command, env=platform.stack.environment, capture_output=True, text=True, timeout=60, check=False
    )


def health(platform: Platform) -> Any:
    with urllib.request.urlopen(f"{platform.stack.url}/health", timeout=10) as answer:
        return json.load(answer)


def test_doctor_leaves_the_running_robot_its_connection_and_publishes_the_menu(platform: Platform) -> None:
    before = doctor(platform)
    assert before.returncode == 2
    assert "✔ 企业微信机器人：运行中的机器人已接通长连接" in before.stdout
    assert "✔ 项目工作群：2020年度科普项目工作群" in before.stdout
    assert "✘ 公众号菜单：还没有菜单，请运行 kepu-bot doctor --publish-menu" in before.stdout
    assert health(platform)["channels"]["work_group"] == "connected"
    after = doctor(platform, "--publish-menu")
    assert after.returncode == 0, after.stdout
    assert "✘" not in after.stdout
    answer = platform.in_group("limin", "报备：10月24日上午9点，莞城文化广场，科普讲座，80人，李敏 13800138000")
    assert "请核对" in answer["text"]


def test_doctor_connects_by_itself_where_no_bot_runs(platform: Platform) -> None:
    platform.stack.kill_bot()
    done = doctor(platform)
    assert "✔ 企业微信机器人：长连接已接通" in done.stdout
    assert "gateway_connected" not in done.stdout + done.stderr
