//! Repeats a block of bytes.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::exceptions::PyMemoryError;
    use pyo3::prelude::*;
    use pyo3::types::PyBytes;

    #[pyfunction]
    fn repeat<'py>(py: Python<'py>, block: &[u8], count: u32) -> PyResult<Bound<'py, PyBytes>> {
        let size = block.len().checked_mul(count as usize);
        let size = size.ok_or_else(|| PyMemoryError::new_err(()))?;
        PyBytes::new_with(py, size, |out| {
            for (to, from) in out.iter_mut().zip(block.iter().cycle()) {
                *to = *from;
            }
            Ok(())
        })
    }
}
