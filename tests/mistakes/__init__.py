"""Do the mistakes of the table of safety build, and are their correct twins right?"""
