//! Empty: everything here is an example, each a Python module called `mistake`.
