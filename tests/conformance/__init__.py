"""Does every contender keep the contract of docs/contract.md?"""
