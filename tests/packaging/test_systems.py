"""What is written for Windows, macOS and Flatpak can be read by them: checked without a build."""

import plistlib
import re
import struct
from pathlib import Path

import pytest
import yaml
from bundle import contents, entry, freeze, macos, pictures, project

WINDOWS = project.PACKAGING / "windows" / "hive.iss"


MACOS = project.PACKAGING / "macos"


FLATPAK = project.PACKAGING / "linux" / f"{project.APP_ID}.yaml"


def test_the_icon_of_windows_has_its_sizes(tmp_path):
    pictures.write(tmp_path)
    ico = (tmp_path / "hive.ico").read_bytes()
    count = struct.unpack("<HHH", ico[:6])[2]
    sizes = set()
    for number in range(count):
        width, _, _, _, _, bits, length, at = struct.unpack_from("<BBBBHHII", ico, 6 + 16 * number)
        picture = ico[at : at + length]
        assert bits == 32
        sizes.add(width or 256)
        if not width:
            assert picture.startswith(b"\x89PNG")
            assert struct.unpack(">I", picture[16:20])[0] == 256
            continue
        head, wide, high, planes, depth = struct.unpack_from("<IiiHH", picture)
        assert (head, wide, high, planes, depth) == (40, width, 2 * width, 1, 32)
        mask = -(-width // 32) * 4 * width
        assert length == head + 4 * width * width + mask
        # The corners are clear and the middle is not: alpha is each fourth byte, rows from below.
        alpha = picture[head + 3 : head + 4 * width * width : 4]
        assert alpha[0] == 0
        assert alpha[width * width // 2 + width // 2] == 255
    assert sizes == {16, 20, 24, 32, 40, 48, 64, 96, 128, 256}
    assert at + length == len(ico)


def test_the_icon_of_macos_has_its_sizes(tmp_path):
    pictures.write(tmp_path)
    icns = (tmp_path / "hive.icns").read_bytes()
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8])[0] == len(icns)
    at, sizes = 8, {}
    while at < len(icns):
        kind, length = struct.unpack_from(">4sI", icns, at)
        sizes[kind] = struct.unpack(">I", icns[at + 24 : at + 28])[0]
        at += length
    assert sizes == {
        b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512,
        b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512, b"ic10": 1024,
    }  # fmt: skip


def test_the_apple_files_are_property_lists():
    info = plistlib.loads(project.filled(MACOS / "Info.plist").encode())
    assert info["CFBundleIdentifier"] == project.APP_ID
    numbers = ".".join(str(one) for one in project.version_numbers()[:3])
    assert info["CFBundleShortVersionString"] == info["CFBundleVersion"] == numbers
    assert info["CFBundleExecutable"] == project.NAME
    assert info["CFBundleLocalizations"] == ["en", *contents.LANGUAGES]
    entitled = plistlib.loads((MACOS / "entitlements.plist").read_bytes())
    assert entitled == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_macos_offers_hive_for_statements_and_takes_nothing_over():
    info = plistlib.loads(project.filled(MACOS / "Info.plist").encode())
    declared = {
        one["UTTypeIdentifier"]: one["UTTypeTagSpecification"]["public.filename-extension"]
        for one in info["UTImportedTypeDeclarations"]
    }
    assert {"ofx", "qfx", "qif", "sta", "camt"} <= {one for of in declared.values() for one in of}
    kinds = [kind for one in info["CFBundleDocumentTypes"] for kind in one["LSItemContentTypes"]]
    systems = {"public.comma-separated-values-text", "public.xml"}
    assert set(kinds) == {*declared, *systems}
    for one in info["CFBundleDocumentTypes"]:
        assert (one["CFBundleTypeRole"], one["LSHandlerRank"]) == ("Viewer", "Alternate")


@pytest.mark.parametrize(
    ("version", "wanted"),
    [("1.2.3", (1, 2, 3, 0)), ("2.0", (2, 0, 0, 0)), ("1.2.3rc1", (1, 2, 3, 0))],
)
def test_a_version_is_four_numbers(monkeypatch, version, wanted):
    monkeypatch.setattr(project, "version", lambda: version)
    assert project.version_numbers() == wanted


def test_the_windows_script_names_what_the_build_makes():
    text = WINDOWS.read_text("utf-8")
    assert f'#define Program "{project.NAME}.exe"' in text
    assert f'#define Command "{project.COMMAND}.exe"' in text
    for path in re.findall(r"\.\.\\\.\.\\([\w\\.*-]+)", text):
        first, *rest = path.split("\\")
        assert first == "dist" or (project.ROOT / first).exists(), path
        assert rest in ([], ["work", "icons", "hive.ico"], ["hive-desktop", "*"]), path
    used = set(re.findall(r"\{#(\w+)\}", text))
    assert used <= set(re.findall(r"#define (\w+)", text)) | {"Version", "Numbers"}
    messages = set(re.findall(r"\{cm:(\w+)", text)) - {"CreateDesktopIcon", "LaunchProgram"}
    for language in ("en", "de"):
        assert messages <= set(re.findall(rf"^{language}\.(\w+)=", text, re.MULTILINE))
    tasks = set(re.findall(r"Tasks: (\w+)", text))
    assert tasks == set(re.findall(r'^Name: "(\w+)"; Description', text, re.MULTILINE))
    # Its compiler reads other letters by the builder's code page.
    assert text.isascii()


def test_the_windows_installer_offers_hive_and_takes_nothing_over():
    text = WINDOWS.read_text("utf-8")
    kinds = re.findall(r"Software\\Classes\\\.(\w+)\\OpenWithProgids", text)
    assert {"ofx", "qfx", "qif", "csv", "xml", "sta"} == set(kinds)
    for line in text.splitlines():
        if "OpenWithProgids" in line:
            assert line.startswith("Root: HKA;")
            assert 'ValueType: none; ValueName: "{#Kind}"; Flags: uninsdeletevalue' in line
    assert not re.search(r"Software\\Classes\\\.\w+\";", text), (
        "what opens a kind is a person's choice"
    )


def test_the_windows_installer_is_for_one_person_and_sees_a_running_hive():
    text = WINDOWS.read_text("utf-8")
    assert "\nPrivilegesRequired=lowest\n" in text
    assert "\nCloseApplications=force\n" in text
    assert f'#define Running "{entry._MUTEX}"' in text
    assert "CheckForMutexes('{#Running}')" in text
    # Nothing of the person's data is named, so nothing of it goes with the program.
    assert "userappdata" not in text.lower()
    assert "localappdata" not in text.lower()


def test_the_windows_version_is_four_numbers():
    told = freeze._windows_version()
    compile(told, "version.txt", "eval")
    assert f"filevers={project.version_numbers()}" in told
    assert f"'OriginalFilename', '{project.NAME}.exe'" in told


def test_the_flatpak_installs_what_the_build_makes(tree):
    told = yaml.safe_load(FLATPAK.read_text("utf-8"))
    assert told["id"] == project.APP_ID
    assert told["command"] == project.NAME
    (module,) = told["modules"]
    for source in module["sources"]:
        place = (FLATPAK.parent / source["path"]).resolve()
        assert place.relative_to(project.ROOT).parts[0] == "dist"
    for command in module["build-commands"]:
        for path in re.findall(r"\bshare/\S+", command.split(" -t ")[0].split(" /app")[0]):
            assert (tree / "usr" / path).exists(), command


def test_the_flatpak_may_no_more_than_it_needs():
    told = yaml.safe_load(FLATPAK.read_text("utf-8"))
    assert set(told["finish-args"]) == {
        "--share=network",
        "--share=ipc",
        "--socket=wayland",
        "--socket=fallback-x11",
        "--socket=cups",
        "--talk-name=org.freedesktop.secrets",
        "--talk-name=org.freedesktop.Notifications",
        "--talk-name=org.kde.StatusNotifierWatcher",
    }
    # It is built without the network.
    assert {source["type"] for one in told["modules"] for source in one["sources"]} == {"dir"}


def test_on_macos_the_keychain_says_whom_to_trust(monkeypatch):
    asked = []
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("truststore.inject_into_ssl", lambda: asked.append(True))
    entry._find_certificates()
    assert asked == [True]


@pytest.fixture
def app(tmp_path):
    """An app as PyInstaller leaves it, as far as what is signed tells files apart."""
    made = macos.app_in(tmp_path)
    code = b"\xcf\xfa\xed\xfe...."
    for name, data in {
        "MacOS/hive-desktop": code,
        "Resources/licences.txt": b"",
        "Frameworks/libcrypto.3.dylib": code,
        "Frameworks/numpy/core.so": code,
        "Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore": code,
        "Frameworks/PySide6/Qt/lib/QtCore.framework/Resources/Info.plist": b"<plist/>",
    }.items():
        (made / "Contents" / name).parent.mkdir(parents=True, exist_ok=True)
        (made / "Contents" / name).write_bytes(data)
    (made / "Contents/Resources/libcrypto.3.dylib").symlink_to("../Frameworks/libcrypto.3.dylib")
    return made


def test_the_app_gets_its_command_and_papers_before_it_is_sealed(app, monkeypatch):
    sealed = []

    def run(command, *, check):
        assert check
        sealed.append({path.relative_to(app).as_posix() for path in app.rglob("*")})

    monkeypatch.setattr("subprocess.run", run)
    macos.finish(app, {"licences.txt": "all of them"})
    for paths in sealed:
        assert {"Contents/MacOS/hive", "Contents/Resources/licences.txt"} <= paths
    assert sealed
    assert (app / "Contents/MacOS/hive").readlink() == Path(project.NAME)
    assert (app / "Contents/Resources/licences.txt").read_text() == "all of them"


def test_what_lies_deepest_in_the_app_is_signed_first(app, monkeypatch):
    monkeypatch.setenv(macos.IDENTITY, "Developer ID")
    commands = macos.signing(app)
    signed = [Path(command[-1]).relative_to(app).as_posix() for command in commands]
    frameworks = "Contents/Frameworks"
    assert signed == [
        f"{frameworks}/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        f"{frameworks}/PySide6/Qt/lib/QtCore.framework",
        f"{frameworks}/numpy/core.so",
        f"{frameworks}/libcrypto.3.dylib",
        ".",
    ]
    for command in commands:
        assert command[command.index("--sign") + 1] == "Developer ID"
        assert command[command.index("--options") + 1] == "runtime"
        assert "--timestamp" in command
        assert "--deep" not in command
    # A library has no entitlements of its own.
    assert [str(macos.ENTITLEMENTS) in command for command in commands] == [False] * 4 + [True]
    assert macos.ENTITLEMENTS.exists()


def test_without_an_identity_the_app_runs_here_alone(app, monkeypatch):
    monkeypatch.delenv(macos.IDENTITY, raising=False)
    # The hardened runtime would refuse libraries that are of nobody's team.
    assert not [command for command in macos.signing(app) if "--options" in command]
    assert macos.notarising(app) == []


def test_the_image_is_signed_and_notarised(tmp_path, monkeypatch):
    monkeypatch.setenv(macos.IDENTITY, "Developer ID")
    monkeypatch.delenv(macos.NOTARY, raising=False)
    image = tmp_path / "Hive.dmg"
    assert [command[0] for command in macos.notarising(image)] == ["codesign"]
    monkeypatch.setenv(macos.NOTARY, "hive")
    told = [(command[0], command[1], command[-1]) for command in macos.notarising(image)]
    assert told == [
        ("codesign", "--force", str(image)),
        ("xcrun", "notarytool", str(image)),
        ("xcrun", "stapler", str(image)),
    ]
