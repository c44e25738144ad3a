"""The relay: a small server that holds Plaid's keys for desktops that do not.

It knows `plaidkit` and itself. It keeps people, their devices and the names of their items; it
keeps no access token and no transaction.
"""
