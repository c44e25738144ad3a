"""The simulated bank: a stand-alone server that speaks Plaid's HTTP API over invented data.

The demo, the tests and the benchmarks run on it. It imports none of Hive's other packages and holds
no secret worth keeping.
"""
