"""Speaking Plaid: one client, its wire format, and what each of its errors asks for.

Used by the direct adapter and by the relay. It knows the domain's values and nothing above them.
"""
