//! Empty: bench/mistakes/build.py puts a mistake, or its correct twin, in its place.
