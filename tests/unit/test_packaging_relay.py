"""What comes with the relay for those who run it agrees with the relay."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from hive_desktop.relay.settings import PREFIX, Settings

ANALYZE = shutil.which("systemd-analyze")
FOLDER = Path(__file__).parents[2] / "packaging" / "relay"
VARIABLES = {PREFIX + name.upper() for name in Settings.model_fields}
# Where files of secrets lie is not a setting of the relay's but of how it is set up.
BESIDE = {f"{PREFIX}SECRETS_DIR"}


def read(name):
    return (FOLDER / name).read_text(encoding="utf-8")


def test_the_example_names_each_setting_and_its_default():
    lines = dict(re.findall(rf"^({PREFIX}\w+)=(.*)$", read(".env.example"), re.MULTILINE))
    # Who has not set it up for Redis, metrics or AI leaves those empty.
    assert set(lines) == VARIABLES
    for name, field in Settings.model_fields.items():
        given, default = lines[PREFIX + name.upper()], field.default
        if field.is_required() or default is None or default == []:
            continue
        plain = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        wanted = ",".join(plain) if isinstance(plain, list) else plain
        assert given == str(wanted) or float(given) == float(wanted), name


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile", "aws.md", "hive-relay.service"])
def test_no_other_file_names_a_setting_that_is_none(name):
    found = set(re.findall(rf"{PREFIX}[A-Z][A-Z_]*[A-Z]", read(name)))
    assert found <= VARIABLES | BESIDE


def test_the_relays_of_compose_are_shut_in():
    composed = yaml.safe_load(read("compose.yaml"))
    services = composed["services"]
    for name in ("relay-1", "relay-2", "migrate"):
        service = services[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service
        assert set(service["secrets"]) <= set(composed["secrets"])
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    proxy = services["proxy"]["networks"]["front"]["ipv4_address"]
    trusted = services["relay-1"]["environment"][f"{PREFIX}TRUSTED_PROXIES"]
    assert trusted == f"{proxy}/32"
    # Each file of a secret is one that the relay looks for there.
    for name in services["relay-1"]["secrets"]:
        assert name.upper() in VARIABLES
        assert services["relay-1"]["environment"][name.upper()] == ""


def test_the_image_is_not_run_by_root():
    lines = read("Dockerfile").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001:10001"]
    assert "--require-hashes" in read("Dockerfile")


def test_the_relay_alone_has_the_versions_of_the_whole():
    def pins(path):
        return dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)", path.read_text(), re.MULTILINE))

    whole, relay = pins(FOLDER.parent / "requirements.txt"), pins(FOLDER / "requirements.txt")
    assert len(relay) > 30
    assert {name: whole.get(name) for name in relay} == relay
    assert not {"pyside6-essentials", "plaid-python", "sqlcipher3", "openai"} & set(relay)


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed")
def test_systemd_understands_the_unit(tmp_path):
    unit = tmp_path / "hive-relay.service"
    # The program is not installed where tests run; every other line is checked.
    unit.write_text(read("hive-relay.service").replace("/opt/hive/bin/hive-relay", "/bin/true"))
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert "hive-relay.service" not in done.stderr, done.stderr
