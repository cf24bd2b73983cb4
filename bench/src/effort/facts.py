# What an interpreter is; any Python since 2.7 must be able to run this.
import json
import os
import platform
import sys
import sysconfig

print(
    json.dumps(
        {
            "implementation": platform.python_implementation(),
            "version": platform.python_version(),
            "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
            "executable": os.path.realpath(sys.executable),
        }
    )
)
