//! A copy of a text that can be closed before its time.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;

    #[pyclass]
    struct Buffer {
        text: Option<String>,
    }

    #[pymethods]
    impl Buffer {
        #[new]
        fn new(text: String) -> Self {
            Self { text: Some(text) }
        }
    }

    #[pyfunction]
    fn close(buffer: &mut Buffer) {
        buffer.text = None;
    }

    #[pyfunction]
    fn length(buffer: &Buffer) -> PyResult<usize> {
        let closed = || PyValueError::new_err("the buffer is closed");
        Ok(buffer.text.as_ref().ok_or_else(closed)?.len())
    }
}
