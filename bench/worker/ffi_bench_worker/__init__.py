"""Runs inside the interpreter that is measured, with the standard library and the study only.

modes         one function for each request of the harness
entries       one contender in one case: its set-up and the loop that times it
shared_state  what contenders share in a process, and must leave as it was
protocol      what the harness is told
"""
