//! The way that most calls of `distance` take: two short strings and no cut-off.
//!
//! What `PyO3` puts around a function is made for any arguments. Between two short strings
//! the kernel takes less time than that, so here is a function as C would write it, and
//! whatever it is not made for goes on to the one that `PyO3` has made. TUNING.md says what it
//! is worth.

use crate::text::text;
use levenshtein::fast;
use pyo3::ffi::{self, PyObject};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;
use std::ptr;

/// Code points up to which the kernel allocates nothing and takes no time to speak of.
const SHORT: usize = 64;

/// The function that takes any arguments.
static ANY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

static METHOD: Method = Method(ffi::PyMethodDef {
    ml_name: c"distance".as_ptr(),
    ml_meth: ffi::PyMethodDefPointer {
        PyCFunctionFastWithKeywords: distance,
    },
    ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
    ml_doc: c"distance(a, b, /, score_cutoff=None)\n--\n\n\
              Return the Levenshtein distance between two strings, in code points.\n\n\
              With ``score_cutoff`` the answer is ``score_cutoff + 1`` for every distance above\n\
              it, which is quicker to find. Raises ``ValueError`` if it is negative. A call on\n\
              strings of more than some thousand code points looks for Ctrl-C."
        .as_ptr(),
});

/// A definition that nobody changes.
struct Method(ffi::PyMethodDef);

// SAFETY: it holds pointers to what is static, and is only read.
unsafe impl Sync for Method {}

/// Puts the quick function in front of the one that the module has.
pub fn install(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let any = module.getattr("distance")?.unbind();
    let _ = ANY.set(py, any);
    let name = module.name()?;
    let method = ptr::from_ref(&METHOD.0).cast_mut();
    // SAFETY: the definition is static and Python does not write to it; the module and its name
    // are objects, and the function keeps them.
    let function = unsafe {
        let function = ffi::PyCFunction_NewEx(method, module.as_ptr(), name.as_ptr());
        Bound::from_owned_ptr_or_err(py, function)
    }?;
    module.setattr("distance", function)
}

/// Python calls it with `count` arguments by position, then those that `names` names.
unsafe extern "C" fn distance(
    _module: *mut PyObject,
    arguments: *const *mut PyObject,
    count: ffi::Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: whoever calls it is attached to the interpreter.
    let py = unsafe { Python::assume_attached() };
    if count == 2 && names.is_null() {
        // SAFETY: there are two arguments, which the caller keeps until this returns.
        let (a, b) = unsafe {
            (
                Borrowed::from_ptr(py, *arguments),
                Borrowed::from_ptr(py, *arguments.add(1)),
            )
        };
        if let Some(distance) = of_short(&a, &b) {
            // SAFETY: attached, as above.
            return unsafe { ffi::PyLong_FromLong(distance) };
        }
    }
    let any = ANY.get(py).map_or(ptr::null_mut(), Py::as_ptr);
    // SAFETY: `any` was set before this function could be called, and takes the same arguments.
    unsafe { ffi::PyObject_Vectorcall(any, arguments, count.cast_unsigned(), names) }
}

/// The distance, if both are short strings.
#[inline]
fn of_short(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> Option<i64> {
    let (a, b) = (a.cast::<PyString>().ok()?, b.cast::<PyString>().ok()?);
    let (a, b) = (text(a).ok()?, text(b).ok()?);
    if a.len() > SHORT || b.len() > SHORT {
        return None;
    }
    i64::try_from(fast::distance(a, b).ok()?).ok()
}
