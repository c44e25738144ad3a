"""The ways to a bank: implementations of `ports.bank.BankConnector`."""
