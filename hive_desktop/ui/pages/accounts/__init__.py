"""The Accounts page: banks, their accounts and balances, and connecting them."""
