//! The numbers that a function of Python's wants.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::ffi::PyObject;
    use pyo3::prelude::*;
    use std::{mem, ptr, thread};

    type CallOneArg = unsafe extern "C-unwind" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;

    unsafe extern "C-unwind" {
        // PyO3 declares it as a function that never unwinds.
        fn PyObject_CallOneArg(function: *mut PyObject, argument: *mut PyObject) -> *mut PyObject;
    }

    // Behind a pointer, or the optimiser would take it for the one that PyO3 declares.
    static CALL: CallOneArg = PyObject_CallOneArg;

    struct Sleep;

    impl Drop for Sleep {
        fn drop(&mut self) {
            loop {
                thread::park();
            }
        }
    }

    #[pyfunction]
    fn wanted(wants: &Bound<'_, PyAny>, end: u64) -> PyResult<Vec<u64>> {
        let mut numbers = Vec::new();
        for number in 0..end {
            let Ok(argument) = number.into_pyobject(wants.py());
            // A thread that outlives the interpreter sleeps, as it does from CPython 3.14 on.
            let unwound = Sleep;
            let call = unsafe { ptr::read_volatile(&raw const CALL) };
            let answer = unsafe { call(wants.as_ptr(), argument.as_ptr()) };
            mem::forget(unwound);
            if unsafe { Bound::from_owned_ptr_or_err(wants.py(), answer) }?.is_truthy()? {
                numbers.push(number);
            }
        }
        Ok(numbers)
    }
}
