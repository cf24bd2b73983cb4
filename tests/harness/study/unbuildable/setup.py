raise SystemExit("the compiler of dreams is not installed")
