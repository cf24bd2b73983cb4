//! The Python module `lev_pyo3_declarations._native`: functions that do nothing, each
//! declared in another way. What differs between two of them is what PyO3 generates
//! around them, so the difference in cost is the price of the declaration.
//!
//! PyO3 uses two of CPython's calling conventions for all of these and a third where
//! there is no other way. `METH_NOARGS` is for functions without arguments,
//! `METH_FASTCALL | METH_KEYWORDS` for the rest: the arguments come as an array, the
//! names of those given by keyword as a tuple beside it. `**kwargs` takes `METH_VARARGS |
//! METH_KEYWORDS`, for which Python packs a tuple and a dictionary. There is no
//! `METH_O`, the convention for exactly one argument, whatever the signature says.
#![expect(
    clippy::doc_markdown,
    reason = "PyO3 and CPython are names here, not code"
)]
#![expect(
    unused_variables,
    clippy::unused_self,
    reason = "what matters is how an argument is declared, not what is done with it"
)]
#![expect(
    clippy::unnecessary_wraps,
    reason = "what a result costs that is never an error is one of the questions"
)]

use pyo3::prelude::*;

#[pymodule(gil_used = true)]
mod _native {
    use pyo3::prelude::*;
    use pyo3::types::{PyDict, PyTuple};
    use std::collections::HashMap;

    // ------------------------------------------------------------- no argument

    /// The least that can cross: the wrapper is all there is.
    #[pyfunction]
    fn noargs() {}

    /// `Python<'_>` is a proof for the compiler and no value: it should cost nothing.
    #[pyfunction]
    fn noargs_py(py: Python<'_>) {}

    /// The wrapper around every function returns a `PyResult`, so one more is no news.
    #[pyfunction]
    fn noargs_result() -> PyResult<()> {
        Ok(())
    }

    // ------------------------------------------------------------ one argument

    /// Without a signature an argument may be given by position or by name.
    #[pyfunction]
    fn o(x: &Bound<'_, PyAny>) {}

    /// By position only. The calling convention remains that of `o`.
    #[pyfunction]
    #[pyo3(signature = (x, /))]
    fn o_signature(x: &Bound<'_, PyAny>) {}

    /// With a default: called without an argument and with one.
    #[pyfunction]
    #[pyo3(signature = (x=None))]
    fn optional(x: Option<&Bound<'_, PyAny>>) {}

    /// By name only: each name that comes is compared with those that are known.
    #[pyfunction]
    #[pyo3(signature = (*, x))]
    fn keyword(x: &Bound<'_, PyAny>) {}

    /// Any number by position: PyO3 makes a tuple of them.
    #[pyfunction]
    #[pyo3(signature = (*args))]
    fn varargs(args: &Bound<'_, PyTuple>) {}

    /// Any number by name: Python makes a dictionary of them, and PyO3 another.
    #[pyfunction]
    #[pyo3(signature = (**kwargs))]
    fn kwargs(kwargs: Option<&Bound<'_, PyDict>>) {}

    /// A conversion each way: the only function here that gives something back.
    #[pyfunction]
    #[pyo3(signature = (x, /))]
    fn int_i64(x: i64) -> i64 {
        x
    }

    /// The module that the function belongs to, as a further argument from PyO3.
    #[pyfunction]
    #[pyo3(pass_module, signature = (x, /))]
    fn pass_module(module: &Bound<'_, PyModule>, x: &Bound<'_, PyAny>) {}

    // -------------------------------------------------- methods and attributes

    /// An object that never changes, so nobody counts who is looking at it.
    #[pyclass(frozen, module = "lev_pyo3_declarations")]
    struct Frozen {
        #[pyo3(get)]
        value: i64,
    }

    #[pymethods]
    impl Frozen {
        #[new]
        #[pyo3(signature = (value, /))]
        fn new(value: i64) -> Self {
            Self { value }
        }

        fn noop(&self) {}
    }

    /// An object that may change. What Rust's compiler cannot check is checked when it
    /// runs: each access counts itself in and out, and two that exclude each other raise
    /// `RuntimeError`.
    #[pyclass(module = "lev_pyo3_declarations")]
    struct Mutable {
        #[pyo3(get)]
        value: i64,
    }

    #[pymethods]
    impl Mutable {
        #[new]
        #[pyo3(signature = (value, /))]
        fn new(value: i64) -> Self {
            Self { value }
        }

        /// One of any number that look at once.
        fn noop(&self) {}

        /// The only one that looks.
        fn noop_mut(&mut self) {}
    }

    /// Say what was really imported: ``compiler``, ``flags`` and ``binding``.
    #[pyfunction]
    fn build_info() -> HashMap<&'static str, &'static str> {
        HashMap::from([
            ("compiler", compiled_with::compiler!()),
            ("flags", compiled_with::flags!()),
            ("binding", compiled_with::binding!()),
        ])
    }
}
