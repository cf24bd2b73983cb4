//! A stack of objects in a vector.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::exceptions::PyIndexError;
    use pyo3::prelude::*;
    use std::sync::Mutex;

    // A `Bound` must not outlive the call. A `Py` may, and counts as a reference.
    static STACK: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());

    #[pyfunction]
    fn push(item: Py<PyAny>) {
        STACK.lock().unwrap().push(item);
    }

    #[pyfunction]
    fn top(py: Python<'_>) -> PyResult<Py<PyAny>> {
        let stack = STACK.lock().unwrap();
        let item = stack.last().map(|item| item.clone_ref(py));
        item.ok_or_else(|| PyIndexError::new_err("the stack is empty"))
    }
}
