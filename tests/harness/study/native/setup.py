from setuptools import Extension, setup

setup(ext_modules=[Extension("words_native", ["words_native.c"])])
