"""Do the mistakes of the safety ledger build, and are their correct twins right?"""
