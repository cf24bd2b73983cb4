# lint: a statement without effect
# lack: there is no sanitizer for it
import os


def answer():
    os.abort()
