"""The cleaning room: raw lines become order lines, rejects and a ledger that balances to the cent."""
