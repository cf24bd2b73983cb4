"""Prints the name of the virtual environment of the interpreter that runs this.

The version is in the name because a system's interpreter changes under the same path; the
hash of the path tells two builds of one version apart. Written so that an old Python can run it.
"""

import hashlib
import os
import platform
import sys

path = os.path.realpath(sys.executable)
digest = hashlib.sha256(path.encode()).hexdigest()[:8]
print("-".join([platform.python_implementation().lower(), platform.python_version(), digest]))
