//! Counts how often each value from 0 to 9 occurs.

use pyo3::prelude::*;

#[pymodule]
mod mistake {
    use pyo3::exceptions::PyIndexError;
    use pyo3::prelude::*;
    use std::sync::Mutex;

    static COUNTS: Mutex<[u32; 10]> = Mutex::new([0; 10]);

    #[pyfunction]
    fn count(value: usize) -> PyResult<u32> {
        let mut counts = COUNTS.lock().unwrap();
        let count = counts.get_mut(value);
        let count = count.ok_or_else(|| PyIndexError::new_err(value))?;
        *count += 1;
        Ok(*count)
    }
}
