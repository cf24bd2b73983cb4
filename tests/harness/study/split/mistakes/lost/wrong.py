import time


def answer():
    time.sleep(60)
