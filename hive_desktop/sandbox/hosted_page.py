"""The drawing of the hosted Link page: HTML in, HTML out, nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.sandbox.institutions import Institution
    from hive_desktop.sandbox.link import LinkToken

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --paper: #f4f5f7; --card: #fff;
  --line: #d9dde3; --soft: #5d6876; --act: #1f6f5c; --act-ink: #fff; --bad: #a3262a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebef; --paper: #14181d;
  --card: #1d232a; --line: #36404b; --soft: #9aa6b3; --act: #4fb59a; --act-ink: #08130f;
  --bad: #ff8f8f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 440px; background: var(--card); border: 1px solid var(--line);
  border-radius: 16px; padding: 28px; }
h1 { font-size: 22px; line-height: 1.25; margin: 0 0 4px; }
p { margin: 0 0 20px; color: var(--soft); }
p.bad { color: var(--bad); font-weight: 600; }
fieldset { border: 0; margin: 0 0 20px; padding: 0; }
legend { padding: 0; margin-bottom: 8px; font-weight: 600; }
label.bank { display: flex; align-items: center; gap: 12px; padding: 12px 14px;
  border: 1px solid var(--line); border-radius: 12px; margin-bottom: 8px; cursor: pointer; }
label.bank:has(:checked) { border-color: var(--act); outline: 1px solid var(--act); }
label.bank input { accent-color: var(--act); }
label.bank span { flex: 1; }
label.bank small { color: var(--soft); }
details { margin-bottom: 20px; color: var(--soft); }
details label { display: block; margin-top: 10px; }
details input { width: 100%; margin-top: 4px; padding: 10px 12px; border-radius: 10px;
  border: 1px solid var(--line); background: transparent; color: var(--ink); font: inherit; }
button { width: 100%; padding: 12px; border-radius: 12px; font: inherit; font-weight: 600;
  cursor: pointer; border: 1px solid transparent; }
button.go { background: var(--act); color: var(--act-ink); }
button.no { background: transparent; color: var(--soft); margin-top: 8px; }
button:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid var(--act);
  outline-offset: 2px; }
footer { margin-top: 16px; font-size: 13px; color: var(--soft); text-align: center; }
"""


def _frame(title: str, inside: str, style_nonce: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><style nonce="{style_nonce}">{_STYLE}</style></head>'
        f"<body><main>{inside}</main></body></html>"
    )


def pick_page(
    link: LinkToken, nonce: str, banks: Sequence[Institution], style_nonce: str, problem: str
) -> str:
    """The page with the banks and the log-in.

    Args:
        link: Whose page it is.
        nonce: The session's, sent back by the form.
        banks: What may be picked; the first is chosen at the start.
        style_nonce: For the style element, under the content policy.
        problem: What went wrong on the last try, or "".
    """
    is_update = link.update_item is not None
    title = "Log in again" if is_update else "Connect a bank"
    lead = (
        f"{link.client_name} lost its connection to this bank. Logging in restores it."
        if is_update
        else f"Choose the bank whose accounts {link.client_name} may read."
    )
    choices = "".join(
        f'<label class="bank"><input type="radio" name="institution_id" required '
        f'value="{escape(bank.institution_id)}"{" checked" if place == 0 else ""}>'
        f"<span>{escape(bank.name)}</span>"
        f"<small>{_accounts(bank)}</small></label>"
        for place, bank in enumerate(banks)
    )
    alert = f'<p class="bad" role="alert">{escape(problem)}</p>' if problem else ""
    inside = (
        f"<h1>{title}</h1><p>{escape(lead)}</p>{alert}"
        '<form method="post" autocomplete="off">'
        f'<input type="hidden" name="nonce" value="{escape(nonce)}">'
        f"<fieldset><legend>Your bank</legend>{choices}</fieldset>"
        "<details><summary>Log in as somebody else</summary>"
        '<label>User name<input name="username" placeholder="user_good"></label>'
        '<label>Password<input name="password" type="password" placeholder="pass_good"></label>'
        "</details>"
        '<button class="go" name="action" value="connect">Connect</button>'
        '<button class="no" name="action" value="cancel" formnovalidate>Cancel</button>'
        "</form><footer>Simulated bank. No real account is touched.</footer>"
    )
    return _frame(title, inside, style_nonce)


def _accounts(bank: Institution) -> str:
    if bank.script is None:
        return ""
    count = len(bank.script.accounts)
    return f"{count} account" + ("" if count == 1 else "s")


def done_page(style_nonce: str) -> str:
    """The page after the last step, when no address was given to return to."""
    inside = "<h1>All done</h1><p>You can return to Hive. This window may be closed.</p>"
    return _frame("All done", inside, style_nonce)


def gone_page(style_nonce: str) -> str:
    """The page of an address that is over or was never given out."""
    inside = (
        "<h1>This link has ended</h1>"
        "<p>Start again from Hive to get a new one. Nothing was changed.</p>"
    )
    return _frame("This link has ended", inside, style_nonce)
