"""What a relay says to the people who use it, made known to the catalogue.

A relay speaks English: its refusals reach the window as they come, and are translated there when
they are rendered. What is not here is shown in English.
"""

from __future__ import annotations

from typing import Final

from hive_desktop.i18n import mark

RELAY_WORDS: Final = (
    mark("Sign in again"),
    mark("This request needs a valid sign-in."),
    mark("Renew the sign-in, or sign in again with e-mail and password."),
    mark("E-mail or password is wrong"),
    mark("There is no account with this e-mail address and this password."),
    mark("Check both and try again."),
    mark("Not allowed"),
    mark("That is not the password of this account."),
    mark("Check it and try again."),
    mark("This relay takes new people by invitation only."),
    mark("Ask whoever runs the relay for an invite code."),
    mark("The invite code is not valid, was used already, or has ended."),
    mark("Ask whoever runs the relay for a new one."),
    mark("There is an account already"),
    mark("Somebody has registered with this e-mail address."),
    mark("Sign in, or register with another address."),
    mark("The password is too easy to guess"),
    mark("It is a common one, or near to one."),
    mark("Take several words that do not belong together."),
    mark("Banks are still connected"),
    mark("There is no such device, or it is signed out already."),
    mark("Too many banks"),
    mark("Remove a bank first, or ask whoever runs the relay."),
    mark("No page can be opened"),
    mark("Plaid gave no Hosted Link page: its account may not have it."),
    mark("Ask whoever runs the relay to turn Hosted Link on at Plaid."),
    mark("The bank is being connected"),
    mark("Another request is connecting this bank just now."),
    mark("Ask again in some seconds."),
    mark("The bank must be connected again"),
    mark("Connect the bank again."),
    mark("The bank cannot be connected"),
    mark("The bank's data could not be read"),
    mark("This page connected no such bank."),
    mark("There is no such link, or it has ended."),
    mark("There is no such exchange, or it was forgotten."),
    mark("Too many requests"),
    mark("Too many requests in a short time."),
    mark("The relay is busy"),
    mark("Many people sign in at the same time."),
    mark("Try again in a few seconds."),
    mark("The relay cannot answer now"),
    mark("Its database does not answer."),
    mark("Try again in a minute."),
    mark("Something went wrong in the relay"),
    mark("The request met a fault of the relay's own."),
    mark("Try again; if it stays, tell whoever runs the relay the request id."),
    mark("The request is not valid"),
    mark("The request cannot be understood."),
    mark("Correct the request and send it again."),
    mark("Not found"),
    mark("There is nothing here by that name."),
    mark("Check the address."),
)
