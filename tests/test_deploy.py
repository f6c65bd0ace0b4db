"""The files under docs/deploy are what docs/scaling.md says they are, and the programs that read them take them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.roles import Role

DEPLOY = Path(__file__).parent.parent / "docs" / "deploy"
ENVIRONMENTS = sorted((DEPLOY / "systemd").glob("*.env"))
ROLE = re.compile(r"serve --role (\S+)")


def _has_compose() -> bool:
    docker = shutil.which("docker")
    return docker is not None and subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0


def test_units_of_systemd_are_well_formed(tmp_path: Path) -> None:
    template = (DEPLOY / "systemd" / "kepu-bot@.service").read_text()
    assert "EnvironmentFile=/etc/kepu-bot/%i.env" in template
    if shutil.which("systemd-analyze") is None:
        assert re.findall(r"^\[(\w+)\]$", template, re.MULTILINE) == ["Unit", "Service", "Install"]
        return
    # It wants the program and the user's folder to be there; of those this machine has others.
    (tmp_path / "kepu-bot@web-a.service").write_text(template.replace("/opt/kepu-bot/bin/kepu-bot", "/bin/true"))
    shutil.copy(DEPLOY / "systemd" / "kepu-bot.target", tmp_path)
    units = [str(tmp_path / name) for name in ("kepu-bot@web-a.service", "kepu-bot.target")]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    assert [line for line in done.stderr.splitlines() if "kepu-bot" in line] == []


def test_every_process_of_systemd_has_a_role_and_a_port_of_its_own() -> None:
    held = [dict(line.split("=", 1) for line in path.read_text().split()) for path in ENVIRONMENTS]
    assert sorted(one["ROLE"] for one in held) == sorted([*Role, *Role])
    assert len({one["KEPU_SERVER__PORT"] for one in held}) == len(held)


def test_nginx_passes_to_the_ports_of_the_web_processes(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx" / "kepu-bot.conf").read_text()
    ports = {path.read_text().split("KEPU_SERVER__PORT=")[1].strip() for path in ENVIRONMENTS if "web" in path.name}
    assert set(re.findall(r"server 127\.0\.0\.1:(\d+)", text)) == ports
    assert text.count("{") == text.count("}")
    if shutil.which("nginx"):
        # Certificates are not here; what is asked is whether nginx reads it.
        plain = re.sub(r"ssl_certificate.*;", "", text).replace("443 ssl", "127.0.0.1:8443")
        whole = f"pid {tmp_path}/nginx.pid; error_log stderr; events {{ }} http {{ access_log off; {plain} }}"
        (tmp_path / "nginx.conf").write_text(whole)
        done = subprocess.run(
            ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_nginx_of_the_containers_differs_only_in_the_names_of_the_web_processes() -> None:
    plain = (DEPLOY / "nginx" / "kepu-bot.conf").read_text()
    for number, name in (("8091", "web-a"), ("8092", "web-b")):
        plain = plain.replace(f"127.0.0.1:{number}", f"{name}:8090")
    assert (DEPLOY / "docker" / "nginx.conf").read_text() == plain


def test_compose_file_runs_two_of_each_role(tmp_path: Path) -> None:
    path = DEPLOY / "docker" / "compose.yaml"
    services = yaml.safe_load(path.read_text())["services"]
    counted: dict[str, int] = {}
    for one in services.values():
        if found := ROLE.search(one.get("command", "")):
            counted[found[1]] = counted.get(found[1], 0) + one.get("deploy", {}).get("replicas", 1)
    assert counted == {str(role): 2 for role in Role}
    assert services["migrate"]["command"] == "migrate"


@pytest.mark.skipif(not _has_compose(), reason="needs Docker's compose")
def test_compose_file_is_read_by_docker(tmp_path: Path) -> None:
    for name in ("compose.yaml", "nginx.conf"):
        shutil.copy(DEPLOY / "docker" / name, tmp_path)
    (tmp_path / "kepu.env").write_text("POSTGRES_PASSWORD=geheim\n")
    command = ["docker", "compose", "--env-file", "kepu.env", "config", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
