//! A stack of objects in a vector.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::exceptions::PyIndexError;
    use pyo3::prelude::*;
    use std::sync::Mutex;

    // A `Bound` is what an argument is. It belongs to one thread and must not outlive the
    // call, and its type says both.
    static STACK: Mutex<Vec<Bound<'static, PyAny>>> = Mutex::new(Vec::new());

    #[pyfunction]
    fn push(item: Bound<'_, PyAny>) {
        STACK.lock().unwrap().push(item);
    }

    #[pyfunction]
    fn top(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let item = STACK.lock().unwrap().last().cloned();
        item.ok_or_else(|| PyIndexError::new_err("the stack is empty"))
    }
}
