"""Starts the worker: the harness runs this file with the interpreter that is measured."""

from ffi_bench_worker import modes

if __name__ == "__main__":
    modes.main()
