# Imports the module that is named, and says whether the GIL was on before and after.
import importlib
import json
import sys

gil = getattr(sys, "_is_gil_enabled", lambda: True)
before = gil()
importlib.import_module(sys.argv[1])
print(json.dumps({"before": before, "after": gil()}))
