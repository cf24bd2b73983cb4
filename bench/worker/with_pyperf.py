"""Times cases with pyperf, an independent tool, to be shown beside the harness's own figures.

The harness runs this file with the path of a request in FFI_BENCH_REQUEST; pyperf runs it again
in the processes that it times. Only the set-up is shared with the worker: loop and clock are
pyperf's own.
"""

import importlib
import json
import os

import pyperf
from ffi_bench_worker.entries import Entry, load_prelude
from ffi_bench_worker.protocol import refuse_other_fields

with open(os.environ["FFI_BENCH_REQUEST"], encoding="utf-8") as file:
    request = json.load(file)
refuse_other_fields("pyperf", request)
runner = pyperf.Runner()
prelude = load_prelude(request["prelude"])
for case in request["cases"]:
    for contender in request["contenders"]:
        entry = Entry(prelude, case, contender)
        names = {**vars(importlib.import_module(contender["module"])), **entry.namespace}
        runner.timeit(f"{case['name']} {contender['name']}", case["call"], globals=names)
