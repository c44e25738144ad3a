"""A person's first hour with the program: driven by keys, seen from outside by its commands."""

import json
import subprocess

from tests.e2e.teller import PASSPHRASE, ROWS
from tests.e2e.x_screen import SOURCE, WAIT_S, Screen, until

# How long the program rests once another screen has come and has the keyboard.
SCREEN_S = 2
_BROWSER = """#!/bin/sh
env > "$HIVE_TEST_PAGE.environment"
echo "$1" > "$HIVE_TEST_PAGE"
"""


class Life:
    """One person's first hour with the program, seen from outside by `hive` beside the window."""

    def __init__(self, display, folder, bank, screens, program=SOURCE):
        self.display, self.folder, self.bank, self.screens = display, folder, bank, screens
        self.program = program
        self.vault = folder / "vault"
        self.page = folder / "page"
        browser = folder / "browser"
        browser.write_text(_BROWSER)
        browser.chmod(0o755)
        self.variables = {
            "HOME": str(folder),
            "BROWSER": str(browser),
            "HIVE_TEST_PAGE": str(self.page),
        }
        self.screen = None

    def open(self):
        """Start the program, and give its first window the keyboard."""
        self.screen = Screen(
            self.display, self.folder, "--vault", str(self.vault),
            program=self.program, **self.variables,
        )  # fmt: skip
        self.screens.append(self.screen)
        self.screen.wait_for_window()

    def hive(self, *words, **variables):
        """Say a command beside the window; returns its document, None where it was refused."""
        environment = self.screen.environment | {"HIVE_PASSPHRASE": PASSPHRASE} | variables
        done = subprocess.run(
            [*self.program.command, *words, "--vault", str(self.vault)],
            env=environment, capture_output=True, text=True, check=False, timeout=WAIT_S,
            **self.program.identity,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout or "{}") if done.returncode == 0 else None

    def rows(self, *words):
        found = self.hive("transactions", "--json", *words)
        return found["transactions"] if found else []

    def category(self, wanted):
        return next(one["category"] for one in self.rows() if one["id"] == wanted["id"])

    def syncs(self):
        """Return how often the bank was asked for rows."""
        return sum(one["path"] == "/transactions/sync" for one in self.bank.requests())

    def create(self):
        """Choose a passphrase, keep the kit and prove it, and leave the setup for later."""
        screen = self.screen
        screen.keys("Return", pause=SCREEN_S)  # "Create my vault" has the keyboard
        screen.write(PASSPHRASE)
        screen.keys("Tab")
        screen.write(PASSPHRASE)
        screen.keys("Return")
        until(self.vault.exists, "the vault")
        screen.rest(2 * SCREEN_S)
        self.prove_kit()
        screen.wait_for_window()

    def prove_kit(self):
        """Copy the kit, and type each of its groups where one of them is asked for."""
        screen = self.screen
        screen.keys("shift+Tab", "space")  # from the field of the proof to "Copy"
        kit = until(screen.clipboard, "the copied kit")
        screen.keys("Tab")
        for group in kit.split("-"):
            screen.keys("ctrl+a")
            screen.write(group.strip())
            screen.keys("Return")

    def unlock(self):
        self.screen.write(PASSPHRASE)
        self.screen.keys("Return")
        self.screen.wait_for_window()
        self.screen.rest(1)

    def visit(self):
        """Play the person at the bank's page, once the program has opened it."""
        page = until(lambda: self.page.exists() and self.page.read_text().strip(), "the page")
        self.bank.complete_link(page.rsplit("/", 1)[-1], self.bank.institution_ids[0])

    def browser_saw(self):
        """Return the names of the variables that the program gave to the browser."""
        lines = self.page.with_name("page.environment").read_text().splitlines()
        return {line.partition("=")[0] for line in lines}

    def quit(self):
        self.screen.keys("ctrl+q")
        assert self.screen.end() == (0, "", "")

    def first_hour(self):
        """Create, link, sync, search, edit, undo, lock, unlock and quit."""
        self.open()
        self.create()
        self.quit()
        said = self.hive(
            "bank", "set", "--json", "--environment", self.bank.url,
            "--client-id", "sandbox-client", HIVE_PLAID_SECRET="sandbox-secret",
        )  # fmt: skip
        assert said is not None

        self.open()
        self.unlock()
        screen = self.screen
        screen.keys("ctrl+k")
        screen.write("connect a bank")
        screen.keys("Return")
        self.visit()
        until(lambda: len(self.rows()) == ROWS, "the first rows")

        synced = self.syncs()
        screen.keys("F5")
        until(lambda: self.syncs() > synced, "a sync by its key")

        wanted = next(one for one in self.rows() if one["category"] != "Travel")
        screen.keys("ctrl+f")
        screen.write(f'"{wanted["description"]}"')
        screen.keys("Return", "c", pause=1)
        screen.write("Travel")
        screen.keys("Return")
        until(lambda: self.category(wanted) == "Travel", "another category")

        screen.keys("Escape", "ctrl+z")
        until(lambda: self.category(wanted) == wanted["category"], "the undone category")

        screen.keys("ctrl+l")
        screen.wait_for_window()
        self.unlock()
        screen.keys("ctrl+2", "ctrl+shift+z", pause=1)
        until(lambda: self.category(wanted) == "Travel", "the category again, after the lock")
        self.quit()
