//! A copy of a text that can be closed before its time.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;

    #[pyclass]
    struct Buffer {
        text: String,
    }

    #[pymethods]
    impl Buffer {
        #[new]
        fn new(text: String) -> Self {
            Self { text }
        }
    }

    #[pyfunction]
    fn close(buffer: &mut Buffer) {
        // This would leave a hole in a buffer that others can still reach.
        drop(buffer.text);
    }

    #[pyfunction]
    fn length(buffer: &Buffer) -> usize {
        buffer.text.len()
    }
}
