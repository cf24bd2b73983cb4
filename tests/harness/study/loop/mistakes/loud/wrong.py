# compile: an exception is not a value
def answer():
    raise 42  # noqa: B016
