//! Repeats a block of bytes.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::prelude::*;
    use pyo3::types::PyBytes;

    #[pyfunction]
    fn repeat<'py>(py: Python<'py>, block: &[u8], count: u32) -> PyResult<Bound<'py, PyBytes>> {
        // A release build wraps around. What is filled is what was allocated all the same.
        let size = (block.len() as u32 * count) as usize;
        PyBytes::new_with(py, size, |out| {
            for (to, from) in out.iter_mut().zip(block.iter().cycle()) {
                *to = *from;
            }
            Ok(())
        })
    }
}
