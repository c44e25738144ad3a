"""The Transactions page: every row of the ledger, searched, filtered and sorted into categories."""
