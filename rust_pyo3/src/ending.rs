//! Calls that run Python code, made so that a thread may be in one when the interpreter ends.
//!
//! A daemon thread that wants the GIL of an ending interpreter never gets it. Since `CPython`
//! 3.14 it sleeps until the process is gone. Before that, `pthread_exit` unwinds its stack.
//! `PyO3` declares almost all functions of `CPython` as ones that never unwind, so the process
//! aborts where one of them does: in any of them that runs Python code, because that gives the
//! GIL away and takes it again. The functions here may unwind, and the thread then sleeps as
//! in 3.14. It sleeps before any frame of Rust is left, since what these frames hold must not
//! be dropped without the GIL.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::ffi::c_int;
use std::{ptr, thread};

/// Functions of `CPython` that run Python code: the same as in `pyo3::ffi`, but that the thread
/// sleeps if they unwind.
#[expect(non_snake_case, reason = "these are their names")]
mod raw {
    use super::sleep;
    use pyo3::ffi::{Py_buffer, Py_ssize_t, PyObject};
    use std::ffi::{c_int, c_longlong};
    use std::{mem, ptr};

    struct Sleep;

    impl Drop for Sleep {
        fn drop(&mut self) {
            sleep();
        }
    }

    macro_rules! guarded {
        ($(fn $name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {$(
            pub unsafe fn $name($($argument: $kind),*) -> $result {
                type Function = unsafe extern "C-unwind" fn($($kind),*) -> $result;
                unsafe extern "C-unwind" {
                    fn $name($($argument: $kind),*) -> $result;
                }
                static FUNCTION: Function = $name;
                // A call of the function itself would not unwind either: the optimiser takes
                // the declaration of the same name in PyO3 for the better one.
                // SAFETY: the pointer is a good one, and the caller keeps the function's rules.
                unsafe {
                    let function = ptr::read_volatile(&raw const FUNCTION);
                    let unwound = Sleep;
                    let result = function($($argument),*);
                    mem::forget(unwound);
                    result
                }
            }
        )*};
    }

    guarded! {
        fn Py_DecRef(object: *mut PyObject) -> ();
        fn PyIter_Next(iterator: *mut PyObject) -> *mut PyObject;
        fn PyLong_AsLongLong(object: *mut PyObject) -> c_longlong;
        fn PyNumber_AsSsize_t(object: *mut PyObject, error: *mut PyObject) -> Py_ssize_t;
        fn PyObject_GetBuffer(object: *mut PyObject, view: *mut Py_buffer, flags: c_int) -> c_int;
        fn PyObject_GetIter(iterable: *mut PyObject) -> *mut PyObject;
        fn PyObject_IsTrue(object: *mut PyObject) -> c_int;
        fn PyObject_Vectorcall(
            callable: *mut PyObject,
            arguments: *const *mut PyObject,
            count: usize,
            names: *mut PyObject
        ) -> *mut PyObject;
    }
}

/// Waits for the end of the process.
pub fn sleep() -> ! {
    loop {
        thread::park();
    }
}

/// With the number of arguments: whoever is called may use the place before the first one. It
/// is `PY_VECTORCALL_ARGUMENTS_OFFSET`, which `PyO3` does not have for the stable ABI.
const FREE_PLACE: usize = 1 << (usize::BITS - 1);

/// Whether `keep(distance, index)` is true.
pub fn wants(keep: &Bound<'_, PyAny>, distance: u32, index: u32) -> PyResult<bool> {
    let py = keep.py();
    let Ok(distance) = distance.into_pyobject(py);
    let Ok(index) = index.into_pyobject(py);
    let mut arguments = [ptr::null_mut(), distance.as_ptr(), index.as_ptr()];
    let count = 2 | FREE_PLACE;
    // SAFETY: these are objects, two arguments follow the first place, which may be written to,
    // and the GIL is held.
    let answer = unsafe {
        let (keep, first) = (keep.as_ptr(), arguments.as_mut_ptr().add(1));
        let answer = raw::PyObject_Vectorcall(keep, first, count, ptr::null_mut());
        Bound::from_owned_ptr_or_err(py, answer)?
    };
    // SAFETY: the answer is an object, and the GIL is held.
    let truth = unsafe { raw::PyObject_IsTrue(answer.as_ptr()) };
    release(answer);
    if truth < 0 {
        return Err(PyErr::fetch(py));
    }
    Ok(truth > 0)
}

/// Drops an object that may have a finaliser in Python.
pub fn release(object: Bound<'_, PyAny>) {
    // A string has none, unless it is of a class of its own, and may be one of very many.
    if object.is_exact_instance_of::<PyString>() {
        return drop(object);
    }
    // SAFETY: this reference was owned, and the GIL is held.
    unsafe { raw::Py_DecRef(object.into_ptr()) };
}

/// A signed 64-bit integer, or what has an `__index__`: an argument as `PyO3`'s own `i64`.
#[derive(Clone, Copy)]
pub struct Int(pub i64);

impl FromPyObject<'_, '_> for Int {
    type Error = PyErr;

    fn extract(number: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        // SAFETY: this is an object, and the GIL is held.
        let value = unsafe { raw::PyLong_AsLongLong(number.as_ptr()) };
        if value == -1
            && let Some(error) = PyErr::take(number.py())
        {
            return Err(error);
        }
        Ok(Self(value))
    }
}

/// What Python's iterator over an object yields. A generator that is dropped runs once more.
pub struct Iter<'py>(Option<Bound<'py, PyAny>>);

impl Drop for Iter<'_> {
    fn drop(&mut self) {
        self.0.take().map(release);
    }
}

/// Asks for the iterator of an object.
pub fn iter<'py>(iterable: &Bound<'py, PyAny>) -> PyResult<Iter<'py>> {
    // SAFETY: this is an object, and the GIL is held.
    unsafe {
        let iterator = raw::PyObject_GetIter(iterable.as_ptr());
        Bound::from_owned_ptr_or_err(iterable.py(), iterator).map(|iterator| Iter(Some(iterator)))
    }
}

impl<'py> Iterator for Iter<'py> {
    type Item = PyResult<Bound<'py, PyAny>>;

    fn next(&mut self) -> Option<Self::Item> {
        let iterator = self.0.as_ref()?;
        let py = iterator.py();
        // SAFETY: this is an iterator, and the GIL is held. It gives away what it returns.
        let item = unsafe {
            let item = raw::PyIter_Next(iterator.as_ptr());
            Bound::from_owned_ptr_or_opt(py, item)
        };
        match item {
            Some(item) => Some(Ok(item)),
            None => PyErr::take(py).map(Err),
        }
    }
}

/// `number` as an index: one that is too large becomes the largest, if negative the smallest.
pub fn clipped(number: &Bound<'_, PyAny>) -> PyResult<isize> {
    // PyO3's own conversion would refuse a huge number. Without an exception to raise, this
    // function of Python's clips it.
    // SAFETY: this is an object, and the GIL is held.
    let clipped = unsafe { raw::PyNumber_AsSsize_t(number.as_ptr(), ptr::null_mut()) };
    if clipped == -1
        && let Some(error) = PyErr::take(number.py())
    {
        return Err(error);
    }
    Ok(clipped)
}

/// Exports the buffer of an object into `view`.
pub fn export(object: &Bound<'_, PyAny>, view: &mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
    // SAFETY: this is an object, `view` has room for its buffer, and the GIL is held.
    let status = unsafe { raw::PyObject_GetBuffer(object.as_ptr(), view, flags) };
    if status != 0 {
        return Err(PyErr::fetch(object.py()));
    }
    Ok(())
}

/// Looks for signals in a thread that has released the GIL. An interpreter that is ending
/// cannot be asked, and will not ask for an answer.
pub fn check_signals() -> PyResult<()> {
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method alone is for one lifetime"
    )]
    let looked = Python::try_attach(|py| py.check_signals());
    looked.unwrap_or_else(|| sleep())
}
